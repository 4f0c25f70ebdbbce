"""Programs of models that are kept: made once for each structure, and used by every model with it.

The key of a program holds all that it depends on, see `nn.structure`. Those of machine code are kept in the same place,
up to the same total size.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.compiler.ir.instruction import PythonCall
from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.samples import LANES
from autograd.compiler.llvm.kept import KEPT
from autograd.compiler.reroll.accumulation import RolledSums
from autograd.compiler.targets.base import Target
from autograd.compiler.targets.make import make_target, target_named
from autograd.compiler.trace.symbol import TracingError
from autograd.compiler.training.base import compact
from autograd.compiler.training.factory import runs_machine_code
from autograd.numerics import np, npt
from nn.attributes import Unknown
from nn.static import is_static
from nn.structure import Structure, function_key, structure_of
from nn.training.closures import closure_key, rebuilt_closure
from nn.training.probe import Probe, probed
from nn.training.structure_tracing import Places, output_routine_of, sample_routine_of

if TYPE_CHECKING:
    from autograd.compiler.targets.few import FewSamples
    from nn.losses import Loss
    from nn.modules.module import Module, ModuleBase
    from nn.training.task import Task

__all__ = ["KeptSample", "described_loss", "kept_outputs", "kept_probe"]

Floats = npt.NDArray[np.float64]

_CODE = 100  # bytes of machine code for an instruction, about
_NOTHING = 1_000  # bytes of an entry that has no program


def kept_outputs(model: "ModuleBase", samples: Floats) -> Floats | None:
    """Returns the outputs of a model in evaluation mode, samples × outputs, by a program that is kept.

    Returns None if the model has no such program: see `structure_of`.

    Arguments:
        model: the model.
        samples: samples × inputs.
    """
    structure = structure_of(model)
    if structure is None:
        return None
    numbers: Any = structure.numbers()
    if numbers is None:
        return None
    inputs = samples.shape[1]

    def make() -> tuple["_Outputs | None", int]:
        try:
            routine = output_routine_of(structure.key, len(numbers), inputs)
        except TracingError:
            return None, _NOTHING
        if routine.python_calls:  # which may hold a model
            return None, _NOTHING
        return _Outputs(routine, inputs), routine.size + _CODE * len(routine.instructions)

    try:
        program = KEPT.get((kept_outputs, structure.key, inputs), make)
    except Exception:
        return None  # the model itself will raise it
    if program is None or program.leaves != len(numbers):  # another thread changes the model
        return None
    return program.values(samples.T, numbers).T


class _Outputs:
    """Computes the outputs of few samples, or of many."""

    def __init__(self, routine: Routine, inputs: int) -> None:
        self.leaves = routine.inputs - inputs
        self._routine, self._inputs = routine, inputs

    def values(self, samples: Floats, numbers: Any) -> Floats:
        """Returns the outputs of each sample, outputs × samples, given inputs × samples."""
        if samples.shape[1] <= LANES and self._few is not None:
            return self._few.values(samples, numbers)
        return self._many.values(samples, numbers)

    @cached_property
    def _few(self) -> "FewSamples | None":
        if target_named("auto") != "native":
            return None
        from autograd.compiler.targets.few import FewSamples

        return FewSamples(self._routine, self._inputs)

    @cached_property
    def _many(self) -> Target:
        return make_target("auto", self._routine, self._inputs)


def kept_probe(model: "Module", samples: Floats) -> Probe | None:
    """Returns what a run of a model shows, without running it if one with its structure has run before.

    Returns None if it cannot be described, and may behave differently from run to run.
    """
    structure = structure_of(model)
    if structure is None:
        return None

    def make() -> tuple[tuple[tuple[int, ...], list[tuple[int, int]]], int]:
        probe = probed(model, samples[:1])
        indices = [next(i for i, d in enumerate(structure.dropouts) if d is dropout) for dropout, _ in probe.dropouts]
        return (probe.shape, [(i, units) for i, (_, units) in zip(indices, probe.dropouts, strict=True)]), _NOTHING

    shape, dropouts = KEPT.get((kept_probe, structure.key, samples.shape[1]), make)
    return Probe(shape, [(structure.dropouts[index], units) for index, units in dropouts])


class KeptRoutine(Routine):
    """A routine that is kept: what its instructions are searched for is found once, and its size counted once."""

    @cached_property
    def inputs(self) -> int:
        """The number of inputs."""
        return super().inputs

    @cached_property
    def python_calls(self) -> list[PythonCall]:
        """The instructions' calls of Python functions."""
        return super().python_calls

    @property
    def size(self) -> int:
        """Zero: it is counted where it is kept."""
        return 0

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(self))

    def __hash__(self) -> int:
        return self._hash


