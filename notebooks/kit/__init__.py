"""The kit for teachers, made from the notebooks: `python -m notebooks.kit --help`."""
