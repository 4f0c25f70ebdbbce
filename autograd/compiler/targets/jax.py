"""Runs a routine in JAX, and gives it to JAX's users as a pure function."""

import warnings
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from autograd.compiler.source.language import PYTHON
from autograd.compiler.targets.array_functions import array_functions
from autograd.compiler.targets.base import divisor, python_function, results_and_gradients
from autograd.compiler.trace.trace import Routine

__all__ = ["JaxTarget", "PureFunction", "warn_of_size"]

Floats = npt.NDArray[np.float64]

_MOST_INSTRUCTIONS = 1000  # beyond which XLA takes seconds
_AS_WRITTEN = {"xla_disable_hlo_passes": "algsimp"}  # which makes a / (b * c) of a / b / c, and 0 of x / 1.7e308


def warn_of_size(routine: Routine, stacklevel: int) -> None:
    """Warns of a routine that XLA takes long to compile."""
    count = sum(1 for instruction in routine.instructions if instruction.op not in ("input", "constant"))
    if count > _MOST_INSTRUCTIONS:
        warnings.warn(
            f"this program has {count:,} instructions: XLA's time to compile grows with their number, to seconds for "
            "so many, and is spent for each number of samples anew; on one machine, target='native' is built at once",
            stacklevel=stacklevel + 1,
        )


class PureFunction:
    """A program as a pure function of (parameters, inputs) in JAX: to jit, to map, to differentiate and to shard.

    Nothing is read from the graph any more: the numbers of `program.leaves`, in their order, come first at each call.
    It computes in doubles, whatever it is given. XLA may rewrite what it compiles, a / b / c as a / (b * c); under
    `jax.jit(f, compiler_options={"xla_disable_hlo_passes": "algsimp"})`, as with `target="jax"`, it does not.

    Arguments:
        routine: the instructions.
        inputs: the names of the inputs; what comes behind them are the parameters.

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
        own = array_functions(jnp)
        self._inputs = tuple(inputs)
        self._parameters = routine.inputs - len(inputs)
        self._results = python_function(routine.forward, own)
        self._both = results_and_gradients(routine, own)

    def __call__(self, parameters: Any, *inputs: Any) -> Any:
        """The output for one sample, given as numbers; or, given arrays, for each sample.

        Arguments:
            parameters: a number for each of `program.leaves`.
            inputs: numbers, or arrays of equally many samples.

        Raises:
            TypeError: for another number of inputs than the program has, or where JAX's doubles are switched off.
            ValueError: for another number of parameters.
        """
        return self.results(parameters, *inputs)[0]

    def value_and_grad(self, parameters: Any, *inputs: Any, reduction: str = "mean") -> tuple[Any, Any]:
        """The output over the samples, and its gradient by each of `wrt`, as the program's own rules have it.

        Arguments:
            parameters: a number for each of `program.leaves`.
            inputs: numbers for one sample, or arrays of equally many.
            reduction: "mean" or "sum", over the samples.

        Raises:
            TypeError: as a call does.
            ValueError: for another number of parameters, or another reduction.
        """
        numbers, shape = self._numbers(parameters, inputs)
        share = divisor(reduction, int(np.prod(shape)))
        results, gradients = self._both(*numbers)
        # each by itself: XLA's time to compile grows with the square of the number where they are an array first
        value, *slopes = [_filled(number, shape).sum() / share for number in (results[0], *gradients)]
        return value, jnp.array(slopes, float)

    def results(self, parameters: Any, *inputs: Any) -> Any:
        """All results of the routine, results × samples."""
        numbers, shape = self._numbers(parameters, inputs)
        return jnp.array([_filled(result, shape) for result in self._results(*numbers)])

    def _numbers(self, parameters: Any, inputs: Sequence[Any]) -> tuple[list[Any], tuple[int, ...]]:
        """What the routine is given, as doubles, and the shape of an input over the samples."""
        if jnp.result_type(float) != jnp.float64:
            raise TypeError(
                "programs compute in doubles, but JAX has them switched off and would round to float32: first call "
                "jax.config.update('jax_enable_x64', True), or call this within `with jax.enable_x64(True):`"
            )
        if len(inputs) != len(self._inputs):
            names = ", ".join(self._inputs)
            raise TypeError(f"behind the parameters come {len(self._inputs)} inputs ({names}), not {len(inputs)}")
        leaves = jnp.asarray(parameters, float)
        if leaves.shape != (self._parameters,):
            raise ValueError(f"the parameters are {self._parameters} numbers in a row, not of shape {leaves.shape}")
        columns = [jnp.asarray(x, float) for x in inputs]
        return [*columns, *leaves], jnp.broadcast_shapes(*(column.shape for column in columns))


class JaxTarget:
    """Runs the source on JAX's arrays, compiled by XLA anew for each number of samples."""

    operations: Collection[str] = PYTHON.operations.keys() | array_functions(jnp).keys()

    def __init__(self, routine: Routine, samples: int) -> None:
        warn_of_size(routine, stacklevel=5)
        pure = PureFunction(routine, [f"x{number}" for number in range(samples)])
        self._values = jax.jit(pure.results, compiler_options=_AS_WRITTEN)
        self._sums = jax.jit(partial(pure.value_and_grad, reduction="sum"), compiler_options=_AS_WRITTEN)

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        with jax.enable_x64(True):  # here alone: what else runs in JAX keeps the precision it has
            results = np.array(self._values(np.array(leaves, dtype=float), *inputs))
        return results.reshape(-1, inputs.shape[1])

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        columns = inputs[:, 0] if inputs.shape[1] == 1 else inputs  # XLA's sum of -0.0 alone would be 0.0
        with jax.enable_x64(True):
            value, gradients = self._sums(np.array(leaves, dtype=float), *columns)
            return float(value), np.asarray(gradients)


def _filled(number: Any, shape: tuple[int, ...]) -> Any:
    """A number, or one a sample, as one a sample."""
    return jnp.broadcast_to(jnp.asarray(number, float), shape)
