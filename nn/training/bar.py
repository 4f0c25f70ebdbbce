"""tqdm's progress bar, for a terminal or a notebook, imported without its warning about missing notebook widgets.

Importing a module happens once: the filters of warnings, which all threads share, change only then.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from tqdm.auto import tqdm

__all__ = ["tqdm"]
