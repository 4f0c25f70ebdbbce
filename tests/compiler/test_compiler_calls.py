"""A call that machine code takes gives what the call in Python gives, to the bit, and hands all others over to it."""

import copy
import gc
import math
import subprocess
import sys
import weakref
from collections import Counter, OrderedDict, defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import EVERYTHING, all_bits, bits, edge_numbers, run, steps
from support.memory import peak_of
from support.threads import in_threads

import autograd
from autograd import Value
from autograd.structure import flatten, outline

pytest.importorskip("llvmlite")

from autograd.compiler.llvm.cpython import readable, readable_arrays
from autograd.compiler.llvm.kept import Kept
from autograd.compiler.targets import native

if not readable():
    pytest.skip("machine code does not read the objects of this Python", allow_module_level=True)

KINDS = ["value_and_grad", "grad", "jacobian", "hessian"]


def rosenbrock(x, y):
    return (1.0 - x) ** 2 + 100.0 * (y - x * x) ** 2


def is_quick(program):
    """Whether a call runs something else first than the method that takes all arguments."""
    return program.__call__ != program._call


def compiled(f, *arguments, target="native", **options):
    """A compiled function, called once."""
    program = autograd.compile(f, target=target, **options)
    program(*arguments)
    return program


def outcome(call, *arguments, **options):
    """The numbers and the structure of a result, with the types of its leaves, or the error."""
    try:
        result = call(*arguments, **options)
    except Exception as error:
        return type(error), str(error)
    leaves, structure = outline(result)
    numbers = [number.data if isinstance(number, Value) else number for number in flatten(result)[0]]
    return structure, [type(leaf) for leaf in leaves], list(map(bits, numbers))


def plain_outcome(f, *arguments, target="native", **options):
    """The outcome of a call that no machine code takes, of a function that is compiled for these arguments."""
    program = autograd.compile(f, target=target)
    outcome(program._call, *arguments, **options)  # which makes machine code, and then runs it
    return outcome(program._call, *arguments, **options)


class Odd(float):
    """A float that converts to another number."""

    def __float__(self):
        return 7.0


class Indexed:
    """It can stand for an index, but is not a number."""

    def __index__(self):
        return 3


# The kinds of arguments.

ARGUMENTS = [
    1.5,
    -0.0,
    math.nan,
    math.inf,
    2,
    0,
    -3,
    2**53 + 1,
    -(2**62) - 1,
    2**64,
    10**400,
    -(10**400),
    True,
    False,
    Odd(2.0),
    Fraction(1, 3),
    Decimal("0.1"),
    *[kind(3) for kind in (np.float64, np.float32, np.float16, np.longdouble, np.int64, np.int8, np.uint64, np.bool_)],
    np.array(2.5),
    np.array(2),
    np.array(True),
    np.array(2.5, dtype=np.float32),
    Value(2.5),
    None,
    "1.0",
    b"1",
    1j,
    np.complex128(1),
    Indexed(),
    object(),
    [1.0],
    (),
    {"a": 1.0},
    np.array([1.0]),
    np.array([1.0, 2.0]),
    np.datetime64("2020-01-01"),
    len,
]


@pytest.mark.parametrize("target", ["native", "python"])
@pytest.mark.parametrize("position", [0, 1])
@pytest.mark.parametrize("argument", ARGUMENTS, ids=lambda argument: f"{type(argument).__name__}-{argument!r:.20}")
@pytest.mark.parametrize("name", ["__call__", "value_and_grad"])
def test_every_kind_of_argument_has_the_result_or_the_error_of_the_plain_call(name, argument, position, target):
    program = compiled(rosenbrock, 0.5, 2.0, argnums=(0, 1), target=target)
    program = program if name == "__call__" else program.value_and_grad
    program(0.5, 2.0)
    assert is_quick(program)
    arguments = [0.5, 0.5]
    arguments[position] = argument
    assert outcome(program, *arguments) == outcome(program._call, *arguments)


