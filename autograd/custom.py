r"""Operations from outside: a function, and next to it the rule for its derivative, become one operation of graphs.

>>> from autograd import Value, log, operation, sqrt
>>> @operation
... def arsinh(x):
...     return log(x + sqrt(x * x + 1.0))
>>> @arsinh.derivative
... def _(x, y):
...     return 1.0 / sqrt(x * x + 1.0)
>>> y = arsinh(Value(2.0, "x"))
>>> y
Value(1.44364, op='arsinh')
>>> y.local_derivatives
(0.4472135954999579,)
"""

from collections.abc import Callable, Sequence
from functools import update_wrapper
from inspect import Parameter, signature
from keyword import iskeyword
from pickle import UnpicklingError
from sys import modules
from typing import Any, Generic, ParamSpec, TypeVar, overload

from autograd.contexts import call_with
from autograd.functions import OTHER_NAMES, __all__ as BUILT_IN
from autograd.graph import check_root, run, walk
from autograd.primitive import Primitive
from autograd.validation import plain_number
from autograd.value import Value, _scope

__all__ = ["Operation", "OperationName", "operation", "unfold"]

P = ParamSpec("P")
Rule = TypeVar("Rule", bound=Callable[..., Any])

_OPERATIONS: "dict[tuple[str, str], Operation[Any]]" = {}  # by module and qualified name, for unpickling


class OperationName(str):
    """The name of an operation, as nodes hold it in `op`: a string that knows the operation.

    So a graph keeps the operation that it was recorded with, also when a notebook cell defines another of that name.

    Attributes:
        operation: the operation.
        function: it as a function of its operands, then its plain numbers.
    """

    operation: "Operation[Any]"
    function: Primitive

    def __reduce__(self) -> "tuple[Any, ...]":
        return _name_of, (self.operation.__module__, self.operation.__qualname__)

    def __eq__(self, other: object) -> bool:
        """Whether it is the same text; names of different operations differ."""
        return self is other if isinstance(other, OperationName) else str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def __deepcopy__(self, memo: dict[int, Any]) -> "OperationName":
        return self


class Operation(Generic[P]):
    """A function as an operation of graphs, made by `autograd.operation`.

    Attributes:
        symbol: the text of its node in pictures; "" for its name and its plain numbers.
        latex: how it is written in LaTeX; "" for its name in upright letters.
    """

    def __init__(self, function: Callable[P, Any], latex: str, symbol: str) -> None:
        name = _checked_name(function)
        self._operands, self._numbers = _parameters(function, name)
        self._signature = signature(function)
        self._one_by_one = not any(p.kind is Parameter.VAR_POSITIONAL for p in self._signature.parameters.values())
        self.latex, self.symbol = _checked_latex(latex, name), _checked_text("symbol", symbol)
        self._op = OperationName(name)
        self._op.operation = self
        self._op.function = self._primitive = Primitive(
            self._op, lambda operands, numbers: function(*operands, **dict(zip(self._numbers, numbers))), len(self._numbers)
        )
        update_wrapper(self, function)
        _OPERATIONS[self.__module__, self.__qualname__] = self

    def __call__(self, *operands: P.args, **numbers: P.kwargs) -> Any:
        """Returns a float for floats, a recorded operation for Values, and an array of these for arrays."""
        if numbers or self._numbers or not self._one_by_one or len(operands) != len(self._operands):
            return self._primitive.apply(*self._bound(operands, numbers))
        return self._primitive.apply(operands, ())

    def derivative(self, rule: Rule) -> Rule:
        """Decorates the rule for the derivative of the result with respect to each operand.

        Arguments:
            rule: a function of the operands and the result. It returns one number or, if there are several operands, a
                tuple with one number for each. It may also take the plain numbers of the operation, by their names.
                Write it with the functions of `autograd`, so that it can be differentiated and compiled itself.

        Returns:
            The rule. It replaces one that was given before.

        Raises:
            TypeError: if the rule is not a function of these arguments.
        """
        wanted = self._wanted_numbers(rule)

        def slopes(operands: Sequence[Any], y: Any, numbers: Sequence[float]) -> Sequence[Any]:
            given = dict(zip(self._numbers, numbers))
            result = rule(*operands, y, **{name: given[name] for name in wanted})
            return self._one_for_each(result, len(operands))

        self._primitive.rule = slopes
        return rule

    def names(self, operands: int) -> tuple[str, ...]:
        """The name of each of so many operands; that of `*xs` is "xs" for all that it stands for."""
        return (*self._operands, *self._operands[-1:] * (operands - len(self._operands)))

    @property
    def numbers(self) -> tuple[str, ...]:
        """The names of the plain numbers."""
        return self._numbers

    def __repr__(self) -> str:
        return f"<operation {self.__module__}.{self.__qualname__}{self._signature}>"

    def __reduce__(self) -> "tuple[Any, ...]":
        return _defined, (self.__module__, self.__qualname__)

    def __copy__(self) -> "Operation[P]":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Operation[P]":
        return self

    def _bound(self, operands: Sequence[Any], numbers: dict[str, Any]) -> tuple[Sequence[Any], tuple[float, ...]]:
        try:
            bound = self._signature.bind(*operands, **numbers)
        except TypeError as error:
            raise TypeError(f"{self.__name__}{self._signature}: {error}") from None
        bound.apply_defaults()
        if not bound.args:
            raise TypeError(f"{self.__name__}{self._signature}: an operation needs at least one operand")
        plain = [plain_number(bound.kwargs[name], f"{name}, a number of {self.__name__},") for name in self._numbers]
        return bound.args, tuple(plain)

    def _wanted_numbers(self, rule: Callable[..., Any]) -> list[str]:
        """The plain numbers that a rule takes."""
        expected = f"{', '.join(self._operands)}, and the result"
        if not callable(rule):
            raise TypeError(f"the rule of {self.__name__} must be a function of {expected}, not {rule!r}")
        parameters = signature(rule).parameters
        wanted = [name for name in self._numbers if name in parameters]
        if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
            wanted = list(self._numbers)
        try:
            signature(rule).bind(*self._operands, "y", **dict.fromkeys(wanted))
        except TypeError as error:
            raise TypeError(
                f"the rule of {self.__name__} must be a function of {expected}, not of {signature(rule)}: {error}"
            ) from None
        return wanted

    def _one_for_each(self, result: Any, operands: int) -> Sequence[Any]:
        if operands == 1 and not isinstance(result, (tuple, list)):
            return (result,)
        if not isinstance(result, (tuple, list)) or len(result) != operands:
            names = ", ".join(self.names(operands))
            what = f"{len(result)} numbers" if isinstance(result, (tuple, list)) else f"{result!r}"
            raise TypeError(
                f"the rule of {self.__name__} must return {operands} number{'s' * (operands != 1)}, one for each operand "
                f"({names}), not {what}"
            )
        return result


