"""What a program computes, as a function: of one sample, or mapped over many."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd.compiler.arguments import Arguments
from autograd.compiler.destinations import destinations
from autograd.compiler.execution import Execution
from autograd.compiler.samples import InAxes, split_samples
from autograd.compiler.targets.base import Floats
from autograd.compiler.targets.rows import Rows
from autograd.numerics import need_numpy
from autograd.reduction import divisor
from autograd.structure import Structure, size

__all__ = ["Computation", "Specialized", "check_reduction"]

_MOST_CALLS = 16  # of a computation: each looks at the arguments, and hands them over if they are not its own


class Specialized(NamedTuple):
    """What runs on arguments of one structure.

    Attributes:
        execution: computes the numbers of the outputs.
        outputs: the structure of the outputs.
        places: for each leaf of it, its first place among these numbers, the place after its last, and its shape; None
            if every leaf is a number.
    """

    execution: Execution
    outputs: Structure
    places: list[tuple[int, int, tuple[int, ...]]] | None

    def arranged(self, numbers: Floats) -> Any:
        """Returns outputs, as floats and arrays, in their structure.

        Arguments:
            numbers: of the outputs of one sample; or outputs × samples, whose axis then comes first in each array.
        """
        if self.places is None:
            return self.outputs.arrange(numbers.tolist() if numbers.ndim == 1 else list(numbers))
        leaves: list[Any] = []
        samples = numbers.shape[1:]
        for first, last, shape in self.places:
            if samples or shape:
                leaves.append(numbers[first:last].T.reshape(samples + shape))
            else:
                leaves.append(float(numbers[first]))
        return self.outputs.arrange(leaves)

    def mapped(
        self, samples: Rows, shared: Sequence[int], numbers: Sequence[float], reduction: str | None, out: Any
    ) -> Any:
        """Returns the outputs for each sample, or their sum or mean.

        Arguments:
            samples: the inputs that differ from sample to sample.
            shared: the places among all inputs of those that do not.
            numbers: these inputs.
            reduction: "sum", "mean" or None.
            out: the arrays to store the outputs in, or None.
        """
        execution = self.execution.sharing(shared)
        if out is not None:
            execution.store(samples, numbers, destinations(out, self.outputs, samples.count))
            return out
        if reduction is None:
            return self.arranged(execution.many(samples, numbers))
        totals = execution.sums(samples, numbers)
        totals /= divisor(reduction, samples.count)
        return self.arranged(totals)

    @classmethod
    def of(cls, execution: Execution, outputs: Structure) -> "Specialized":
        """Returns what computes outputs of this structure."""
        shapes = outputs.shapes()
        if not any(shapes):
            return cls(execution, outputs, None)
        ends = pairwise(accumulate(map(size, shapes), initial=0))
        return cls(execution, outputs, [(*ends_of, shape) for ends_of, shape in zip(ends, shapes, strict=True)])


class Computation(ABC):
    """Something that a program computes, as a function of its arguments: call it, or map it over samples.

    What a call runs is kept in a slot named `__call__`, where Python looks for it as for a method. At first that is
    `_call`. After a call with arguments of some structure it is, if the target has such a thing, a C function that
    takes arguments of this structure; it hands any others over to what was in the slot before, so that errors come from
    `_call`.

    Arguments:
        f: a function of the same arguments, whose signature editors show.
    """

    __slots__ = {
        "__call__": """Returns the outputs, as floats and arrays in the structure that the function returns.

        Raises:
            TypeError: if something in the arguments is not a real number, or they are not those of the function.
        """,
        "__dict__": "The other attributes.",
    }

    if TYPE_CHECKING:
        __call__: Callable[..., Any]

    def __init__(self, f: Callable[..., Any]) -> None:
        self.__call__ = self._call
        self.__signature__ = _signature(f)
        self._seen: set[Execution] = set()  # those for which there is such a function, or cannot be one

    @abstractmethod
    def _read(self, arguments: Sequence[Any], options: dict[str, Any]) -> Arguments:
        """Reads the arguments of a call."""

    @abstractmethod
    def _specialized(self, arguments: Arguments) -> Specialized:
        """Returns what runs on such arguments."""

    @abstractmethod
    def _name(self, position: int) -> str:
        """How an argument is called in error messages."""

    def _known(self) -> Iterable[Sequence[Structure]]:
        """The structures of the positional arguments of earlier calls for one sample."""
        return ()

    def _call(self, *arguments: Any, **options: Any) -> Any:
        """Does the same as `__call__`, for any arguments."""
        given = self._read(arguments, options)
        return self._run(self._specialized(given), given, arguments)

    def _run(self, program: Specialized, given: Arguments, arguments: Sequence[Any]) -> Any:
        """Runs a program on arguments that were read; at the first time it makes what later calls run."""
        execution, structures = program.execution, self._structures(given)
        if structures is not None and execution not in self._seen and len(self._seen) < _MOST_CALLS:
            self._seen.add(execution)
            call = execution.call(structures, program.outputs, self.__call__)
            if call is not None:
                self.__call__ = call
                return call(*arguments)
        return program.arranged(execution.one(given.numbers))

    def _structures(self, given: Arguments) -> "Sequence[Structure] | None":
        """Returns the structures of the positional arguments, if these are all and nothing in them is fixed."""
        positional, named = given.structure.branches
        return None if named.branches or given.fixed else positional.branches

    def map(
        self, *arguments: Any, in_axes: InAxes = None, reduction: str | None = None, out: Any = None, **options: Any
    ) -> Any:
        """Returns the outputs for each sample, as if the function was called on one after the other.

        Arguments:
            arguments: those of the function, with the samples along the first axis of each array, also of arrays in
                lists and dicts. A list of plain numbers, or of lists of them, is a list of samples; a number alone is
                the same for all samples.
            in_axes: as in `jax.vmap`: the axis of the samples in each argument, and None for each argument that is the
                same for all samples; one axis stands for all arguments. By default every array holds samples, or, if
                their lengths differ, those with one axis more than in a call for one sample.
            reduction: "mean" or "sum" over the samples, of each number in the outputs; by default neither.
            out: arrays to store the outputs in, in the structure and of the shapes of the result: arrays of float64,
                contiguous or not. They may be arrays of the arguments.
            options: keyword arguments of the function, the same for all samples.

        Returns:
            The outputs in their structure. Each number in it is an array with an element for each sample, and each
            array has one more axis, the first. It is `out`, if that is passed.

        The target "native" reads arrays of float64 where they lie, whatever their strides, and runs on all cores if
        there is much to do; the results do not depend on how many there are.

        Raises:
            TypeError: if the samples are not real numbers, or `out` has another structure or type.
            ValueError: if there are no samples, it is not clear which of the arguments are samples, or arrays of `out`
                are read-only or share memory.
            ImportError: if NumPy is not installed.

        >>> import autograd
        >>> program = autograd.compile(lambda x: x * x)
        >>> program.map([1.0, 2.0, 3.0])
        array([1., 4., 9.])
        >>> program.value_and_grad.map([1.0, 2.0, 3.0], reduction="sum")
        (14.0, 12.0)
        >>> import numpy as np
        >>> squares = np.zeros(3)
        >>> program.map([1.0, 2.0, 3.0], out=squares) is squares
        True
        >>> squares
        array([1., 4., 9.])
        """
        need_numpy("map")
        check_reduction(reduction, out)
        samples = split_samples(arguments, self._name, in_axes, self._known())
        given = self._read(samples.example, options)
        shared = given.places_without(samples.places)
        numbers = [given.numbers[place] for place in shared]
        return self._specialized(given).mapped(samples.rows, shared, numbers, reduction, out)


def check_reduction(reduction: str | None, out: Any) -> None:
    """Raises an error if there is no such reduction, or if `out` is passed with one."""
    if reduction is not None:
        divisor(reduction, 1)  # which checks it
        if out is not None:
            raise TypeError(f"out is for the outputs of each sample, not for reduction={reduction!r}; leave one out")


def _signature(f: Callable[..., Any]) -> inspect.Signature:
    try:
        return inspect.signature(f)
    except (TypeError, ValueError):  # it has none that is known
        return inspect.signature(lambda *arguments, **options: None)
