"""Pictures and interactive pages of graphs, networks and training runs, made with Python packages alone."""

from collections.abc import Iterator
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viz.checking.comparison import Comparison, compare
    from viz.checking.differences import Difference
    from viz.checking.engine import check_engine
    from viz.checking.finding import EngineFailure, EngineNote
    from viz.checking.report import EngineReport
    from viz.exercises.answer import check_answer
    from viz.exercises.exercise import Exercise, exercise
    from viz.exercises.function import check_function
    from viz.exercises.report import ExerciseReport
    from viz.exercises.verdict import Verdict
    from viz.expression import ExpressionError, parse_expression
    from viz.files import RenderError
    from viz.limits import GraphTooLargeError
    from viz.pages.explorer import Explorer, explore
    from viz.pages.live_plot import LivePlot
    from viz.pages.live_training import LiveTraining, train
    from viz.pages.replay import Replay, explore_training
    from viz.pages.training_animation import animate_training
    from viz.pictures.animation import Animation, animate
    from viz.pictures.drawing import Drawing, draw, draw_dot
    from viz.pictures.grids import MatrixDrawing, draw_matrices
    from viz.pictures.network import draw_network
    from viz.plots import (
        plot_decision_surface,
        plot_difference_error,
        plot_function,
        plot_images,
        plot_landscape,
        plot_loss,
        plot_neurons,
        plot_secants,
        plot_weights,
    )
    from viz.text.formula import latex
    from viz.text.gradients import GradientTable, gradient_table
    from viz.text.listing import code
    from viz.text.steps import steps_table

__all__ = [
    "Animation",
    "Comparison",
    "Difference",
    "Drawing",
    "EngineFailure",
    "EngineNote",
    "EngineReport",
    "Exercise",
    "ExerciseReport",
    "Explorer",
    "ExpressionError",
    "GradientTable",
    "GraphTooLargeError",
    "LivePlot",
    "LiveTraining",
    "MatrixDrawing",
    "RenderError",
    "Replay",
    "Verdict",
    "animate",
    "animate_training",
    "check_answer",
    "check_engine",
    "check_function",
    "code",
    "compare",
    "draw",
    "draw_dot",
    "draw_matrices",
    "draw_network",
    "exercise",
    "explore",
    "explore_training",
    "gradient_table",
    "latex",
    "parse_expression",
    "plot_decision_surface",
    "plot_difference_error",
    "plot_function",
    "plot_images",
    "plot_landscape",
    "plot_loss",
    "plot_neurons",
    "plot_secants",
    "plot_weights",
    "steps_table",
    "train",
]
_PLOTS = {"LivePlot", *(name for name in __all__ if name.startswith("plot_"))}


def __getattr__(name: str) -> object:
    """Imports what is used, because NumPy takes longer to import than a graph to draw, and matplotlib still longer."""
    if name in _PLOTS:
        from autograd.numerics import missing

        for package in ("numpy", "matplotlib"):
            if not find_spec(package):
                return missing(f"viz.{name}", package)
        from viz import plots

        if name in plots.__all__:
            return getattr(plots, name)
    if name in __all__:
        return next(getattr(module, name) for module in _modules() if name in module.__all__)
    raise AttributeError(f"module 'viz' has no attribute {name!r}")


def _modules() -> Iterator[ModuleType]:
    """Imports the modules of all other names one after another, those that import least first."""
    from viz import expression, files, limits

    yield from (expression, files, limits)
    from viz.pictures import drawing

    yield drawing
    from viz.text import formula, gradients, listing, steps

    yield from (formula, gradients, listing, steps)
    from viz.pictures import grids, network

    yield from (grids, network)
    from viz.pages import explorer, live_training, replay

    yield from (explorer, live_training, replay)
    from viz.pictures import animation

    yield animation
    from viz.pages import live_plot, training_animation

    yield from (training_animation, live_plot)
    from viz.exercises import answer, exercise, function, report as exercise_report, verdict

    yield from (exercise, exercise_report, answer, function, verdict)
    from viz.checking import comparison, differences, engine, finding, report

    yield from (comparison, differences, engine, finding, report)


def __dir__() -> list[str]:
    """Lists all names, including those that are not imported yet."""
    return sorted({*globals(), *__all__})
