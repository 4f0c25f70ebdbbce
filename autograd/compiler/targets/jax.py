"""Runs a routine in JAX, and offers programs to users of JAX as pure functions."""

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from functools import cached_property, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from autograd import user_code
from autograd.compiler.ir.routine import Routine
from autograd.compiler.reroll.accumulation import RolledSums, rolled_sums
from autograd.compiler.reroll.outputs import outputs_or_none
from autograd.compiler.reroll.summation import Summation
from autograd.compiler.source.python import PYTHON, python_function, results_and_gradients
from autograd.compiler.targets.arrays import array_functions
from autograd.compiler.targets.base import Floats
from autograd.compiler.targets.jax_loops import loop_outputs, loop_sums
from autograd.reduction import divisor
from autograd.structure import Structure

__all__ = ["JaxTarget", "PureFunction", "SampleFunction", "StructuredFunction", "SummedFunction", "warn_of_size"]

_MOST_OPERATIONS = 1000  # above this, XLA takes seconds
_AS_WRITTEN = {"xla_disable_hlo_passes": "algsimp"}  # it turns a / b / c into a / (b * c), and x / 1.7e308 into 0


def warn_of_size(operations: int) -> None:
    """Warns about a program that XLA takes long to compile."""
    if operations > _MOST_OPERATIONS:
        user_code.warn(
            f"this program has {operations:,} instructions: XLA takes seconds to compile that many, and does so again "
            "for each new number of samples; on a single machine, target='native' compiles immediately"
        )


def refuse_python_calls(*routines: Routine) -> None:
    """Raises NotImplementedError if a routine calls a Python function, which XLA cannot compile."""
    for routine in routines:
        for call in routine.python_calls:
            raise call.refusal("JAX")


class PureFunction(ABC):
    """A program as a pure function of its parameters in JAX: to jit, to map, to differentiate and to shard.

    Nothing is read from the graph: the numbers of `program.leaves`, in their order, are the first argument of each
    call. It computes in double precision, whatever the type of its arguments. XLA may rewrite what it compiles, such as
    a / b / c as a / (b * c); it does not with `target="jax"`, or under
    `jax.jit(f, compiler_options={"xla_disable_hlo_passes": "algsimp"})`.
    """

    @abstractmethod
    def __call__(self, parameters: Any, *inputs: Any) -> Any:
        """Returns the output.

        Arguments:
            parameters: a number for each of `program.leaves`.
            inputs: those of the program.
        """

    @abstractmethod
    def value_and_grad(self, parameters: Any, *inputs: Any) -> tuple[Any, Any]:
        """Returns the output and its gradient, by the program's own rules.

        Arguments:
            parameters: a number for each of `program.leaves`.
            inputs: those of the program.
        """


