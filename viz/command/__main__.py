"""Lets `python -m viz.command` run the command line."""

import sys

from viz.command.main import main

if __name__ == "__main__":
    sys.exit(main())
