"""A compiled function: a program for each structure of its arguments."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any

from autograd import calculus, products
from autograd.compiler.arguments import Arguments, check_kept, plain_arguments, read_arguments, required
from autograd.compiler.computation import Computation, Specialized
from autograd.compiler.ir.routine import Routine
from autograd.compiler.program import Program
from autograd.compiler.sample_program import SampleProgram, sample_program
from autograd.compiler.sparsity import nonzero
from autograd.compiler.specialize import specialized, specialized_gradient
from autograd.compiler.targets.make import target_named
from autograd.compiler.trace.function import Recorded, record_on_symbols
from autograd.graph import replaced, walk
from autograd.numerics import npt
from autograd.recording import argument_paths, outputs_of
from autograd.structure import Structure, flatten, unflatten
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.targets.jax import PureFunction

__all__ = ["CompiledFunction"]

Transform = Callable[..., Callable[..., Any]]


class CompiledFunction(Computation, Program):
    """A function that runs as a program; `autograd.compile(f)` makes one.

    The first call with arguments of some structure and shapes traces the function: calls it once, on symbols. The
    program is kept for later calls with such arguments. Flags (bools, and arrays of them), and arguments that are texts
    or functions, are fixed in a program: others get a program of their own. The plain numbers that the function takes
    from elsewhere, or draws at random, are fixed too; the Values that it takes from elsewhere are read at each call.
    A call with Values records a graph, as a call of the function does.

    Its derivatives are compiled functions too, of the same arguments: `value_and_grad`, `grad`, `jacobian` and
    `hessian`, and so are theirs. Each computes what the function of that name in `autograd` computes.

    `leaves`, `source`, `stats()`, `javascript` and `jax` show the program that was traced last; if there is none, the
    one for plain numbers as arguments.

    Arguments:
        f: the function.
        argnums: the index of the argument to differentiate with respect to, or several.
        has_aux: whether f returns a pair of an output and auxiliary data.
        wrt: Values that f takes from elsewhere, to differentiate with respect to instead.
        target: how the programs run.

    >>> import autograd
    >>> program = autograd.compile(lambda w, x: w["slope"] * x + w["offset"])
    >>> program({"slope": 2.0, "offset": 1.0}, 3.0)
    7.0
    >>> program.value_and_grad({"slope": 2.0, "offset": 1.0}, 3.0)
    (7.0, {'slope': 3.0, 'offset': 1.0})
    >>> program.map({"slope": 2.0, "offset": 1.0}, [1.0, 2.0])
    array([3., 5.])
    """

    def __init__(
        self,
        f: Callable[..., Any],
        argnums: int | Sequence[int] = 0,
        has_aux: bool = False,
        wrt: Sequence[Value] | None = None,
        target: str = "auto",
    ) -> None:
        super().__init__(f)
        self._f, self._argnums, self._has_aux, self._wrt, self._name_of_target = f, argnums, has_aux, wrt, target
        self._programs: dict[Any, Specialized] = {}
        self._of_plain: dict[tuple[Any, ...], Specialized] = {}  # the same ones, by what takes no time to find
        self._traced_last: Arguments | None = None
        self._showing: tuple[Any, SampleProgram] | None = None
        self._primal: CompiledFunction | None = None  # the function whose gradient this is
        self._with_value = False  # and whether its value comes before the gradient

    def trace(self, *examples: Any, **options: Any) -> "CompiledFunction":
        """Traces the function for arguments of the structure and shapes of these, and returns the compiled function.

        A call does this when needed. Trace to see errors and `source` early.

        Raises:
            TracingError: if the function branches on data.
            TypeError: if something in the arguments, or what the function returns, is not a real number.
        """
        arguments = self._read(examples, options)
        self._specialized(arguments)
        self._traced_last = arguments  # whether or not there was a program already
        return self

    def _call(self, *arguments: Any, **options: Any) -> Any:
        """Does the same as `__call__`; if given Values, it returns a graph of them.

        Raises:
            TypeError: if something in the arguments, or what the function returns, is not a real number.
            TracingError: if the function branches on data.
        """
        quick = None if options else plain_arguments(arguments)
        if quick is not None:
            key, numbers = quick
            program = self._of_plain.get(key)
            if program is not None:
                return program.arranged(program.execution.one(numbers))
        given = read_arguments(self._f, arguments, options)
        if any(isinstance(number, Value) for number in given.numbers):
            return self._f(*arguments, **options)
        program = self._specialized(given)
        if quick is not None:
            self._of_plain[quick[0]] = program
        return self._run(program, given, arguments)

    @cached_property
    def value_and_grad(self) -> "CompiledFunction":
        """The function's result and its gradient; see `autograd.value_and_grad`."""
        return self._gradient_program(calculus.value_and_grad)

    @cached_property
    def grad(self) -> "CompiledFunction":
        """The function's gradient; see `autograd.grad`."""
        return self._gradient_program(calculus.grad)

    @cached_property
    def jacobian(self) -> "CompiledFunction":
        """The derivatives of every output; see `autograd.jacobian`."""
        return self._derived(calculus.jacobian)

    @cached_property
    def hessian(self) -> "CompiledFunction":
        """The second derivatives; see `autograd.hessian`."""
        return self._derived(calculus.hessian)

    @cached_property
    def jvp(self) -> "CompiledFunction":
        """The outputs and their derivatives along a direction, of (primals, tangents); see `autograd.jvp`."""
        self._check_by_arguments("jvp")
        f, has_aux = self._f, self._has_aux
        return self._of(lambda primals, tangents: products.jvp(f, primals, tangents, has_aux))

    @cached_property
    def hvp(self) -> "CompiledFunction":
        """The derivative of the gradient along a direction, of (primals, tangents); see `autograd.hvp`."""
        self._check_by_arguments("hvp")
        f, argnums, has_aux = self._f, self._argnums, self._has_aux
        return self._of(lambda primals, tangents: products.hvp(f, primals, tangents, argnums, has_aux))

    def vjp(self, *primals: Any) -> tuple[Any, ...]:
        """Returns the outputs, and a function that multiplies weights for them by the Jacobian; see `autograd.vjp`."""
        self._check_by_arguments("vjp")
        primals, _ = read_arguments(self._f, primals, {}).copied()  # later changes of them are not for the pullback
        result = self(*primals)
        outputs, *auxiliary = result if self._has_aux else (result,)
        return outputs, lambda cotangent: self._pullback(primals, cotangent), *auxiliary

    @cached_property
    def _pullback(self) -> "CompiledFunction":
        f, has_aux = self._f, self._has_aux
        return self._of(lambda primals, cotangent: products.vjp(f, *primals, has_aux=has_aux)[1](cotangent))

    def jacobian_structure(self, *examples: Any, **options: Any) -> "tuple[npt.NDArray[Any], npt.NDArray[Any]]":
        """Returns which derivatives of the outputs can be different from zero, whatever the numbers in the arguments.

        The numbers in the outputs, and those in the arguments that `argnums` chooses (or the Values of `wrt`), are
        counted in the order of `numpy.ravel`, one array or number after the other. `jacobian` computes only these
        derivatives. The structure of the Hessian is `program.grad.jacobian_structure()`.

        Arguments:
            examples, options: arguments with the structure and shapes that are meant; by default those traced last.

        Returns:
            The rows (outputs) and the columns (inputs), as two arrays of indices, row by row.

        >>> import autograd
        >>> program = autograd.compile(lambda x: [x[0] * x[1], x[1] * x[2]])
        >>> rows, columns = program.jacobian_structure([1.0, 2.0, 3.0])
        >>> rows.tolist(), columns.tolist()
        ([0, 0, 1, 1], [0, 1, 1, 2])
        """
        arguments = self._read(examples, options) if examples or options else self._shown_arguments()
        routine = self.jacobian._specialized(arguments).execution.routine
        outputs = self._specialized(arguments).outputs
        if self._has_aux:
            outputs = outputs.branches[0]
        return nonzero(routine, outputs.shapes(), self._gradient(arguments).shapes())

    @property
    def leaves(self) -> tuple[Value, ...]:  # type: ignore[override]
        """The Values that the function takes from elsewhere, whose `data` is read at each call."""
        return self._shown.leaves

    @property
    def target(self) -> str:
        """The name of the target that runs the programs."""
        return target_named(self._name_of_target)

    @property
    def inputs(self) -> int:
        """The number of numbers in the arguments."""
        return self._shown.inputs

    @property
    def routines(self) -> tuple[Routine, ...]:
        """The routine that is shown."""
        return self._shown.routines

    @property
    def source(self) -> str:
        """The program as Python, with its gradient if it has a single output."""
        return self._shown.source

    @property
    def javascript(self) -> str:
        """The program as self-contained JavaScript: `program(inputs..., leaves...)`."""
        return self._shown.javascript

    @property
    def jax(self) -> "PureFunction":
        """The program as a pure function of the numbers of `leaves`, and of the arguments; see `SampleProgram.jax`.

        Raises:
            ImportError: if JAX is not installed.
        """
        arguments, of_numbers = self._shown_arguments(), self._shown.jax
        if arguments.structure.branches[0] == flatten((1.0,) * self.inputs)[1]:
            return of_numbers
        from autograd.compiler.targets.jax import SampleFunction, StructuredFunction

        assert isinstance(of_numbers, SampleFunction)
        outputs = self._specialized(arguments).outputs
        given, fixed = arguments.structure.branches[0], dict(arguments.fixed)
        return StructuredFunction(of_numbers, given, fixed, outputs, self._gradient(arguments))

    def __repr__(self) -> str:
        name = getattr(self._f, "__name__", type(self._f).__name__)
        count = len(self._programs)
        return f"<compiled function {name} with {count} program{'s' * (count != 1)}, run by {self.target}>"

    def _source_to_show(self) -> str:
        return self.source if self._programs else ""  # it is traced by a call, not by being looked at

    def __reduce_ex__(self, protocol: object) -> Any:
        raise TypeError(
            f"{self!r} cannot be pickled or copied, because the copy might not use the Values that its function "
            "does; compile the function again"
        )

    def _check_by_arguments(self, name: str) -> None:
        if self._wrt is not None:
            raise TypeError(
                f"{name} is with respect to the arguments, but this function was compiled with wrt=; compile it "
                "without, or use grad, jacobian or hessian"
            )

    def _gradient(self, arguments: Arguments) -> Structure:
        """The structure of a gradient."""
        if self._wrt is None:
            return arguments.chosen(self._argnums)
        return flatten([0.0] * len(self._wrt))[1]

    def _gradient_program(self, transform: Transform) -> "CompiledFunction":
        """The program of a transformation that returns a gradient, which can be traced without recording its graph."""
        program = self._derived(transform)
        if not self._has_aux:
            program._primal, program._with_value = self, transform is calculus.value_and_grad
        return program

    def _derived(self, transform: Transform) -> "CompiledFunction":
        if self._wrt is None:
            return self._of(transform(self._f, self._argnums, self._has_aux))
        values = list(self._wrt)
        derivative = transform(_with_values(self._f, values), 0, self._has_aux)

        @wraps(self._f, updated=())
        def by_values(*arguments: Any, **options: Any) -> Any:
            return derivative(values, *arguments, **options)

        return self._of(by_values)

    def _of(self, f: Callable[..., Any]) -> "CompiledFunction":
        return CompiledFunction(f, self._argnums, self._has_aux, self._wrt, self._name_of_target)

    def _read(self, arguments: Sequence[Any], options: dict[str, Any]) -> Arguments:
        given = read_arguments(self._f, arguments, options)
        if any(isinstance(number, Value) for number in given.numbers):
            place = next(place for place, number in enumerate(given.numbers) if isinstance(number, Value))
            raise TypeError(f"{given.paths[place]} must be a plain number, not {given.numbers[place]!r}")
        return given

    def _specialized(self, arguments: Arguments) -> Specialized:
        key = arguments.key
        if key not in self._programs:
            check_kept(arguments)
            program = self._traced_gradient(arguments)
            self._programs[key] = program or specialized(self._recorded(arguments), self._name_of_target)
            self._traced_last = arguments
        return self._programs[key]

    def _traced_gradient(self, arguments: Arguments) -> Specialized | None:
        """Returns the program of a gradient, traced in one backward pass; None if that cannot be done.

        To record the graph of the gradient, and to trace that, takes three times as long and gives the same program.
        """
        primal = self._primal
        if primal is None or arguments.fixed:
            return None
        recorded = primal._recorded(arguments)
        wrt = primal._with_respect_to(arguments, recorded)
        if not recorded.is_one_number or not recorded.outputs[0].op or any(node.op for node in wrt):
            return None
        return specialized_gradient(
            recorded, wrt, primal._gradient(arguments), self._name_of_target, with_value=self._with_value
        )

    def _with_respect_to(self, arguments: Arguments, recorded: Recorded) -> Sequence[Value]:
        return arguments.chosen_inputs(self._argnums, recorded.inputs) if self._wrt is None else self._wrt

    @property
    def _shown(self) -> SampleProgram:
        """The program that was traced last, with the gradient of a single output."""
        arguments = self._shown_arguments()
        if self._showing is None or self._showing[0] != arguments.key:
            recorded = self._recorded(arguments)
            by = self._with_respect_to(arguments, recorded) if recorded.is_one_number else ()
            order = walk(*recorded.outputs)
            program = sample_program(order, recorded.outputs, recorded.inputs, by, self._name_of_target)
            self._showing = arguments.key, program
        return self._showing[1]

    def _shown_arguments(self) -> Arguments:
        if self._traced_last is None:
            try:
                self.trace(*[1.0] * len(required(self._f)))
            except Exception as error:
                raise TypeError(
                    "a program exists once arguments are known, and this function does not take plain numbers: "
                    f"first call it, or program.trace(*examples) with arguments of the same shapes ({error})"
                ) from error
        assert self._traced_last is not None
        return self._traced_last

    def _recorded(self, arguments: Arguments) -> Recorded:
        return record_on_symbols(self._f, arguments.paths, arguments.with_numbers)

    def _known(self) -> Iterable[Sequence[Structure]]:
        return [structure.branches[0].branches for structure, _ in self._programs]

    def _name(self, position: int) -> str:
        return argument_paths(self._f, [position], [Structure()])[0]


def _with_values(f: Callable[..., Any], wrt: Sequence[Value]) -> Callable[..., Any]:
    """Returns f with another argument, the first: Values in the place of some that f takes from elsewhere."""

    @wraps(f, updated=())
    def with_values(values: Sequence[Value], *arguments: Any, **options: Any) -> Any:
        outputs, structure = outputs_of(f(*arguments, **options), f)
        return unflatten(structure, replaced(outputs, dict(zip(wrt, values, strict=True))))

    return with_values
