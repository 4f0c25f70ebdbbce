"""Whether Python runs in a notebook."""

import sys

__all__ = ["showing_notebook"]


def showing_notebook() -> bool:
    """Returns whether this is code of a notebook, whose displays are shown as pictures.

    IPython in a terminal prints them as text.

    >>> showing_notebook()
    False
    """
    if "IPython" not in sys.modules:  # then nothing has started a shell
        return False
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return shell is not None and type(shell.display_pub).publish is not DisplayPublisher.publish
