"""NumPy's functions on arrays of Values: each computes NumPy's value and its derivative, or is refused by name."""

import math
import warnings

import numpy as np
import pytest
from support.numpy_cases import CASES, DISCRETE, POINTS, REFUSED
from support.numpy_check import check, check_discrete, compiled, flat, points_of, values_of

import autograd
from autograd import Value, ValueArray, array, data_of, grad, grad_of, hessian
from autograd.compiler import TracingError
from autograd.unsupported import UnsupportedError

PLAIN = ("array of", "asarray", "assignment", "ascontiguousarray", "full")  # which NumPy makes without asking


@pytest.mark.filterwarnings("ignore")  # of nan in arrays of floats
@pytest.mark.parametrize("name", CASES)
def test_a_function_has_numpys_value_and_the_derivative_of_differences(name):
    f = CASES[name]
    check(f, points_of(f, POINTS), plain=name.startswith(PLAIN) or name.endswith("of a list"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", DISCRETE)
def test_a_function_without_derivative_gives_what_it_gives_for_floats(name):
    check_discrete(DISCRETE[name], points_of(DISCRETE[name], POINTS))


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_recorded_is_refused_by_name_in_one_line(name):
    f = REFUSED[name]
    with pytest.raises(UnsupportedError, match=rf"^np\.{name.split()[0]} [^\n]*$"):
        f(*values_of(points_of(f, POINTS)))


ARGUMENTS = [
    *("A", "v", "S", "p", "x", "T", "c", "AB", "vw", "pq", "Sv", "SR", "cd", "AA"),
    *(("A", 1), (1, "A"), (2, "v"), ("v", 2), ("S", 2), ("x", 3), ("A", (0, 1)), ("T", 0, 1), ("v", "w", 1)),
    *(("x", [0.11, 0.41]), ([0.11, 0.41], "x")),
]
NOT_CALLED = {  # they read or write files or memory, print, change settings, or run tests
    *("DataSource", "from_dlpack", "frombuffer", "fromfile", "fromregex", "fromstring", "genfromtxt", "info", "load"),
    *("loadtxt", "memmap", "save", "savetxt", "savez", "savez_compressed", "set_printoptions", "set_string_function"),
    *("setbufsize", "seterr", "seterrcall", "show_config", "show_runtime", "test", "empty", "empty_like", "isscalar"),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("arguments", ARGUMENTS, ids=str)
def test_no_function_of_numpy_is_silently_wrong(arguments):
    """With some arguments, whatever they mean to it, each agrees with itself on floats, or raises an exception."""
    names = list(dict.fromkeys(argument for argument in arguments if isinstance(argument, str)))
    points = [POINTS[name] for name in names]
    agreed = 0
    for module in (np, np.linalg, np.fft, np.emath, np.polynomial.polynomial):
        for f in list(vars(module).values()):  # NumPy adds to them when it imports lazily
            name = getattr(f, "__name__", "_")
            if not callable(f) or isinstance(f, type) or name in NOT_CALLED or name.startswith("_"):
                continue
            if isinstance(f, np.ufunc) and len(arguments) > f.nin:
                continue  # the others would be written to

            def call(*given, f=f):
                copies = [each.copy() if np.ndim(each) else each for each in given]  # some write to their arguments
                named = dict(zip(names, copies, strict=True))
                return f(*(named[each] if isinstance(each, str) else each for each in arguments))

            agreed += agrees(call, points)
    assert agreed > 10


def agrees(call, points):
    """Whether a call is possible with floats and with Values; then both must give the same."""
    try:
        kinds = {np.asarray(part).dtype.kind for part in flat(call(*points))}
        call(*values_of(points))
    except Exception:
        return False
    if kinds <= set("fiub"):
        if "f" in kinds:
            check(call, points, plain=True)
        else:
            check_discrete(call, points)
    return True


@pytest.mark.parametrize("dtype", [np.float32, int, complex, bool])
def test_another_type_of_numbers_is_refused_but_that_of_values_is_not(dtype):
    x = array([1.0, 2.0])
    assert np.sum(x, dtype=float).data == np.add(x, 0.0, dtype=np.float64)[:1].sum().data + 2.0
    for f in (np.sum, np.exp, np.mean, np.cov):
        with pytest.raises(UnsupportedError, match=r"^np\.\w+ of Values computes floats of 64 bits, not "):
            f(x, dtype=dtype)


def test_results_are_not_written_to_an_array_of_floats():
    with pytest.raises(UnsupportedError, match=r"^np\.add cannot write Values to an array of float64; use the array"):
        np.add(array([1.0]), 1.0, out=np.zeros(1))
    written = array([0.0])
    np.add(array([1.0]), 1.0, out=written)
    assert data_of(written) == [2.0]


def test_indices_that_were_computed_from_values_are_ordinary_arrays():
    x = array([3.0, 1.0, 2.0])
    order = np.argsort(x)
    order += 1
    order %= 3
    assert order.dtype.kind == "i"
    assert data_of(x[order]).tolist() == [2.0, 3.0, 1.0]
    written = array([0.0, 0.0])
    np.add(np.array([1.0, 2.0]), 1.0, out=written)
    assert data_of(written).tolist() == [2.0, 3.0]


def test_an_error_in_code_that_numpy_calls_is_that_codes():
    class OfTheUserError(TypeError):
        pass

    def f(row):
        raise OfTheUserError("mine")

    with pytest.raises(OfTheUserError, match=r"^mine$"):
        np.apply_along_axis(f, 0, array([1.0, 2.0]))


COMPARING = {
    "sort": lambda x: np.sort(array([x, 1.0]))[0], "isclose": lambda x: np.isclose(x, 1.0) * x,
    "isnan": lambda x: 0.0 if np.isnan(x) else x, "logical_not": lambda x: 0.0 if np.logical_not(x) else x,
    "median": lambda x: np.median(array([x, 1.0, 3.0])), "signbit": lambda x: -x if np.signbit(x) else x,
    "array_equal": lambda x: 0.0 if np.array_equal(array([x]), [1.0]) else x,
}  # fmt: skip


@pytest.mark.parametrize("name", COMPARING)
def test_a_function_that_compares_is_a_branch_for_the_compiler(name):
    """In a traced function it raises; in a recorded graph, of which only one branch is known, it warns."""
    with pytest.raises(TracingError, match="must not branch on data"):
        autograd.compile(COMPARING[name], target="python")(2.0)
    x = Value(2.0, "x")
    y = COMPARING[name](x) * x
    with pytest.warns(UserWarning, match="was compared"):
        autograd.compile(y, inputs=[x], target="python")


CHOOSING = {
    "clip": lambda x, y: np.clip(x, -y, y), "fmax": np.fmax, "fmin": np.fmin, "maximum": np.maximum,
    "heaviside": np.heaviside, "logaddexp2": np.logaddexp2, "modf": lambda x, y: np.modf(x)[0] * y,
    "nan_to_num": lambda x, y: np.nan_to_num(x, posinf=y), "sinc": lambda x, y: np.sinc(x) * y,
    "interp": lambda x, y: np.interp(x, [-1.0, 0.0, 2.0], array([y, 1.0, -y])),
    "interp at Values": lambda x, y: np.interp(0.5, array([y - 9.0, x]), [0.0, 1.0]),
    "interp, period": lambda x, y: np.interp(x, [0.0, 1.0, 1.5], array([y, 1.0, 2.0]), period=2.0),
    "max": lambda x, y: np.max(array([x, y, 0.0])), "gradient": lambda x, y: np.gradient(array([x, y, x * y]))[1],
}  # fmt: skip


@pytest.mark.parametrize("name", CHOOSING)
@pytest.mark.parametrize("target", ["python", "numpy", "native"])
def test_a_choice_is_made_when_the_program_runs(name, target):
    if target == "native":
        pytest.importorskip("llvmlite")
    f = CHOOSING[name]
    program = compiled(lambda point: f(*point), target)
    for point in [(0.25, 0.5), (-1.5, 0.75), (3.25, 1.5), (0.0, 2.0), (-0.25, 0.1)]:
        value, gradient = program(*point)
        assert value == pytest.approx(f(*map(Value, point)).data, rel=1e-14, abs=1e-15)
        assert gradient == pytest.approx(grad(f, argnums=(0, 1))(*point), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("f", [np.std, np.nanstd, lambda x: x.std(), np.linalg.norm, lambda x: np.std(x, ddof=1)])
def test_a_root_of_0_has_the_gradient_0(f):
    x = np.zeros(3)
    assert f(array(x)).data == 0.0
    assert grad(f)(x).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("x", [math.inf, -math.inf, math.nan, 0.0, -0.0, 1e308, 5e-324])
@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.heaviside(x, 0.5), np.modf, np.nan_to_num, np.sinc, np.isnan, np.isinf, np.isfinite, np.signbit,
        lambda x: np.nan_to_num(x, nan=1.0, posinf=2.0, neginf=3.0), lambda x: np.fmax(x, 1.0),
        lambda x: np.fmin(1.0, x), lambda x: np.interp(x, [0.0, 1.0], [2.0, 3.0]),
        lambda x: np.interp(x, [0.0, 1.0], [2.0, 3.0], left=7.0, right=8.0), lambda x: np.logaddexp2(x, 1.0),
        lambda x: np.ldexp(x, 3), lambda x: np.clip(x, -1.0, 1.0),
    ],
)  # fmt: skip
def test_the_edges_are_numpys(f, x):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        np.testing.assert_allclose(data_of(f(array([x]))), f(np.array([x])), rtol=1e-15)


def test_nothing_flows_back_to_what_nan_to_num_replaces():
    assert grad(lambda x: np.nan_to_num(x).sum())(np.array([1.0, np.nan, np.inf, -np.inf])).tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(("x", "second"), [(0.0, -(math.pi**2) / 3), (1e-9, -(math.pi**2) / 3)])
def test_sinc_has_its_derivatives_at_0(x, second):
    assert np.sinc(Value(x)).data == 1.0
    assert grad(np.sinc)(x) == pytest.approx(second * x, rel=1e-9, abs=1e-300)
    assert hessian(np.sinc)(x) == pytest.approx(second, rel=1e-12)


def test_sinc_is_smooth_where_its_series_ends():
    for x in (0.159, 0.1591, 0.16):
        y = math.pi * x
        assert np.sinc(Value(x)).data == pytest.approx(np.sinc(x), rel=4e-16)
        assert grad(np.sinc)(x) == pytest.approx(math.pi * (math.cos(y) / y - math.sin(y) / y**2), rel=1e-13)


def test_interpolation_at_a_point_takes_the_segment_on_its_right():
    x = [0.0, 1.0, 2.0]
    assert np.interp(Value(1.0), x, [0.0, 1.0, 5.0]).data == 1.0
    assert grad(lambda v: np.interp(v, x, [0.0, 1.0, 5.0]))(1.0) == 4.0
    assert np.isnan(np.interp(Value(math.nan), x, x).data)


@pytest.mark.parametrize(
    "arguments", [([], []), ([0.0], [1.0, 2.0]), ([0.0, 1.0], [0.0])], ids=["none", "more", "fewer"]
)
def test_interpolation_needs_points(arguments):
    with pytest.raises(ValueError, match="as many xp as fp, and at least one"):
        np.interp(Value(1.0), *arguments)


def test_interpolation_with_a_period_of_0_is_refused():
    with pytest.raises(ValueError, match=r"the period of np\.interp must not be 0"):
        np.interp(Value(1.0), [0.0, 1.0], [0.0, 1.0], period=0)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((1.0, 2.0), {}, TypeError, "one for each of 1 axes, not 2"),
        (([0.0, 1.0],), {}, ValueError, "must be 3 numbers"),
        ((), {"edge_order": 3}, ValueError, "edge_order must be 1 or 2, not 3"),
    ],
)
def test_the_spacings_of_a_gradient_fit_its_axes(arguments, options, error, message):
    with pytest.raises(error, match=message):
        np.gradient(array([1.0, 2.0, 4.0]), *arguments, **options)
    with pytest.raises(ValueError, match="at least 2 points along axis 0, not 1"):
        np.gradient(array([1.0]))