class SampleFunction(PureFunction):
    """The pure function (parameters, *inputs) of a program for one sample or many.

    Arguments:
        routine: the instructions.
        inputs: the names of the inputs; the inputs of the routine after them are the parameters.

    Attributes:
        parameters: the number of parameters.

    >>> import autograd
    >>> x, w = autograd.Value(3.0, "x"), autograd.Value(2.0, "w", role="parameter")
    >>> f = autograd.compile((w * x) ** 2, inputs=[x]).jax
    >>> with jax.enable_x64(True):
    ...     print(jax.jit(f)([2.0], jnp.array([1.0, 3.0])))
    ...     print(jax.jit(f.value_and_grad)([2.0], 3.0))
    [ 4. 36.]
    (Array(36., dtype=float64), Array([36.], dtype=float64))
    """

    def __init__(self, routine: Routine, inputs: Sequence[str]) -> None:
        refuse_python_calls(routine)
        functions = array_functions(jnp)
        self._inputs = tuple(inputs)
        self.parameters = routine.inputs - len(inputs)
        self._routine = routine
        self._loops = outputs_or_none(routine.forward.instructions, routine.results, len(inputs), self.parameters)
        if self._loops is None:
            self._results = python_function(routine.forward, functions)
            self._both = results_and_gradients(routine, functions)

    def __call__(self, parameters: Any, *inputs: Any) -> Any:
        """Returns the output for one sample, passed as numbers, or for each sample of arrays.

        Arguments:
            parameters: a number for each of `program.leaves`.
            inputs: numbers, or arrays with equal numbers of samples.

        Raises:
            TypeError: if the number of inputs is wrong, or JAX's double precision is switched off.
            ValueError: if the number of parameters is wrong.
        """
        return self.results(parameters, *inputs)[0]

    def value_and_grad(self, parameters: Any, *inputs: Any, reduction: str = "mean") -> tuple[Any, Any]:
        """Returns the output over the samples and its gradient with respect to each of `wrt`.

        Arguments:
            parameters: a number for each of `program.leaves`.
            inputs: numbers for one sample, or arrays with equal numbers of samples.
            reduction: "mean" or "sum", over the samples.

        Raises:
            TypeError: as for a call.
            ValueError: if the number of parameters is wrong, or the reduction unknown.
        """
        leaves = _doubles(parameters, self.parameters)
        columns, shape = self._columns(inputs)
        return self.mean(leaves, columns, shape, divisor(reduction, int(np.prod(shape))))

    def mean(self, leaves: Any, columns: Any, shape: tuple[int, ...], share: float) -> tuple[Any, Any]:
        """Returns the sums of the first result and of the gradients over the samples, divided by `share`.

        Arguments:
            leaves: the parameters, in double precision.
            columns: the inputs, in double precision: an array, inputs × samples, or a sequence of arrays.
            shape: the shape of the samples.
            share: a number.
        """
        if self._sums is not None:
            totals = loop_sums(self._sums, leaves, _stacked(columns, shape)) / share
            return totals[-1], totals[:-1]
        results, gradients = self._both(*columns, *leaves)
        # one by one: XLA's compile time would grow with the square of their number if they were put into an array first
        value, *slopes = [_filled(number, shape).sum() / share for number in (results[0], *gradients)]
        return value, jnp.array(slopes, float)

    def results(self, parameters: Any, *inputs: Any) -> Any:
        """Returns a sequence of all results of the routine, each for every sample."""
        leaves = _doubles(parameters, self.parameters)
        return self.results_of(leaves, *self._columns(inputs))

    def results_of(self, leaves: Any, columns: Any, shape: tuple[int, ...]) -> Any:
        """The same; the arguments are those of `mean`."""
        if self._loops is not None:
            return loop_outputs(self._loops, leaves, _stacked(columns, shape))
        return [_filled(result, shape) for result in self._results(*columns, *leaves)]

    @property
    def operations(self) -> int:
        """The number of operations that XLA compiles."""
        return self._routine.work if self._loops is None else len(self._loops.rolled.loops)

    @cached_property
    def _sums(self) -> RolledSums | None:
        if self._loops is None:
            return None
        return rolled_sums(self._routine, len(self._inputs), self.parameters, weighted=False)

    def _columns(self, inputs: Sequence[Any]) -> tuple[Sequence[Any], tuple[int, ...]]:
        """Returns the inputs in double precision, and the shape of an input over the samples."""
        if len(inputs) != len(self._inputs):
            names = ", ".join(self._inputs)
            raise TypeError(f"after the parameters, pass {len(self._inputs)} inputs ({names}), not {len(inputs)}")
        columns = [jnp.asarray(x, float) for x in inputs]
        return columns, jnp.broadcast_shapes(*(column.shape for column in columns))


class StructuredFunction(PureFunction):
    """The pure function (parameters, *arguments) of a compiled function, with arguments and outputs of any structure.

    Arguments:
        function: that of its numbers, one by one.
        arguments: the structure of a tuple of the arguments.
        fixed: the places among their items of those that are no numbers.
        outputs: the structure of the outputs.
        gradient: the structure of the arguments to differentiate with respect to.

    >>> import autograd
    >>> f = autograd.compile(lambda p, x: p["w"] @ x).trace({"w": np.ones(2)}, np.ones(2)).jax
    >>> with jax.enable_x64(True):
    ...     value, gradient = jax.jit(f.value_and_grad)([], {"w": jnp.array([0.5, 2.0])}, jnp.array([0.0, 1.0]))
    >>> value, gradient
    (Array(2., dtype=float64), {'w': Array([0., 1.], dtype=float64)})
    """

    def __init__(
        self,
        function: SampleFunction,
        arguments: Structure,
        fixed: Collection[int],
        outputs: Structure,
        gradient: Structure,
    ) -> None:
        self._function, self._arguments, self._fixed = function, arguments, frozenset(fixed)
        self._outputs, self._gradient = outputs, gradient

    def __call__(self, parameters: Any, *arguments: Any) -> Any:
        """Returns the outputs, in their structure.

        Raises:
            TypeError: if the arguments have another structure, or JAX's double precision is switched off.
            ValueError: if the number of parameters is wrong.
        """
        leaves = _doubles(parameters, self._function.parameters)
        return _arranged(self._outputs, self._function.results_of(leaves, self._numbers(arguments), ()))

    def value_and_grad(self, parameters: Any, *arguments: Any) -> tuple[Any, Any]:
        """Returns the output and its gradient, in the structure of the arguments that `argnums` choose; see a call."""
        leaves = _doubles(parameters, self._function.parameters)
        value, slopes = self._function.mean(leaves, self._numbers(arguments), (), 1.0)
        return value, _arranged(self._gradient, slopes)

    def _numbers(self, arguments: Sequence[Any]) -> Any:
        """Returns the numbers of the arguments, as one array."""
        leaves = self._arguments.leaves_of(tuple(arguments), "arguments")
        numbers: list[Any] = []
        place = 0
        for leaf, shape in zip(leaves, self._arguments.shapes(), strict=True):
            if place not in self._fixed:
                numbers.append(jnp.ravel(jnp.asarray(leaf, float)))
            place += math.prod(shape)
        return jnp.concatenate(numbers) if numbers else jnp.empty(0)


