"""Running a function in several threads at once, so that they interfere wherever they can."""

import sys
import threading

from support.figures import note_cases

COUNT = 4


def in_threads(work, count=COUNT):
    """Calls work(index) in several threads, which begin together and switch often.

    Returns:
        What each call returned; an exception is raised here.
    """
    results, errors = [None] * count, []
    start = threading.Barrier(count)

    def run(index):
        try:
            start.wait()
            results[index] = work(index)
        except BaseException as error:
            errors.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    if errors:
        raise errors[0]
    note_cases(count)
    return results
