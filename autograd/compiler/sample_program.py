"""A compiled graph without samples: a program of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from autograd.compiler.arguments import Arguments
from autograd.compiler.computation import Computation, Specialized, check_reduction
from autograd.compiler.execution import Execution
from autograd.compiler.ir.routine import Routine
from autograd.compiler.program import Program, require_jax
from autograd.compiler.samples import InAxes
from autograd.compiler.source.javascript import JAVASCRIPT, PRELUDE, RESERVED
from autograd.compiler.source.python import PYTHON
from autograd.compiler.source.text import source
from autograd.compiler.trace.builder import Traced
from autograd.compiler.trace.trace import Order, live_leaves, traced_gradient
from autograd.functions import real
from autograd.notation.naming import names_of
from autograd.structure import Structure, flatten, outline
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.targets.jax import PureFunction

__all__ = ["SampleProgram", "sample_program"]


@dataclass(frozen=True, eq=False)
class SampleProgram(Program):
    """The program of a recorded graph, whose inputs are numbers.

    Attributes:
        traced: the routine, with the names of its inputs: first the program's inputs, then the leaves.
        leaves: the Values whose `data` is read at each call.

    >>> import autograd
    >>> x, w = autograd.Value(3.0, "x"), autograd.Value(2.0, "w")
    >>> program = autograd.compile((w * x) ** 2, inputs=[x], wrt=[w])
    >>> program(1.0), program.value_and_grad(2.0)
    (4.0, (16.0, [16.0]))
    >>> program.map([1.0, 2.0])
    array([ 4., 16.])
    >>> program.value_and_grad.map([1.0, 2.0], reduction="mean")
    (10.0, [10.0])
    >>> print(program.source, end="")
    def program(x, w):
        t1 = w * x
        t2 = t1 * t1
        # backward
        t3 = 2.0 * t1
        t4 = x * t3
        return [[t2], [t4]]
    """

    traced: Traced
    leaves: tuple[Value, ...]
    _target: str

    @property
    def target(self) -> str:
        """The name of the target that runs the program."""
        return self.value_and_grad.target

    @property
    def inputs(self) -> int:
        """The number of inputs of a call."""
        return len(self.traced.names) - len(self.leaves)

    @property
    def routines(self) -> tuple[Routine, ...]:
        """The one routine that a call runs."""
        return (self.traced.routine,)

    @property
    def source(self) -> str:
        """The program as Python, with the graph's labels as names."""
        return source(self.traced, PYTHON).text

    @property
    def javascript(self) -> str:
        """The program as self-contained JavaScript: `program(inputs..., leaves...)`."""
        return PRELUDE + source(self.traced, JAVASCRIPT).text

    @cached_property
    def jax(self) -> "PureFunction":
        """The program as a pure function of (parameters, inputs), for `jax.jit`, `jax.vmap` and sharding.

        `f = program.jax` is called like the program, with the numbers of `leaves` first: `f(parameters, *inputs)` and
        `f.value_and_grad(parameters, *inputs)`. See `PureFunction`; docs/data_parallel.md uses it to train on several
        devices.

        Raises:
            ImportError: if JAX is not installed.
        """
        require_jax()
        from autograd.compiler.targets.jax import SampleFunction, warn_of_size

        function = SampleFunction(self.traced.routine, self.traced.names[: self.inputs])
        warn_of_size(function.operations)
        return function

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Returns the output.

        Arguments:
            inputs: the numbers of the inputs.
            options: none.

        Raises:
            TypeError: if the number of inputs is wrong, or an input is not a real number.
        """
        return self._output(*inputs, **options)

    def map(self, *inputs: Any, in_axes: InAxes = None, reduction: str | None = None, out: Any = None) -> Any:
        """Returns the output for each sample; see `Computation.map`."""
        return self._output.map(*inputs, in_axes=in_axes, reduction=reduction, out=out)

    @cached_property
    def value_and_grad(self) -> "OfNumbers":
        """The output and its gradient with respect to each of `wrt`: a function of the inputs, with a `map` too."""
        routine = self.traced.routine
        gradient = flatten([0.0] * len(routine.gradients))[1]
        return self._of(routine.both, Structure(tuple, range(2), [Structure(), gradient]))

    @cached_property
    def _output(self) -> "OfNumbers":
        return self._of(self.traced.routine.forward, Structure())

    def _of(self, routine: Routine, outputs: Structure) -> "OfNumbers":
        execution = Execution(routine, self.leaves, self._target)
        return OfNumbers(self.traced.names[: self.inputs], Specialized.of(execution, outputs))

    def __repr__(self) -> str:
        return f"<program of {self.stats()['total']:,} instructions, run by {self.target}; .source shows it>"


class OfNumbers(Computation):
    """Something that a program computes from a fixed number of plain numbers.

    Arguments:
        names: the names of the inputs.
        program: what computes it.
    """

    def __init__(self, names: Sequence[str], program: Specialized) -> None:
        super().__init__(lambda *inputs: None)
        self._names, self._program = names, program

    def __getstate__(self) -> dict[str, Any]:
        """Returns the attributes alone: a copy, which may have leaves of its own, is to make functions of its own."""
        return self.__dict__ | {"_seen": set()}

    def __setstate__(self, attributes: dict[str, Any]) -> None:
        self.__dict__.update(attributes)
        self.__call__ = self._call

    @property
    def target(self) -> str:
        """The name of the target that runs it."""
        return self._program.execution.target

    def _read(self, arguments: Sequence[Any], options: dict[str, Any]) -> Arguments:
        if options:
            raise TypeError(
                f"a call takes inputs alone, not {', '.join(options)}=; for samples use .map(..., reduction=)"
            )
        if len(arguments) != len(self._names):
            names = ", ".join(self._names)
            raise TypeError(f"this program takes {len(self._names)} inputs ({names}), not {len(arguments)}")
        numbers = [self._number(name, given) for name, given in zip(self._names, arguments, strict=True)]
        return Arguments(Structure(), (), numbers, self._call)

    def _number(self, name: str, given: Any) -> float:
        number = real(given)
        if type(number) is float:
            return number
        structure = outline(given)[1]
        if structure.container in (list, tuple) or structure.shape:
            raise TypeError(
                f"the input {name} must be a number, not {structure.described()}; for samples use .map(...), "
                "or .value_and_grad.map(..., reduction='mean')"
            )
        raise TypeError(f"the input {name} must be a real number, not {given!r}")

    def map(
        self, *arguments: Any, in_axes: InAxes = None, reduction: str | None = None, out: Any = None, **options: Any
    ) -> Any:
        """Returns the outputs for each sample; see `Computation.map`."""
        if in_axes is None and not options and len(arguments) == len(self._names):
            rows = self._program.execution.columns(arguments)
            if rows is not None:  # what follows would find the same ones
                check_reduction(reduction, out)
                return self._program.mapped(rows, (), (), reduction, out)
        return super().map(*arguments, in_axes=in_axes, reduction=reduction, out=out, **options)

    def _specialized(self, arguments: Arguments) -> Specialized:
        return self._program

    def _structures(self, given: Arguments) -> Sequence[Structure]:
        return [Structure()] * len(self._names)

    def _name(self, position: int) -> str:
        return self._names[position] if position < len(self._names) else f"argument {position + 1}"


def sample_program(
    order: Order, outputs: Sequence[Value], inputs: Sequence[Value], wrt: Sequence[Value], target: str
) -> SampleProgram:
    """Compiles a graph.

    Arguments:
        order: the graph.
        outputs: the nodes whose numbers it computes.
        inputs: the nodes whose numbers are passed in each call.
        wrt: the nodes to differentiate with respect to.
        target: the name of the target.
    """
    leaves = _in_order_of(wrt, inputs, live_leaves(order, outputs, inputs))
    traced, operations = traced_gradient(order, outputs, [*inputs, *leaves], wrt)
    names = names_of([*inputs, *leaves, *operations.values()], RESERVED)
    labels = {index: names.pop(node) for index, node in operations.items()}
    traced = traced._replace(names=tuple(names.values()), labels=labels, indices=())
    program = SampleProgram(traced, tuple(leaves), target)
    _ = program.value_and_grad  # raises an error if the target lacks something
    return program


def _in_order_of(by: Sequence[Value], inputs: Sequence[Value], leaves: Sequence[Value]) -> list[Value]:
    """Returns the leaves, and those of `by` that are not inputs, so that gradient and leaves have the same order."""
    given = set(inputs)
    first = [node for node in by if not node.op and node.role != "constant" and node not in given]
    return list(dict.fromkeys([*first, *leaves]))
