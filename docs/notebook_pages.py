"""Makes the notebooks for the site, where their pages run and their drawings have the colours of the reader's theme."""

from pathlib import Path

from frames import frame
from nbformat import NotebookNode

from notebooks.kit.pages import outputs_of_pages, pages
from viz.pictures.themes import adaptive

__all__ = ["for_site"]


def for_site(notebook: NotebookNode, name: str, folder: Path, place: str) -> None:
    """Replaces the outputs of a notebook by those that the site shows.

    Arguments:
        notebook: the notebook, with its stored outputs.
        name: its name, with which the names of its pages start.
        folder: where the pages are written.
        place: the path from the notebook's page on the site to that folder.
    """
    for cell in notebook.cells:
        if alt := cell.metadata.get("alt"):
            cell.metadata["mystnb"] = {"image": {"alt": alt}}
        for output in cell.get("outputs", []):
            if svg := output.get("data", {}).get("image/svg+xml"):
                output.data["image/svg+xml"] = adaptive(svg)
    for number, page in pages(notebook):
        file = f"{name}-{number}.html"
        page.save(folder / file)
        [output] = outputs_of_pages(notebook.cells[number])
        output.data = {"text/html": "".join(frame(f"{place}/{file}", page.title))}