@pytest.mark.parametrize("target", ["native", "python"])
@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ((), {}),
        ((1.0,), {}),
        ((1.0, 2.0, 3.0), {}),
        ((1.0,), {"y": 2.0}),
        ((1.0,), {"x": 2.0}),
        ((), {"x": 1.0, "y": 2.0}),
        ((1.0, 2.0), {"z": 3.0}),
        ((1.0, 2.0), {"reduction": "sum"}),
    ],
)
def test_a_wrong_number_of_arguments_and_keywords_have_the_result_or_the_error_of_the_plain_call(
    arguments, options, target
):
    program = compiled(rosenbrock, 0.5, 2.0, target=target)
    assert is_quick(program)
    expected = plain_outcome(rosenbrock, *arguments, target=target, **options)
    assert outcome(program, *arguments, **options) == expected


@pytest.mark.parametrize("target", ["native", "python"])
@pytest.mark.parametrize("argument", ARGUMENTS, ids=lambda argument: f"{type(argument).__name__}-{argument!r:.20}")
def test_the_input_of_a_recorded_graph_is_taken_as_the_plain_call_takes_it(argument, target):
    x = Value(2.0, "x")
    program = autograd.compile(x * x + x.sin(), inputs=[x], target=target).value_and_grad
    program(0.5)
    assert is_quick(program)
    assert outcome(program, argument) == outcome(program._call, argument)


# Structures.

POINTS = (1.5, [2.0, -3.0], ((0.5,), [[4.0, 5.0], [6.0]]), np.arange(1.0, 7.0).reshape(2, 3), np.array([0.25]), ())


def of_points(a, pair, nested, matrix, single, empty):
    ((b,), ((c, d), (e,))) = nested
    products = matrix * (a + b) + pair[0]
    return {
        "none": None,
        "numbers": [a * b, (c / d, {"inner": e.exp() if isinstance(e, Value) else np.exp(e), 3: a})],
        "array": products,
        "constant": (2.0, np.zeros((2, 0)), []),
        "single": single * pair[1],
        "twice": [a * b, a * b],
    }


def test_nested_arguments_and_results_keep_their_structures_types_and_bits():
    program = compiled(of_points, *POINTS)
    assert is_quick(program)
    assert outcome(program, *POINTS) == outcome(program._call, *POINTS)
    twice = program(*POINTS), program(*POINTS)
    assert twice[0]["array"] is not twice[1]["array"]
    twice[0]["array"][:] = 0.0  # it may be written to, and nothing else changes
    assert outcome(lambda: twice[1]) == outcome(program._call, *POINTS)