@overload
def operation(function: Callable[P, Any], /) -> Operation[P]: ...
@overload
def operation(*, latex: str = "", symbol: str = "") -> Callable[[Callable[P, Any]], Operation[P]]: ...
def operation(function: Any = None, /, *, latex: str = "", symbol: str = "") -> Any:
    r"""Makes an operation of a function: on Values, it records one node with the name of the function.

    The function's positional arguments are the operands, any number of them; its keyword-only arguments are plain
    numbers, such as an exponent, which `Value.numbers` holds. It must return one number. The derivative is the one that
    `.derivative` gives, or that of the formula.

    Written with the functions of `autograd`, it works on every kind of number and in every target of `compile`. If it
    calls plain Python, such as `math.gamma(x)`, it needs a rule, and the targets "python" and "numpy" run it.

    Arguments:
        function: a function with a name, made by `def`.
        latex: how it is written in LaTeX: a template such as `r"\lVert {x} \rVert_{p}"`, in which the name of an
            argument in braces stands for that argument; or, without any, the name of the function. By default its name
            in upright letters.
        symbol: the text of its node in pictures, which may contain the plain numbers: "softplus {beta}". By default its
            name, and its plain numbers.

    Returns:
        An `Operation`, which is called like the function. Defining it again, as by running a notebook cell twice,
        replaces it; graphs recorded before keep the old one.

    Raises:
        TypeError: if it is not a function, or has an operand with a default, or `**` arguments.
        ValueError: if the name is that of a built-in operation, or the LaTeX is not balanced.

    >>> from autograd import Value, exp, grad, log
    >>> @operation(symbol="softplus {beta}")
    ... def sharp_softplus(x, *, beta=2.0):
    ...     return log(1.0 + exp(beta * x)) / beta
    >>> sharp_softplus(0.0, beta=1.0)
    0.6931471805599453
    >>> sharp_softplus(Value(0.0)).numbers, grad(sharp_softplus)(0.0)
    ((2.0,), 0.5)
    """
    if function is None:
        return lambda function: Operation(function, latex, symbol)
    return Operation(function, latex, symbol)


