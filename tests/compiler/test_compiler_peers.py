"""The usual examples of CasADi: values, derivatives, Hessians and sparsity agree with CasADi and JAX to 1e-12."""

import numpy as np
import pytest

import autograd
from autograd import array, cos, sin

casadi = pytest.importorskip("casadi")
jax = pytest.importorskip("jax")


def rosenbrock(x):
    return sum(100.0 * (x[k + 1] - x[k] ** 2) ** 2 + (1.0 - x[k]) ** 2 for k in range(5))


def van_der_pol(x):
    """A step of the classical Runge-Kutta method for the Van der Pol oscillator with the input x[2]."""
    u, step = x[2], 0.1

    def rate(a, b):
        return (1.0 - b * b) * a - b + u, a

    def moved(by, rates):
        return x[0] + by * rates[0], x[1] + by * rates[1]

    k1 = rate(x[0], x[1])
    k2 = rate(*moved(step / 2.0, k1))
    k3 = rate(*moved(step / 2.0, k2))
    k4 = rate(*moved(step, k3))
    return [x[n] + step / 6.0 * (k1[n] + 2.0 * k2[n] + 2.0 * k3[n] + k4[n]) for n in range(2)]


def arm(x, cos=cos, sin=sin):
    """The accelerations of an arm of two links, from its angles, speeds and torques: (M(q))⁻¹ (τ - C(q, q̇) - g(q))."""
    q1, q2, v1, v2, torque1, torque2 = (x[n] for n in range(6))
    m1, m2, l1, l2, g = 1.0, 0.8, 0.5, 0.4, 9.81
    m12 = m2 * l2 * l2 + m2 * l1 * l2 * cos(q2)
    m11, m22 = m1 * l1 * l1 + m2 * l1 * l1 + m2 * l1 * l2 * cos(q2) + m12, m2 * l2 * l2
    turning = m2 * l1 * l2 * sin(q2)
    gravity2 = m2 * g * l2 * cos(q1 + q2)
    right1 = torque1 + turning * (2.0 * v1 * v2 + v2 * v2) - (m1 + m2) * g * l1 * cos(q1) - gravity2
    right2 = torque2 - turning * v1 * v1 - gravity2
    determinant = m11 * m22 - m12 * m12
    return [(m22 * right1 - m12 * right2) / determinant, (m11 * right2 - m12 * right1) / determinant]


def energy(x):
    """A nonlinear chain, whose Hessian is sparse."""
    return sum((x[k + 1] - x[k]) ** 4 + x[k] ** 2 for k in range(7)) + x[0] * x[7]


POINTS = {
    rosenbrock: [-1.2, 1.0, 0.5, -0.3, 1.5, 0.8],
    van_der_pol: [0.3, 1.1, -0.5],
    arm: [0.4, -0.7, 0.3, 0.9, 1.5, -0.4],
    energy: [0.1, -0.4, 0.7, 1.1, 0.2, -0.9, 0.5, 0.3],
}


def of_casadi(f):
    x = casadi.SX.sym("x", len(POINTS[f]))
    y = arm(x, casadi.cos, casadi.sin) if f is arm else f(x)
    return x, casadi.vertcat(*y) if isinstance(y, list) else y


def of_jax(f):
    def outputs(x):
        y = arm(x, jax.numpy.cos, jax.numpy.sin) if f is arm else f(x)
        return jax.numpy.stack(y) if isinstance(y, list) else y

    return outputs


def ours(f):
    def outputs(x):
        y = f(x)
        return array(y) if isinstance(y, list) else y

    return outputs


def assert_agree(got, *others):
    for other in others:
        np.testing.assert_allclose(np.squeeze(got), np.squeeze(np.array(other)), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("target", ["python", "numpy", "native"])
@pytest.mark.parametrize("f", POINTS)
def test_values_and_jacobians_agree(f, target):
    program, point = autograd.compile(ours(f), target=target), np.array(POINTS[f])
    x, y = of_casadi(f)
    theirs = casadi.Function("f", [x], [y, casadi.densify(casadi.jacobian(y, x))])(point)
    with jax.enable_x64(True):
        assert_agree(program(point), theirs[0], of_jax(f)(point))
        assert_agree(program.jacobian(point), theirs[1], jax.jacobian(of_jax(f))(point))


@pytest.mark.parametrize("f", POINTS)
def test_second_derivatives_agree(f):
    point = np.array(POINTS[f])
    program = autograd.compile(ours(f))
    x, y = of_casadi(f)
    first = casadi.vec(casadi.jacobian(y, x).T)  # row by row
    theirs = casadi.Function("f", [x], [casadi.densify(casadi.jacobian(first, x))])(point)
    got = program.jacobian.jacobian(point)
    with jax.enable_x64(True):
        assert_agree(got, np.array(theirs).reshape(got.shape), jax.jacobian(jax.jacobian(of_jax(f)))(point))


@pytest.mark.parametrize("f", POINTS)
def test_sparsity_agrees(f):
    program, point = autograd.compile(ours(f)), np.array(POINTS[f])
    x, y = of_casadi(f)
    assert places(program.jacobian_structure(point)) == places(casadi.jacobian(y, x).sparsity().get_triplet())
    if f in (rosenbrock, energy):
        hessian, _ = casadi.hessian(y, x)
        assert places(program.grad.jacobian_structure(point)) == places(hessian.sparsity().get_triplet())


def places(triplet):
    rows, columns = triplet
    return sorted(zip(map(int, rows), map(int, columns), strict=True))


def test_products_with_vectors_agree():
    point, direction = np.array(POINTS[arm]), np.array([0.1, -0.2, 0.3, 0.4, -0.5, 0.6])
    program = autograd.compile(ours(arm))
    x, y = of_casadi(arm)
    seed = casadi.SX.sym("seed", 6)
    weights = casadi.SX.sym("weights", 2)
    forward = casadi.Function("f", [x, seed], [casadi.jtimes(y, x, seed)])
    backward = casadi.Function("b", [x, weights], [casadi.jtimes(y, x, weights, True)])
    with jax.enable_x64(True):
        values, slopes = program.jvp((point,), (direction,))
        assert_agree(values, of_jax(arm)(point))
        assert_agree(slopes, forward(point, direction), jax.jvp(of_jax(arm), (point,), (direction,))[1])
        (gradient,) = program.vjp(point)[1](np.array([1.0, -2.0]))
        assert_agree(gradient, backward(point, [1.0, -2.0]))
    of_chain = autograd.compile(energy)
    chain = np.array(POINTS[energy])
    with jax.enable_x64(True):
        theirs = jax.hessian(energy)(chain) @ np.arange(8.0)
    assert_agree(of_chain.hvp((chain,), (np.arange(8.0),)), theirs)