class SummedFunction(PureFunction):
    """The pure function (parameters) of a program whose graph holds its samples.

    Arguments:
        summation: the routines and their samples.

    >>> import autograd
    >>> w = autograd.Value(2.0, "w", role="parameter")
    >>> f = autograd.compile(sum(w * float(n) for n in range(10))).jax
    >>> with jax.enable_x64(True):
    ...     print(jax.jit(f)([3.0]))
    135.0
    """

    def __init__(self, summation: Summation) -> None:
        refuse_python_calls(summation.whole.routine, *[sample.traced.routine for sample in summation.sums])
        functions = array_functions(jnp)
        self._summation = summation
        self._samples = [results_and_gradients(sample.traced.routine, functions) for sample in summation.sums]
        self._whole = results_and_gradients(summation.whole.routine, functions)

    def __call__(self, parameters: Any, *inputs: Any) -> Any:
        """Returns the output.

        Arguments:
            parameters: a number for each of `program.leaves`.
            inputs: none.

        Raises:
            TypeError: if there are inputs, or JAX's double precision is switched off.
            ValueError: if the number of parameters is wrong.
        """
        return self.value_and_grad(parameters, *inputs)[0]

    def value_and_grad(self, parameters: Any, *inputs: Any) -> tuple[Any, Any]:
        """Returns the output and its gradient with respect to each of `wrt`.

        Arguments:
            parameters: a number for each of `program.leaves`.
            inputs: none.

        Raises:
            TypeError: if there are inputs, or JAX's double precision is switched off.
            ValueError: if the number of parameters is wrong.
        """
        if inputs:
            raise TypeError(
                f"after the parameters, pass no inputs, not {len(inputs)}, because the graph holds the samples"
            )
        leaves = _doubles(parameters, len(self._summation.leaves))
        numbers = jnp.concatenate([leaves, jnp.array(self._summation.constants, float)])
        totals: list[Any] = []
        for function, sample in zip(self._samples, self._summation.sums, strict=True):
            results, gradients = function(*numbers[sample.columns], *numbers[sample.shared])
            totals += [_filled(number, (sample.size,)).sum() for number in (results[0], *gradients)]
        (value,), slopes = self._whole(*totals, *leaves[: self._summation.own])
        return jnp.asarray(value, float), jnp.array(slopes, float)


class JaxTarget:
    """Runs the source of a routine on JAX's arrays, compiled by XLA for each number of samples."""

    name = "jax"
    operations: Collection[str] = PYTHON.operations.keys() | array_functions(jnp).keys()

    def __init__(self, routine: Routine, per_sample: int) -> None:
        pure = SampleFunction(routine, [f"x{number}" for number in range(per_sample)])
        warn_of_size(pure.operations)
        self._values = jax.jit(pure.results, compiler_options=_AS_WRITTEN)
        self._sums = jax.jit(partial(pure.value_and_grad, reduction="sum"), compiler_options=_AS_WRITTEN)

    def one(self, inputs: Sequence[float], leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        return self.values(np.array(inputs, dtype=float).reshape(-1, 1), leaves)[:, 0]

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        with jax.enable_x64(True):  # only here: other code that uses JAX keeps its precision
            results = [np.asarray(row) for row in self._values(np.array(leaves, dtype=float), *inputs)]
        return np.array(results).reshape(-1, inputs.shape[1])

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        columns = inputs[:, 0] if inputs.shape[1] == 1 else inputs  # XLA's sum of a single -0.0 would be 0.0
        with jax.enable_x64(True):
            value, gradients = self._sums(np.array(leaves, dtype=float), *columns)
            return float(value), np.asarray(gradients)


def _doubles(parameters: Any, count: int) -> Any:
    """Returns the parameters as an array of doubles.

    Raises:
        TypeError: if JAX's double precision is switched off.
        ValueError: if they are not a one-dimensional array of `count` numbers.
    """
    if jnp.result_type(float) != jnp.float64:
        raise TypeError(
            "programs compute in double precision, but JAX has it switched off and would round to float32: first call "
            "jax.config.update('jax_enable_x64', True), or call this within `with jax.enable_x64(True):`"
        )
    leaves = jnp.asarray(parameters, float)
    if leaves.shape != (count,):
        raise ValueError(f"the parameters must be an array of shape ({count},), not {leaves.shape}")
    return leaves


def _stacked(columns: Any, shape: tuple[int, ...]) -> Any:
    """Returns the inputs as an array, inputs × samples."""
    if isinstance(columns, jax.Array):
        return columns
    if not columns:
        return jnp.empty((0, *shape))
    return jnp.stack([jnp.broadcast_to(column, shape) for column in columns])


def _arranged(structure: Structure, numbers: Sequence[Any]) -> Any:
    """Arranges numbers in a structure; those of an array become an array."""
    leaves, first = [], 0
    for shape in structure.shapes():
        last = first + math.prod(shape)
        leaves.append(jnp.array(numbers[first:last]).reshape(shape))
        first = last
    return structure.arrange(leaves)


def _filled(number: Any, shape: tuple[int, ...]) -> Any:
    """Returns one number per sample, from one number per sample or one number for all."""
    return jnp.broadcast_to(jnp.asarray(number, float), shape)