class KeptSample:
    """The routine of one sample of a training run, which is kept if the model and the loss can be described.

    Of a routine that runs as loops, only these are kept: they take a thousandth of the memory.

    Arguments:
        task: the training run.
        update: the routine of its optimizer.
    """

    def __init__(self, task: "Task", update: Routine) -> None:
        self._task = task
        self._compact = runs_machine_code(update)
        self._structure = structure_of(task.model)
        self._loss, self._loss_values = described_loss(task)
        self._places = self._structure and self._found_places(self._structure)
        self._key = self._described()

    @property
    def is_kept(self) -> bool:
        """Whether there is a routine that is kept."""
        return self._key in KEPT

    def routine(self) -> Routine | RolledSums | None:
        """Returns the routine, tracing it unless it is kept; None if it cannot be kept."""
        if self._key is None:
            return None
        try:
            return KEPT.get(self._key, self._made)
        except Exception:
            return None  # the model itself will raise it

    def _made(self) -> tuple[KeptRoutine | RolledSums | None, int]:
        assert self._structure is not None
        assert self._places is not None
        task = self._task
        units = [count for _, count in task.probe.dropouts]
        try:
            routine = sample_routine_of(
                self._structure.key, self._places, self._made_loss, task.samples.shape[1], task.target_shape, units
            )
        except TracingError:
            return None, _NOTHING
        if routine.python_calls:  # which may hold a model
            return None, _NOTHING
        kept = compact(routine, self._places.trained) if self._compact else routine
        return (KeptRoutine(*kept) if isinstance(kept, Routine) else kept), kept.size

    def _described(self) -> Hashable:
        """The key of the routine, or None if it may depend on something that cannot be described."""
        task, places, loss = self._task, self._places, self._loss
        if self._structure is None or places is None or loss is None:
            return None
        indices, numbers = np.array(places.indices, dtype=np.int64).tobytes(), np.array(places.numbers).tobytes()
        units = tuple(count for _, count in task.probe.dropouts)
        shapes = task.samples.shape[1], task.target_shape, units
        return KeptSample, self._structure.key, loss, shapes, indices, numbers, places.trained, self._compact

    def _found_places(self, structure: Structure) -> Places | None:
        groups = [*structure.groups, *self._loss_values]
        return _places(structure._replace(groups=groups), self._task.optimizer.parameters)

    def _made_loss(self, model: "ModuleBase", values: Iterator[Value]) -> Callable[..., Any]:
        """The loss for a model that was rebuilt: rebuilt too, unless it depends on its arguments alone."""
        function = self._task.loss.function
        return function if _is_fixed(self._task.loss) else rebuilt_closure(self._loss, model, values)


def described_loss(task: "Task") -> tuple[Any, list[Sequence[Value]]]:
    """Returns the key of the loss, None if it cannot be described; and the Values that it reads."""
    values: list[Sequence[Value]] = []
    loss = task.loss
    try:
        if _is_fixed(loss):
            return loss.function if loss.is_ours else function_key(loss.function), values
        key = closure_key(loss.function, task.model, values)
        hash(key)
    except (Unknown, RecursionError, TypeError):
        return None, []
    return key, values


def _is_fixed(loss: "Loss") -> bool:
    """Whether a loss uses nothing that changes but its arguments."""
    return loss.is_ours or is_static(loss.function)


def _places(structure: Structure, parameters: list[Value]) -> Places | None:
    """Returns what is in the places of a structure, or None if these are not leaves that hold plain numbers."""
    index_of = {parameter: index for index, parameter in enumerate(parameters)}
    values = [value for group in structure.groups for value in group]
    plain = structure.numbers() is not None and {*map(type, values)} <= {Value}
    if not plain or len(index_of) < len(parameters):
        return None
    others = list(dict.fromkeys(value for value in values if value not in index_of))
    index_of |= {value: -number for number, value in enumerate(others, 1)}
    return Places(list(map(index_of.__getitem__, values)), [value.data for value in others], len(parameters))