def test_labels_and_nodes_pass_through_functions_that_only_move_elements():
    x = array([1.0, 2.0, 3.0], "x")
    for f in (np.flip, np.roll, np.sort, np.unique, np.diag, np.tile, np.repeat, np.where):
        arguments = {np.roll: (x, 1), np.tile: (x, 2), np.repeat: (x, 2), np.where: (x > 0.0, x, 0.0)}.get(f, (x,))
        assert {v for v in np.ravel(f(*arguments)) if isinstance(v, Value)} == set(x)


def test_a_weighted_covariance_is_differentiated_by_its_weights():
    x = np.array([[0.5, 1.0, -0.25, 2.0], [1.5, 0.0, 0.5, -1.0]])
    check(lambda x, weights: np.cov(x, aweights=weights), [x, np.array([1.0, 2.0, 0.5, 0.75])])
    for ddof in (0, 2):
        check(
            lambda x, weights, ddof=ddof: np.cov(x, aweights=weights, ddof=ddof), [x, np.array([1.0, 2.0, 0.5, 0.75])]
        )


def test_a_matrix_of_three_axes_has_no_covariance():
    with pytest.raises(ValueError, match="one or two axes, not 3"):
        np.cov(array(np.ones((2, 2, 2))))


def test_results_with_and_without_values_join():
    x = Value(3.0)
    assert isinstance(np.nan_to_num(array([x, 1.0])), ValueArray)
    y = np.einsum("i,i", array([x, 2.0]), [1.0, 2.0])
    y.backward()
    assert (y.data, x.grad) == (7.0, 1.0)
    assert grad_of(array([x])).tolist() == [1.0]


@pytest.mark.parametrize("decimals", [0, 1, 2, -1])
@pytest.mark.parametrize("number", [1.26, -2.5, 34.567, 35.0])
def test_every_way_to_round_a_value_is_that_of_numpy(number, decimals):
    expected = np.round(number, decimals)
    x = Value(number)
    ways = [np.round(x, decimals), np.around(x, decimals), round(x, decimals)]
    ways += [np.round(autograd.array([x]), decimals)[0], autograd.array([x]).round(decimals)[0]]
    assert [y.data for y in ways] == [expected] * len(ways)


def test_a_ufunc_returns_the_array_that_it_was_given():
    for shape in ((), (2,)):
        numbers = np.full(shape, Value(3.0), dtype=object)
        out = np.empty(shape, dtype=object).view(ValueArray)
        assert np.multiply(autograd.array(numbers) if shape else Value(3.0), numbers, out=out) is out
        assert np.all(autograd.data_of(out) == 9.0)
