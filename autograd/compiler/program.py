"""The interface of all compiled graphs."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from autograd.compiler.ir.costs import Costs, costs
from autograd.compiler.ir.routine import Routine
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.targets.jax import PureFunction

__all__ = ["Program", "require_jax"]

_LINES_SHOWN = 100


class Program(ABC):
    """A program returned by `autograd.compile`: call it for outputs, `value_and_grad` also for gradients.

    That of a function is a `CompiledFunction`, that of a recorded graph a `SampleProgram`, and that of a graph that
    holds its samples a `SummedProgram`.

    Attributes:
        leaves: the Values, mostly parameters, whose `data` is read at each call; those of `wrt` first, in its order.
        target: how it runs: "python", "numpy", "native", "jax" or "javascript".

    >>> import autograd
    >>> x, w = autograd.Value(3.0, "x"), autograd.Value(2.0, "w")
    >>> program = autograd.compile((w * x) ** 2, inputs=[x], wrt=[w])
    >>> program(3.0), program.value_and_grad(3.0)
    (36.0, (36.0, [36.0]))
    """

    leaves: tuple[Value, ...]

    @property
    @abstractmethod
    def target(self) -> str:
        """The name of the target that runs the program."""

    @property
    @abstractmethod
    def inputs(self) -> int:
        """The number of inputs of a call."""

    @property
    @abstractmethod
    def routines(self) -> tuple[Routine, ...]:
        """All routines that a call runs."""

    @property
    @abstractmethod
    def source(self) -> str:
        """The program as Python, with the graph's labels as names."""

    def _repr_html_(self) -> str:
        """The plain text for notebooks, and below it the source, or its first lines, to be opened."""
        lines = self._source_to_show().splitlines()
        if len(lines) > _LINES_SHOWN:
            lines[_LINES_SHOWN:] = [f"# ... {len(lines) - _LINES_SHOWN:,} more lines; print(program.source) shows all"]
        source = f"<details><summary>Source</summary><pre><code>{escape(chr(10).join(lines))}</code></pre></details>"
        return f"<code>{escape(repr(self))}</code>{source if lines else ''}"

    def _source_to_show(self) -> str:
        return self.source

    @property
    @abstractmethod
    def javascript(self) -> str:
        """The program as self-contained JavaScript."""

    @property
    @abstractmethod
    def jax(self) -> "PureFunction":
        """The program as a pure function for JAX.

        Raises:
            ImportError: if JAX is not installed.
        """

    @abstractmethod
    def __call__(self, *inputs: Any) -> Any:
        """Returns what the program computes."""

    @property
    @abstractmethod
    def value_and_grad(self) -> Callable[..., Any]:
        """A function of the same arguments that returns the output and its gradient."""

    def stats(self) -> Costs:
        """Counts the operations of the program, and the cost of a run on one sample.

        Returns:
            A dict. "operations" maps each operation to its number of instructions; "inputs" (including leaves) and
            "constants" are the numbers of instructions that do no work. "forward" is the number of operations that
            compute the output, "total" also counts those of the gradients. "live" is the largest number of results that
            are live at once, "bytes" the memory that machine code needs per sample: for the inputs, the live results,
            the output and the gradients.

        >>> import autograd
        >>> x = autograd.Value(1.0, "x")
        >>> stats = autograd.compile(x * x + x, inputs=[x]).stats()  # the gradient is 1 + x + x
        >>> stats["operations"], stats["inputs"], stats["constants"]
        ({'multiply': 1, 'add': 3}, 1, 1)
        >>> stats["forward"], stats["total"], stats["live"], stats["bytes"]
        (2, 4, 1, 32)
        """
        return costs(*self.routines)


def require_jax() -> None:
    """Raises ImportError if JAX is not installed."""
    if not find_spec("jax"):
        raise ImportError("program.jax needs jax: pip install 'scalar-autograd[jax]'")
