"""A rule never asks what number it carries: every operation on numbers of 50 digits, and on names of numbers."""

import pytest
from support.exact import BINARY, UNARY, Decimal50, mp

from autograd import Value, derivative, functions, rebuild

X, Y, Z = "0.8414709848078965066525", "1.3010299956639811952137", "-0.4342944819032518276511"
X, Y, Z = mp.mpf(X), mp.mpf(Y), mp.mpf(Z)
HALF, SLOPE = mp.mpf(0.5), mp.mpf(0.3)

OPERATIONS = {  # the operation on Values, the same in mpmath, the point
    **{
        name: (getattr(functions, name), exact, (next(x for x in (Z, X, Y) if defined_at(x)),))
        for name, (exact, _, defined_at) in UNARY.items()
    },
    **{name: (getattr(functions, name), exact, (X, Y)) for name, (exact, *_) in BINARY.items()},
    "add a float": (lambda a: 0.5 + (a + 0.5), lambda a: a + 1, (X,)),
    "subtract from a float": (lambda a: 0.5 - a, lambda a: HALF - a, (X,)),
    "divide by a negative number": (lambda a, b: a / b, lambda a, b: a / b, (X, Z)),
    "divide a float": (lambda a: 0.5 / a, lambda a: HALF / a, (Z,)),
    "power, negative": (lambda a, b: a**b, mp.power, (X, Z)),
    "power of a float": (lambda a: 0.5**a, lambda a: HALF**a, (Z,)),
    **{
        f"power {n}": (lambda a, n=n: a**n, lambda a, n=n: a ** mp.mpf(n), (X,))
        for n in (-2.5, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0)
    },
    "absolute above 0": (abs, abs, (X,)),
    "relu above 0": (functions.relu, lambda a: a, (X,)),
    "leaky_relu above 0": (lambda a: a.leaky_relu(0.3), lambda a: a, (X,)),
    "leaky_relu below 0": (lambda a: a.leaky_relu(0.3), lambda a: a * SLOPE, (Z,)),
    "heaviside above 0": (functions.heaviside, lambda a: mp.mpf(a > 0), (X,)),
    "maximum, first": (functions.maximum, lambda a, b: a, (X, Z)),
    "minimum, second": (functions.minimum, lambda a, b: b, (X, Z)),
    "clip below": (lambda a: a.clip(0.5, 2), lambda a: HALF, (Z,)),
    "clip inside": (lambda a: a.clip(0.5, 2), lambda a: a, (X,)),
    "clip above": (lambda a: a.clip(-1, 0.5), lambda a: HALF, (X,)),
    "select, first": (lambda g, a, b: g.select(a, b), lambda g, a, b: a, (X, Y, Z)),
    "select, second": (lambda g, a, b: g.select(a, b), lambda g, a, b: b, (Z, X, Y)),
}


FLOAT_CONSTANTS = {
    "log2",
    "log10",
    "exp2",
    "erf",
    "erfc",
    "degrees",
    "radians",
}  # in them, ln 2, ln 10 and π are floats


def test_the_table_contains_every_operation():
    assert {name.split(",")[0].split(" ")[0] for name in OPERATIONS} | {"detach"} == set(functions.__all__)


def test_detach_is_the_number_itself_with_no_derivative():
    x = Value(Decimal50(X))
    (x.detach() * x).backward()
    assert x.grad.x == X  # whereas x * x has 2x
    assert functions.detach(Decimal50(X)).x == X


@pytest.mark.parametrize("name", OPERATIONS)
def test_value_and_gradient_carried_at_50_digits_are_mpmaths(name):
    written, exact, point = OPERATIONS[name]
    operands = [Value(Decimal50(number)) for number in point]
    result = written(*operands)
    result.backward()
    digits = 14 if name in FLOAT_CONSTANTS else 45
    assert abs(Decimal50(result.data).x - exact(*point)) < mp.mpf(10) ** -(digits + 1)
    for index, operand in enumerate(operands):
        order = tuple(int(index == place) for place in range(len(point)))
        theirs = mp.diff(exact, point, order)
        assert abs(Decimal50(operand.grad).x - theirs) < mp.mpf(10) ** -digits, f"by operand {index}"


def test_second_derivatives_carried_at_50_digits_are_mpmaths():
    x = Value(Decimal50(X))
    y = (x.sin() * x.exp()).tanh() / (x**2 + 1.0)
    second = derivative(derivative(y, x), x)
    theirs = mp.diff(lambda a: mp.tanh(mp.sin(a) * mp.exp(a)) / (a**2 + 1), X, 2)
    assert abs(second.data.x - theirs) < mp.mpf(10) ** -42


class Name:
    """A number known only by how it is computed: comparing it or testing its truth is refused."""

    is_autograd_number = True

    def __init__(self, text):
        self.text = text

    def refuse(self, *other):
        raise AssertionError(f"a rule branched on {self.text}")

    __bool__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = __float__ = __int__ = refuse
    __hash__ = object.__hash__


def text_of(number):
    return number.text if isinstance(number, Name) else repr(number)


def instruction(name, swapped=False):
    def method(*operands):
        operands = operands[::-1] if swapped else operands
        return Name(f"{name}({', '.join(map(text_of, operands))})")

    return method


for operator, name in {"add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "pow": "pow"}.items():
    setattr(Name, f"__{operator}__", instruction(name))
    setattr(Name, f"__r{operator}__", instruction(name, swapped=True))
Name.__neg__ = instruction("neg")
for name in functions.PRIMITIVES:
    setattr(Name, name, instruction(name))


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_rule_compares_or_branches_on_the_number_it_carries(name):
    written, _, point = OPERATIONS[name]
    operands = [Value(Name(letter)) for letter, _ in zip("abc", point, strict=False)]
    result = written(*operands)
    result.backward()
    assert text_of(result.data)
    result.forward()
    result.zero_grad()
    assert repr(result)
    result.check_finite()


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_derivative_of_any_order_branches_on_the_number_it_carries(name):
    written, _, point = OPERATIONS[name]
    operands = [Value(Name(letter)) for letter, _ in zip("abc", point, strict=False)]
    slope = derivative(written(*operands), operands[0])
    derivative(slope, operands[0]).backward()


def test_the_text_of_a_rule_is_its_formula():
    a, b = Value(Name("a")), Value(Name("b"))
    (a * b.tanh()).backward()
    assert text_of(a.grad) == "tanh(b)"
    assert text_of(b.grad) == "mul(sub(1.0, mul(tanh(b), tanh(b))), a)"


def test_a_recorded_graph_can_be_run_again_on_other_numbers():
    x = Value(0.5)
    y = x.tanh() * x + x.relu()
    assert text_of(rebuild(y, lambda leaf: Name("x"))[y]) == "add(mul(tanh(x), x), select(neg(x), 0.0, x))"
    assert abs(rebuild(y, lambda leaf: Decimal50(X))[y].x - (mp.tanh(X) * X + X)) < mp.mpf(10) ** -48


def test_comparing_a_value_that_carries_a_name_is_refused():
    a = Value(Name("a"))
    for branch in (lambda: a > 0, lambda: bool(a), lambda: a < a):
        with pytest.raises(AssertionError, match="branched on a"):
            branch()
