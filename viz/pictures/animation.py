"""Pictures of steps, one after the other: notebooks play them, files are GIF, APNG, PDF or LaTeX, or one for each."""

import base64
import html
import math
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from autograd import Value
from autograd.numerics import need
from viz.files import FormatError, format_of, save
from viz.limits import too_large
from viz.pictures.document import Document
from viz.pictures.drawing import Drawing
from viz.pictures.graph_document import GraphOptions, GraphPicture
from viz.pictures.reduction import Reduction

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Animation", "Frame", "animate"]

_SIZE = 1920, 1080  # pixels that a frame has at most, unless a scale is given
_LAST = 3.0  # how much longer the last frame is shown
_SAMPLED = 12  # frames from which the palette of a GIF is made
_MOST_FRAMES = 500


class Frame(Protocol):
    """A picture of an animation. All of them have the same size."""

    def render(self, format: str, *, scale: float | None = None) -> bytes:
        """Returns the picture as "svg" or "png", with so many pixels per point."""
        ...


class Animation:
    """Pictures of steps. Notebooks play them; `save` writes them as one file, `save_frames` as one file for each.

    Arguments:
        title: what they show, as alternative text.
        frames: the pictures.
        seconds: how long each is shown.

    Raises:
        ValueError: if `seconds` is not a positive number.

    >>> x = Value(3.0, "x")
    >>> animate(x * x)
    <animation of 5 pictures; .save('steps.gif') writes it>
    """

    def __init__(self, title: str, frames: Sequence[Frame], seconds: float) -> None:
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0.0 < seconds < math.inf:
            raise ValueError(f"seconds must be a positive number, not {seconds!r}")
        self._title = title
        self._frames = frames
        self._seconds = float(seconds)

    def save(self, path: str | Path, *, scale: float | None = None) -> Path:
        r"""Writes all pictures to one file, in the format of the file name's extension.

        Arguments:
            path: the file: .gif; .apng or .png, with sharper colours; .pdf, with a page for each step (extra `pdf`). Of
                a graph also .tikz, a picture of TikZ with an overlay of Beamer for each step, to be read by
                \input, and .tex, a presentation of that.
            scale: pixels per point of a GIF or PNG; by default 2, or what fits 1920×1080 pixels.

        Returns:
            The path.

        Raises:
            RenderError: if the format is unknown or needs an extra, or the file cannot be written.
            ValueError: if `scale` is out of range.
        """
        path = Path(path)
        save(self._rendered(format_of(path), scale), path)
        return path

    def save_frames(self, path: str | Path, *, scale: float | None = None) -> list[Path]:
        """Writes each picture to a file of its own, for slides.

        Arguments:
            path: a file name, such as "steps.svg", to which numbers are added: steps-00.svg, steps-01.svg, ... Its
                extension is one that `Drawing.save` takes; the folder must exist.
            scale: pixels per point of a PNG; by default as in `save`.

        Returns:
            The paths.

        Raises:
            RenderError: if the format is unknown, or a file cannot be written.
            ValueError: if `scale` is out of range.
        """
        path = Path(path)
        format = format_of(path)
        digits = len(str(len(self._frames) - 1))
        paths = []
        for number, frame in enumerate(self._shown()):
            paths.append(path.with_stem(f"{path.stem}-{number:0{digits}d}"))
            save(frame.render(format, scale=scale if format != "png" else scale or self._scale), paths[-1])
        return paths

    def __len__(self) -> int:
        return len(self._frames)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The animation for notebooks, and its last picture for viewers that show no HTML."""
        last = base64.b64encode(self._frames[-1].render("png", scale=self._scale)).decode()
        return {"text/html": self._repr_html_(), "image/png": last, "text/plain": repr(self)}

    def _repr_html_(self) -> str:
        data = base64.b64encode(self._rendered("gif", None)).decode()
        return f'<img alt="{html.escape(self._title)}" src="data:image/gif;base64,{data}" style="max-width: 100%">'

    def _mime_(self) -> tuple[str, str]:
        """The animation for marimo, which would show each entry of a bundle."""
        return "text/html", self._repr_html_()

    def __repr__(self) -> str:
        return f"<animation of {len(self._frames)} pictures; .save('steps.gif') writes it>"

    @cached_property
    def _scale(self) -> float:
        """The scale at which a picture fits the usual size, at most 2."""
        need("an animation", "numpy")
        from PIL import Image

        width, height = Image.open(BytesIO(self._frames[0].render("png", scale=1.0))).size
        return min(2.0, _SIZE[0] / width, _SIZE[1] / height)

    def _rendered(self, format: str, scale: float | None) -> bytes:
        if format in ("gif", "png", "apng"):
            return self._moving(format, scale or self._scale)
        if format == "pdf":
            from viz.pictures.pdf import svgs_to_pdf

            return svgs_to_pdf([frame.render("svg") for frame in self._shown()])
        raise FormatError(
            f"the file name of an animation must end with .gif, .apng, .png or .pdf, not .{format}; "
            "save_frames writes one file for each picture, such as .svg"
        )

    def _moving(self, format: str, scale: float) -> bytes:
        convert = self._palette(scale) if format == "gif" else _as_it_is
        first, *others = [convert(_image(frame, scale)) for frame in self._shown()]
        milliseconds = round(1000.0 * self._seconds)
        content = BytesIO()
        first.save(
            content,
            "GIF" if format == "gif" else "PNG",
            save_all=True,
            append_images=others,
            duration=[milliseconds] * (len(self) - 1) + [round(_LAST * milliseconds)],
            loop=0,
        )
        return content.getvalue()

    def _palette(self, scale: float) -> "Callable[[Image], Image]":
        """Returns a function that reduces each picture to the same colours, so that only what changes changes."""
        from PIL import Image

        sampled = [_image(frame, scale) for frame in self._frames[:: math.ceil(len(self) / _SAMPLED)]]
        width, height = sampled[0].size
        stacked = Image.new("RGB", (width, height * len(sampled)))
        for number, image in enumerate(sampled):
            stacked.paste(image, (0, number * height))
        return Reduction(stacked, sampled[-1])

    def _shown(self) -> Iterator[Frame]:
        """The frames, with a progress bar if they take long."""
        from nn.training.bar import tqdm

        yield from tqdm(self._frames, desc="drawing", unit="picture", delay=1.0, leave=False)


def _image(frame: Frame, scale: float) -> "Image":
    from PIL import Image

    return Image.open(BytesIO(frame.render("png", scale=scale))).convert("RGB")


def _as_it_is(image: "Image") -> "Image":
    return image


class _GraphAnimation(Animation):
    """The steps of a graph, which can also be overlays of LaTeX."""

    def __init__(self, title: str, documents: Sequence[Document], seconds: float) -> None:
        super().__init__(title, [Drawing(document) for document in documents], seconds)
        self._documents = documents

    def _rendered(self, format: str, scale: float | None) -> bytes:
        if format in ("tikz", "tex"):
            from viz.pictures.tikz import latex_of, tikz_of

            return (tikz_of if format == "tikz" else latex_of)(self._documents).encode()
        return super()._rendered(format, scale)


def animate(
    value: Value,
    *,
    seconds: float = 1.0,
    direction: str = "LR",
    depth: int | None = None,
    limit: int = 100,
    hide_constants: bool = True,
    precision: int = 4,
    palette: str = "light",
) -> Animation:
    """Draws every step of the forward and the backward pass, one picture each: `draw(value, step=...)`.

    Each picture shows what is known by then. The current operation and the edges that it uses stand out; a backward
    step has the local derivative on its edge and, below the picture, upstream gradient × local derivative.

    Arguments:
        value: the output of the graph. No `grad` in the graph changes.
        seconds: how long a picture is shown.
        direction, depth, limit, precision: as in `draw`.
        hide_constants: write constants into the operations that use them, and leave out the steps to them.
        palette: "light" or "dark".

    Returns:
        The animation. Notebooks play it; `.save("steps.gif")` writes it as GIF, APNG, PDF, TikZ or LaTeX, and
        `.save_frames("steps.svg")` as a numbered series of files.

    Raises:
        TypeError: if `value` is not a Value, or a node carries something other than a float.
        GraphTooLargeError: if the graph cannot be folded to `limit` boxes, or has more than 500 steps.
        ValueError: if an option is out of range.

    >>> w, x = Value(2.0, "w"), Value(-3.0, "x")
    >>> animation = animate((w * x).relu())
    >>> len(animation)  # the start, two forward and four backward steps
    7
    >>> animation.save("pass.gif")  # doctest: +SKIP
    PosixPath('pass.gif')
    """
    if not isinstance(value, Value):
        raise TypeError(f"animate takes a Value, not {value!r}")
    options = GraphOptions(
        direction=direction,
        depth=depth,
        limit=limit,
        hide_constants=hide_constants,
        precision=precision,
        palette=palette,
    )
    picture = GraphPicture(value, options)
    count = picture.passes.last + 1
    if count > _MOST_FRAMES:
        raise too_large(
            "an animation",
            _MOST_FRAMES,
            count,
            "animate a node further down, or draw single steps: draw(value, step=...)",
            of="pictures",
        )
    documents = [picture.document(step) for step in range(count)]
    return _GraphAnimation(f"Steps of {value!r}", documents, seconds)
