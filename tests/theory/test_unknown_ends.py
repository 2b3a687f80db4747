"""What is unknown of a function far from zero is told where it matters, not taken for growth."""

import math

import jax
import jax.numpy as jnp
import pytest
from typer.testing import CliRunner

from initlab import theory
from initlab.cli import app
from initlab.errors import SpecError


def jumps(x):
    return jnp.tanh(x) + jnp.where(x > 5, 0.1, 0.0)


def half_defined(x):
    return jnp.sqrt(x + 3)


def fast(x):
    return jnp.sin(1e5 * x)


def gelu_that_jumps(x):
    return jax.nn.gelu(x, approximate=False) + jnp.where(x > 20, 0.1, 0.0)


def exponential(x):
    return jnp.exp(x)


UNKNOWN = {
    jumps: "`jumps` jumps at x = 5: the mean square of its derivative is infinite.",
    half_defined: "`half_defined` must be finite, got nan at x = -3",
    fast: "`fast` cannot be integrated: between",
}


@pytest.mark.parametrize("phi", UNKNOWN)
def test_where_q_leaves_what_is_known_there_is_no_answer(phi):
    for asked in (theory.q_star, theory.fixed_points, theory.chi_1, theory.c_star):
        with pytest.raises(ValueError) as caught:
            asked(phi, 2.0, 0.05)
        assert str(caught.value).startswith(UNKNOWN[phi])


@pytest.mark.parametrize("phi", [jumps, half_defined])
def test_no_critical_point_is_said_of_what_is_not_known(phi):
    for asked in (theory.critical_points, theory.critical_weight_variance):
        with pytest.raises(ValueError) as caught:
            asked(phi, 0.05)
        assert str(caught.value).startswith(UNKNOWN[phi])
    with pytest.raises(ValueError) as caught:
        theory.half_stable_points(phi)
    assert str(caught.value).startswith(UNKNOWN[phi])


def test_what_is_settled_before_is_answered():
    assert theory.q_star(jumps, 0.5, 0.001) == theory.q_star("tanh", 0.5, 0.001)
    [known], [found] = (theory.critical_points(phi, 2e-5) for phi in ("tanh", jumps))
    assert found[:4] == pytest.approx(known[:4], rel=1e-9)
    assert found.stability == known.stability
    assert theory.q_star(lambda x: jnp.sin(1e3 * x), 1e-7, 0.0) == 0.0


def test_a_stable_critical_point_may_lie_beyond_what_is_known():
    # At this bias variance GELU's one below a q of 2 is unstable.
    [point] = theory.critical_points(gelu_that_jumps, 0.05)
    assert point.stability == "unstable"
    with pytest.raises(ValueError, match="`gelu_that_jumps` jumps at x = 20"):
        theory.critical_weight_variance(gelu_that_jumps, 0.05)


def test_growth_is_told_from_it():
    assert theory.q_star(exponential, 1.0, 0.0) == math.inf
    assert theory.q_star(lambda x: x**3, 0.1, 3.0) == math.inf
    [point] = theory.critical_points(exponential, 0.05)
    assert point.stability == "unstable"
    with pytest.raises(ValueError, match="has no stable critical point at bias variance"):
        theory.critical_weight_variance(exponential, 0.05)


@pytest.mark.parametrize("name", ["jumps", "half_defined"])
def test_the_command_refuses_what_is_not_known(name):
    words = ("--activation", f"{__name__}:{name}", "--weight-variance", "2")
    words += ("--bias-variance", "0.05")
    with pytest.raises(SpecError) as caught:
        CliRunner().invoke(app, ["predict", *words], catch_exceptions=False)
    assert str(caught.value).startswith(UNKNOWN[globals()[name]])