def unfold(root: Value) -> Value:
    """Returns the graph of `root` with the formulas of your own operations in the place of their nodes.

    The graph has the same leaves. The nodes of a formula are in a scope with the name of the operation, so pictures
    draw a frame around them. An operation whose formula calls plain Python stays one node.

    Raises:
        TypeError: if `root` is not a Value.

    >>> @operation
    ... def cube(x):
    ...     return x * x * x
    >>> y = unfold(cube(Value(2.0)) + 1.0)
    >>> y.operands[0].op, y.operands[0].scope
    ('multiply', 'cube')
    """
    check_root(root, "unfold")
    kept: set[str] = set()
    while True:
        operations = walk(root)[1]
        folded = [node for node in operations if type(node.op) is not str and node.op not in kept]
        if not folded:
            return root
        root = _unfolded_once(operations, folded, kept)


def _unfolded_once(operations: list[Value], folded: list[Value], kept: set[str]) -> Value:
    made: dict[Value, Value] = {}
    opened = set(folded)
    for node in operations:
        operands = [made.get(operand, operand) for operand in node.operands]
        if node not in opened and all(new is old for new, old in zip(operands, node.operands, strict=True)):
            continue
        scope = node.scope
        if node in opened:
            alike = [other for other in folded if (other.op, other.scope) == (node.op, node.scope)]
            number = str(alike.index(node) + 1) if len(alike) > 1 else ""
            scope = f"{scope}.{node.op}{number}".removeprefix(".")
            try:
                made[node] = Value.constant(call_with(_scope, scope, node.op.function.formula, operands, node.numbers))
            except Exception:
                kept.add(node.op)
        if node not in made:
            made[node] = call_with(_scope, node.scope, run, node, *operands)
        if made[node].op and all(made[node] is not operand for operand in operands):
            made[node].label = made[node].label or node.label
    return made[operations[-1]]


def _checked_name(function: Any) -> str:
    name = getattr(function, "__name__", "")
    if not callable(function) or isinstance(function, type):
        raise TypeError(f"operation takes a function, not {function!r}")
    if not isinstance(name, str) or not name.isidentifier() or iskeyword(name):
        raise TypeError(f"an operation must be a function with a name, made by def, not {function!r}")
    if name in BUILT_IN or name in OTHER_NAMES:
        raise ValueError(f"{name!r} is the name of a built-in operation; give the function another name")
    return name


def _parameters(function: Callable[..., Any], name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the operands, and those of the plain numbers."""
    try:
        parameters = signature(function).parameters.values()
    except (TypeError, ValueError):
        raise TypeError(f"{name} has no signature: make an operation of a function that calls it") from None
    operands = [p for p in parameters if p.kind not in (p.KEYWORD_ONLY, p.VAR_KEYWORD)]
    for p in parameters:
        if p.kind is p.VAR_KEYWORD:
            raise TypeError(f"the plain numbers of {name} must be keyword-only arguments with names, not **{p.name}")
        if p in operands and p.default is not p.empty:
            raise TypeError(
                f"the operand {p.name} of {name} must have no default; for a plain number, make it keyword-only: put * "
                "before it"
            )
        if p.kind is p.KEYWORD_ONLY and p.default is not p.empty:
            plain_number(p.default, f"the default of {p.name}, a number of {name},")
    if not operands:
        raise TypeError(f"{name} needs at least one positional argument, its operand")
    return tuple(p.name for p in operands), tuple(p.name for p in parameters if p not in operands)


def _checked_text(what: str, text: Any) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{what} must be a string, not {text!r}")
    return text


def _checked_latex(latex: Any, name: str) -> str:
    depth = 0
    for token in _checked_text("latex", latex).replace("\\\\", "").replace("\\{", "").replace("\\}", ""):
        depth += (token == "{") - (token == "}")
        if depth < 0:
            break
    if depth or latex.count("\\left") - latex.count("\\leftarrow") != latex.count("\\right") - latex.count("\\rightarrow"):
        raise ValueError(f"the latex of {name} must have a closing brace or \\right for each opening one, not {latex!r}")
    return latex


def _defined(module: str, qualified_name: str) -> Operation[Any]:
    """Returns the operation of a module, for unpickling.

    Raises:
        UnpicklingError: if it is not defined in this process.
    """
    if (module, qualified_name) not in _OPERATIONS and module not in modules:
        from contextlib import suppress
        from importlib import import_module

        with suppress(ImportError):  # it may define the operation, as pickle assumes of every function
            import_module(module)
    found = _OPERATIONS.get((module, qualified_name))
    if found is None:
        raise UnpicklingError(
            f"the operation {qualified_name!r} of the module {module!r} is not defined: run the cell or import the module "
            "that defines it, then unpickle again"
        )
    return found


def _name_of(module: str, qualified_name: str) -> OperationName:
    return _defined(module, qualified_name)._op