@pytest.mark.parametrize(
    ("place", "other"),
    [
        (0, [1.5]),
        (0, np.array([1.5])),
        (1, (2.0, -3.0)),
        (1, [2.0]),
        (1, [2.0, -3.0, 1.0]),
        (1, [2, np.float64(-3)]),
        (1, [2.0, True]),
        (1, [2.0, "3"]),
        (1, [2.0, Value(3.0)]),
        (1, np.array([2.0, -3.0])),
        (1, type("List", (list,), {})([2.0, -3.0])),
        (2, ([0.5], [[4.0, 5.0], [6.0]])),
        (2, ((0.5,), [[4.0, 5.0], []])),
        (2, ((0.5,), [[4.0, 5.0], 6.0])),
        (2, ((0.5,), [[4.0, 5.0], np.array([6.0])])),
        (3, np.arange(1.0, 7.0).reshape(3, 2)),
        (3, np.arange(1.0, 7.0)),
        (3, np.arange(1.0, 13.0).reshape(2, 6)[:, ::2]),
        (3, np.arange(1.0, 7.0).reshape(3, 2).T),
        (3, np.arange(1.0, 7.0).reshape(2, 3)[::-1]),
        (3, np.broadcast_to(np.array([1.0, 2.0, 3.0]), (2, 3))),
        (3, np.arange(1.0, 7.0, dtype=np.float32).reshape(2, 3)),
        (3, np.arange(1, 7).reshape(2, 3)),
        (3, np.arange(1.0, 7.0, dtype=">f8").reshape(2, 3)),
        (3, np.frombuffer(b"\0" + np.arange(1.0, 7.0).tobytes(), np.uint8)[1:].view(float).reshape(2, 3)),
        (3, np.arange(1.0, 7.0).reshape(2, 3).view(type("Array", (np.ndarray,), {}))),
        (3, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        (3, np.array([[1.0, 2.0, 3.0], [4.0, 5.0, None]])),
        (4, np.array(0.25)),
        (5, []),
        (5, (1.0,)),
    ],
)
def test_arguments_of_another_structure_have_the_result_or_the_error_of_the_plain_call(place, other):
    arguments = list(POINTS)
    arguments[place] = other
    program, expected = compiled(of_points, *POINTS), plain_outcome(of_points, *arguments)
    for _ in range(3):  # a program of its own for the structure may be made in the first of these
        assert outcome(program, *arguments) == expected
    assert outcome(program, *POINTS) == outcome(program._call, *POINTS)


# Dicts.

PARAMETERS = {
    "w": np.arange(1.0, 7.0).reshape(2, 3),
    "b": [0.5, -2.0],
    3: 0.25,
    (1, "a"): {"x": 2, "y": 3.0},
    "none": None,
    "empty": {},
}


def of_parameters(p, x):
    w, (b, c), d, inner, _, _ = p.values()
    return (w * x).sum() * b + c * d - inner["x"] * inner["y"]


def with_keys(**new):
    """The parameters with other keys for the same values."""
    return {new.get(str(key), key): value for key, value in PARAMETERS.items()}


def with_value(key, value):
    return {**PARAMETERS, key: value}


def without(key):
    return {other: value for other, value in PARAMETERS.items() if other != key}


def python_functions_run_by(call, *arguments):
    """The names of the Python functions that run in a call."""
    names = []
    sys.setprofile(lambda frame, event, _: names.append(frame.f_code.co_name) if event == "call" else None)
    try:
        call(*arguments)
    finally:
        sys.setprofile(None)
    return names


class Text(str):
    """A key that is equal to others, but not of the same type."""

    __slots__ = ()


class Key:
    """A key that is equal to itself alone."""


class Unequal:
    """A key that is not equal to itself."""

    def __eq__(self, other):
        return False

    def __hash__(self):
        return 1

    def __repr__(self):
        return "Unequal()"


@pytest.mark.parametrize("kind", ["__call__", "value_and_grad", "grad"])
def test_a_call_with_dicts_runs_no_python_whatever_objects_its_keys_are(kind):
    program = autograd.compile(of_parameters, target="native")
    program = program if kind == "__call__" else getattr(program, kind)
    program(PARAMETERS, 2.0)
    equal_text = with_keys(w="".join("w"), none="".join(["no", "ne"]))
    assert [*equal_text][4] is not [*PARAMETERS][4]
    others = dict(PARAMETERS), equal_text, with_value(3, 5), with_value("b", [1, 2.0])
    for parameters in (PARAMETERS, *others):
        assert python_functions_run_by(program, parameters, 2.0) == []
        assert outcome(program, parameters, 2.0) == outcome(program._call, parameters, 2.0)


@pytest.mark.parametrize("kind", ["__call__", "value_and_grad"])
@pytest.mark.parametrize(
    "other",
    [
        {},
        without("w"),
        without("empty"),
        without(3),
        with_value("more", 1.0),
        with_keys(w="v"),
        with_keys(w="w "),
        with_keys(w="W"),
        with_keys(w=b"w"),
        with_keys(w=Text("w")),
        with_keys(w=None),
        with_keys(**{"3": 3.0}),
        with_keys(**{"3": np.int64(3)}),
        with_keys(**{"3": "3"}),
        with_keys(**{"3": math.nan}),
        with_keys(**{"(1, 'a')": (1, "b")}),
        with_keys(**{"(1, 'a')": (True, "a")}),
        with_keys(**{"(1, 'a')": (1, "".join("a"))}),
        with_keys(**{"(1, 'a')": Unequal()}),
        with_keys(w="none", none="w"),
        dict(reversed(PARAMETERS.items())),
        {"b": PARAMETERS["b"], **without("b")},
        OrderedDict(PARAMETERS),
        defaultdict(float, PARAMETERS),
        defaultdict(None, PARAMETERS),
        Counter(PARAMETERS),
        type("Dict", (dict,), {})(PARAMETERS),
        MappingProxyType(PARAMETERS),
        list(PARAMETERS.values()),
        list(PARAMETERS),
        None,
        1.0,
        PARAMETERS["w"],
        *[with_value("w", w) for w in (1.0, np.ones((3, 2)), np.ones((2, 3), int), np.ones((2, 6))[:, ::2], "w", None)],
        *[with_value("b", b) for b in ((0.5, -2.0), [0.5], [0.5, True], [0.5, Value(2.0)], {0: 0.5, 1: -2.0})],
        *[with_value(3, number) for number in (True, "1", None, Fraction(1, 4), Value(0.25), 10**400, [0.25])],
        *[with_value((1, "a"), inner) for inner in ({"y": 3.0, "x": 2.0}, {"x": 2.0}, {"x": 2.0, "z": 3.0}, {})],
        *[with_value("none", none) for none in (0.0, (), {}, "None")],
        *[with_value("empty", empty) for empty in (None, [], {"a": 1.0}, OrderedDict())],
    ],
    ids=lambda other: f"{type(other).__name__}-{other!r:.300}",
)
def test_another_dict_has_the_result_or_the_error_of_the_plain_call(other, kind):
    def expected(arguments):
        program = autograd.compile(of_parameters, target="native")
        call = program._call if kind == "__call__" else program.value_and_grad._call
        outcome(call, *arguments)
        return outcome(call, *arguments)

    program = autograd.compile(of_parameters, target="native")
    program = program if kind == "__call__" else program.value_and_grad
    program(PARAMETERS, 2.0)
    for _ in range(3):  # a program of its own for the structure may be made in the first of these
        assert outcome(program, other, 2.0) == expected((other, 2.0))
    assert outcome(program, PARAMETERS, 2.0) == outcome(program._call, PARAMETERS, 2.0)


def test_a_dict_that_contains_itself_has_the_error_of_the_plain_call():
    program = compiled(of_parameters, PARAMETERS, 2.0)
    parameters = dict(PARAMETERS)
    parameters["none"] = parameters
    with pytest.raises(ValueError, match="must not contain itself"):
        program(parameters, 2.0)


def test_a_call_with_a_dict_keeps_no_reference():
    keys = [object(), "".join(["long ", "text"]), 12345.5]
    parameters = dict(zip(keys, [1234.5, np.array([1.0, 2.0]), [0.25, 0.5]], strict=True))
    program = compiled(lambda p: p[keys[0]] * p[keys[1]].sum() * p[keys[2]][0], parameters)
    others = {**parameters, keys[0]: "wrong"}, {**parameters, "more": 1.0}, dict(reversed(parameters.items()))
    for call in (program, program.value_and_grad):
        for argument in (parameters, *others):
            outcome(call, argument)
            objects = [*keys, *parameters.values(), parameters, *others]
            gc.collect()
            before = list(map(sys.getrefcount, objects))
            for _ in range(100):
                outcome(call, argument)
            gc.collect()
            assert list(map(sys.getrefcount, objects)) == before


def test_the_keys_of_its_dicts_live_as_long_as_a_program(monkeypatch):
    monkeypatch.setattr(native, "KEPT", Kept(0))
    key = Key()
    kept = weakref.ref(key)
    gradient = compiled(lambda p: sum(p.values()) * 3.0, {key: 1.5}).value_and_grad
    gradient({key: 1.5})
    del key
    gc.collect()
    assert list(gradient({kept(): 2.0})[1].items()) == [(kept(), 3.0)]
    del gradient
    gc.collect()
    assert kept() is None


def test_a_dict_of_many_numbers_is_read_and_made_in_a_loop():
    numbers = {f"x{index}": index / 8.0 for index in range(2000)}
    program = compiled(lambda p: sum(x * x for x in p.values()), numbers).value_and_grad
    program(numbers)
    assert python_functions_run_by(program, numbers) == []
    assert outcome(program, numbers) == outcome(program._call, numbers)
    assert list(program(numbers)[1]) == list(numbers)


def test_dicts_of_equal_programs_share_machine_code_and_return_the_keys_of_their_own():
    keys = "".join(["a", "b"]), "".join(["a", "b"])
    programs = [compiled(lambda p: {k: 3.75 * x for k, x in p.items()}, {key: 1.0}) for key in keys]
    for program in programs:
        assert python_functions_run_by(program, {"ab": 2.0}) == []
    first, second = (program.__call__.__self__[-1][0][0] for program in programs)
    assert first is second
    assert [next(iter(program({"ab": 2.0}))) is key for program, key in zip(programs, keys, strict=True)] == [True] * 2


def test_each_structure_called_with_stays_quick_up_to_a_number():
    program = autograd.compile(lambda x: x[0] * x[-1], target="native")
    for count in (*range(1, 40), *range(1, 40)):
        assert program([2.0] * count) == 4.0
    assert len(program._seen) == 16


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_of_300_arguments(kind):
    numbers = [0.5 + index / 100.0 for index in range(300)]
    program = compiled(lambda *x: sum(a * b for a, b in pairwise(x)), *numbers, argnums=(0, 150, 299))
    f = getattr(program, kind)
    f(*numbers)
    assert is_quick(f)
    assert outcome(f, *numbers) == outcome(f._call, *numbers)
    numbers[299] = None
    assert outcome(f, *numbers) == outcome(f._call, *numbers)


def test_derivative_functions_of_every_kind_are_quick():
    program = compiled(rosenbrock, 0.5, 2.0, argnums=(0, 1))
    for kind in KINDS:
        f = getattr(program, kind)
        f(0.5, 2.0)
        assert is_quick(f)
        assert outcome(f, 0.5, -2.0) == outcome(f._call, 0.5, -2.0)
    for f in (program.jvp, program.hvp):
        f((0.5, 2.0), (1.0, 0.5))
        assert is_quick(f)
        assert outcome(f, (0.5, -2.0), (3.0, 0.5)) == outcome(f._call, (0.5, -2.0), (3.0, 0.5))


@given(steps(EVERYTHING), st.lists(edge_numbers, min_size=3, max_size=3))
@settings(deadline=None, max_examples=40)
def test_a_call_has_the_bits_of_the_plain_call_and_of_a_sample_among_eight(graph, point):
    x = [Value(0.5, name) for name in "abc"]
    output = run(EVERYTHING, graph, x)
    program = autograd.compile(output, inputs=x, wrt=x, target="native").value_and_grad
    first = program(*point)
    assert is_quick(program)
    value, gradient = program.map(*[[number] * 9 for number in point])
    assert all_bits(first) == all_bits(program._call(*point)) == all_bits((value[4], [g[4] for g in gradient]))


def test_many_numbers_and_instructions_have_memory_of_their_own():
    x = np.linspace(-1.0, 1.0, 300)
    program = compiled(lambda x: (np.sin(x) * x[::-1]).sum(), x).value_and_grad
    program(x)
    assert is_quick(program)
    assert outcome(program, x) == outcome(program._call, x)


# Values that the function takes from elsewhere.


@pytest.mark.parametrize("target", ["native", "python"])
def test_values_from_elsewhere_are_read_at_each_call_whatever_is_assigned_to_them(target):
    w, b = Value(2.0, "w"), Value(1.0, "b")
    program = compiled(lambda x: w * x + b, 3.0, target=target)
    assert is_quick(program)
    assert program(3.0) == 7.0
    for data in (5.0, 4, np.float64(0.5), np.float32(0.25), True, Fraction(1, 3), np.array(2.0), "wrong", None, 1j):
        w.data = data
        assert outcome(program, 3.0) == outcome(program._call, 3.0)
    w.data = 1.0
    assert program(3.0) == 4.0


@pytest.mark.parametrize("target", ["native", "python"])
def test_an_exception_while_such_a_value_is_read_propagates(target):
    class Live(Value):
        __slots__ = ("fails",)

        @property
        def data(self):
            if getattr(self, "fails", False):
                raise LookupError("no data")
            return 2.0

        @data.setter
        def data(self, number):
            pass

    w = Live(2.0, "w")
    program = compiled(lambda x: w * x, 3.0, target=target)
    assert program(3.0) == 6.0
    w.fails = True
    with pytest.raises(LookupError, match="no data"):
        program(3.0)


# References, memory and lifetime.


def test_a_call_keeps_no_reference_and_no_memory():
    number, pair = 1234.5, [0.25, 0.5]
    keys = "first", "second"
    program = compiled(lambda x, y: {keys[0]: [x * y[0], None], keys[1]: (y[1], [x])}, number, pair)
    assert is_quick(program)
    objects = [number, pair, *pair, None, *keys, float, list, program]
    for arguments in ((number, pair), (number, (0.25, 0.5)), (number, "wrong"), (2**2000, pair)):
        outcome(program, *arguments)
        gc.collect()  # garbage of other tests may hold None, and must not be freed in between
        before = [sys.getrefcount(item) for item in objects]
        for _ in range(1000):
            outcome(program, *arguments)
        after = [sys.getrefcount(item) for item in objects]
        assert all(abs(b - a) < 50 for b, a in zip(before, after, strict=True)), arguments


def test_a_million_calls_take_no_memory():
    code = """
import autograd
program = autograd.compile(lambda x, y: ([x * y, (x, y)], y * x), target="native")
for _ in range({count}):
    program(1.5, 2)
"""
    assert peak_of(code.format(count=1_000_000)) - peak_of(code.format(count=1000)) < 5_000_000


@pytest.mark.parametrize("target", ["native", "python"])
def test_the_function_outlives_the_program_and_is_freed_with_its_last_reference(target):
    w = Value(2.0, "w")
    program = compiled(lambda x: w * x, 1.0, target=target)
    f, freed = program.__call__, weakref.ref(program.__call__)
    del program
    gc.collect()
    assert f(3.0) == 6.0
    assert f(3) == 6.0
    with pytest.raises(TypeError, match="must be a real number"):
        f(1j)
    del f
    gc.collect()
    assert freed() is None


def test_a_finalizer_may_call_a_program_that_is_collected_with_it(monkeypatch):
    monkeypatch.setattr(native, "KEPT", Kept(0))
    results = []

    class Owner:
        def __init__(self, program):
            self.program = program
            program.owner = self

        def __del__(self):
            results.append(self.program(2.0))

    Owner(compiled(lambda x: x * 19.5 + 0.125, 1.0))  # which is younger than the code, and finalized later
    gc.collect()
    assert results == [39.125]


def test_machine_code_is_freed_with_the_program(monkeypatch):
    monkeypatch.setattr(native, "KEPT", Kept(0))
    program = compiled(lambda x: x * 19.25, 1.0)
    held = program.__call__.__self__[-1]
    code = weakref.ref(held[0][0].engine)
    del held
    gc.collect()
    assert code() is not None
    del program
    gc.collect()
    assert code() is None


ENDINGS = {
    "in a global": "keep = program\nkept = program.__call__",
    "in a cycle": "program.itself = program",
    "in a module": "import sys\nsys.keep = program.__call__",
    "at exit": "import atexit\natexit.register(lambda: print(program(2.0)))",
    "in a finalizer": "class A:\n    def __del__(self):\n        print(self.f(2.0))\na = A()\na.f = program.__call__",
    "in a thread": (
        "import threading\ndef work():\n    while True:\n        program(2.0)\n"
        "threading.Thread(target=work, daemon=True).start()"
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_interpreter_ends_with_programs_alive(ending):
    code = "import autograd\nprogram = autograd.compile(lambda x: x * x, target='native')\nprogram(1.0)\n"
    command = [sys.executable, "-X", "faulthandler", "-c", code + ENDINGS[ending]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_threads_call_one_program_with_arguments_of_their_own():
    w = Value(2.0, "w")
    program = compiled(lambda x, y: (w * x, [y, x * y]), 1.0, 2.0)

    def work(index):
        return [program(float(index), k) for k in range(3000)]

    for index, results in enumerate(in_threads(work)):
        assert results == [(2.0 * index, [float(k), float(index) * k]) for k in range(3000)]


def test_the_layout_of_objects_is_known_here():
    """On a CPython with a global lock. Were it not, all calls would be slow, and no other test would notice."""
    assert readable()
    assert readable_arrays()


@pytest.mark.parametrize("target", ["native", "python"])
def test_a_function_without_arguments(target):
    w = Value(2.0, "w")
    program = compiled(lambda: (w * w, []), target=target)
    assert is_quick(program)
    assert program() == (4.0, [])
    w.data = 3.0
    assert program() == (9.0, [])
    for arguments in ((1.0,), (w,)):
        assert outcome(program, *arguments) == outcome(program._call, *arguments)


@pytest.mark.parametrize("target", ["native", "python"])
def test_a_copy_with_leaves_of_its_own_reads_these(target):
    x, w = Value(3.0, "x"), Value(2.0, "w")
    program = autograd.compile(w * x, inputs=[x], target=target)
    assert program.value_and_grad(3.0)[0] == 6.0
    other = copy.deepcopy(program)
    other.leaves[0].data = 5.0
    for _ in range(2):
        assert program.value_and_grad(3.0)[0] == 6.0
        assert other.value_and_grad(3.0)[0] == 15.0
        assert copy.copy(program).value_and_grad(3.0)[0] == 6.0
