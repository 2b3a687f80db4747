"""Broyden's corrections: the secant they hold, and linear functions that they solve."""

import jax.numpy as jnp
import numpy as np
import pytest

from initlab.initializers.schemes.broyden import corrected, limited

RNG = np.random.default_rng(3)


def test_the_corrected_estimate_says_what_the_step_changed_and_no_more():
    inverse, step, change = RNG.normal(size=(5, 5)), RNG.normal(size=5), RNG.normal(size=5)
    found = corrected(*map(jnp.asarray, (inverse, step, change)))
    # Of sums of five products of order 1, in float32.
    assert found @ change == pytest.approx(-step, abs=1e-4)
    across = np.linalg.svd((step @ inverse)[None])[2][1:]  # what the step says nothing about
    assert np.linalg.matrix_rank(found - inverse, tol=1e-4) == 1
    assert np.abs((found - inverse) @ across.T).max() < 1e-4


def test_a_linear_system_is_solved_in_twice_as_many_steps_as_it_has_unknowns():
    # Gay, Some convergence properties of Broyden's method (1979): at most 2 n steps.
    slope = -np.eye(3) + 0.3 * RNG.normal(size=(3, 3))
    inverse, at = jnp.eye(3), jnp.zeros(3)
    value = jnp.asarray([1.0, -2.0, 0.5])
    for _ in range(6):
        step = inverse @ value
        at, change = at + step, jnp.asarray(slope) @ step
        inverse, value = corrected(inverse, step, change), value + change
    assert jnp.abs(value).max() < 1e-4  # float32, of values of order 1
    assert jnp.asarray(slope) @ at == pytest.approx([-1.0, 2.0, -0.5], abs=1e-4)


@pytest.mark.parametrize("step", [jnp.zeros(2), jnp.array([1.0, -1.0])])
def test_a_step_that_says_nothing_leaves_the_estimate(step):
    assert bool((corrected(jnp.eye(2), step, jnp.zeros(2)) == jnp.eye(2)).all())


def test_a_step_is_shortened_in_its_direction():
    wanted = jnp.array([0.5, -1.0])
    assert limited(jnp.array([6.0, -12.0]), wanted) == pytest.approx([1.5, -3.0])
    assert limited(jnp.array([1.0, -3.0]), wanted) == pytest.approx([1.0, -3.0])
    assert limited(jnp.zeros(2), jnp.zeros(2)) == pytest.approx([0.0, 0.0])
