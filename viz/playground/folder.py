"""The playground's folder, written completely or not at all."""

import shutil
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from secrets import token_hex

from autograd.files import write_whole
from viz.pages.language import Language, language_of
from viz.playground.archive import archive
from viz.playground.index import index
from viz.playground.pyodide import FILES

__all__ = ["write_playground"]

_PYODIDE = "pyodide"
_PACKAGES = "packages.zip"
_LICENCES = "licences"


def write_playground(folder: Path, pyodide: Path, lang: str = "en") -> list[str]:
    """Writes the playground into a folder, which must be empty or not exist.

    All is first written into a folder within it, then moved: a folder that has an index.html is complete.

    Arguments:
        folder: the folder.
        pyodide: the folder of Pyodide's npm package, which `viz.playground.pyodide.check` accepts.
        lang: the code of the language of the page.

    Returns:
        The names in the folder.

    Raises:
        OSError: if something cannot be read or written; what was written is then removed.
    """
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".unfinished-{token_hex(8)}"
    moved: list[Path] = []
    try:
        unfinished.mkdir()
        _fill(unfinished, pyodide, language_of(lang))
        for entry in sorted(unfinished.iterdir(), key=lambda entry: (entry.name == "index.html", entry.name)):
            moved.append(folder / entry.name)
            entry.rename(folder / entry.name)
        unfinished.rmdir()
    except BaseException:
        for path in (unfinished, *moved):
            _remove(path)
        if is_new:
            folder.rmdir()
        raise
    return [path.name for path in moved]


def _fill(folder: Path, pyodide: Path, language: Language) -> None:
    (folder / _PYODIDE).mkdir()
    for name in FILES:
        shutil.copyfile(pyodide / name, folder / _PYODIDE / name)
    assets = files("viz.playground").joinpath("assets")
    licences = {licence.name: licence for licence in assets.joinpath(_LICENCES).iterdir()}
    licences["STIX Two Math.txt"] = files("viz.pages").joinpath("assets", "math.woff2.LICENSE")
    (folder / _LICENCES).mkdir()
    for name, licence in licences.items():
        (folder / _LICENCES / name).write_bytes(licence.read_bytes())
    contents: Mapping[str, bytes] = {
        _PACKAGES: archive(),
        "worker.js": assets.joinpath("worker.js").read_bytes(),
        "README.txt": assets.joinpath("README.txt").read_bytes(),
    }
    for name, content in contents.items():
        write_whole(content, folder / name)
    # The worker fetches all but its own script and two small files of the package; the progress bar counts their bytes.
    fetched = [folder / _PACKAGES, *(folder / _PYODIDE / name for name in FILES if name != "package.json")]
    size = sum(file.stat().st_size for file in fetched)
    write_whole(index(size, language).encode(), folder / "index.html")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
