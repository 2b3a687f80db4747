"""Site statistics against NumPy in double precision, and against what they are meant to tell."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.activations import ACTIVATIONS
from initlab.measure.site import COSTLY, MOMENTS, SHAPE, site_statistics, steepest_slope

NAMES = MOMENTS + SHAPE + COSTLY


def measure(h, name="relu", *, spectral=True, readout=False):
    function = ACTIVATIONS[name].function
    a = None if readout else function(h)
    values = site_statistics(h, a, function, steepest_slope(function), jnp.bool_(spectral))
    return dict(zip(NAMES, np.asarray(values).tolist(), strict=True))


def cosine_by_pairs(h):
    unit = h / np.linalg.norm(h, axis=1, keepdims=True)
    pairs = [unit[a] @ unit[b] for a in range(len(h)) for b in range(len(h)) if a != b]
    return float(np.mean(pairs))


@pytest.fixture
def h():
    return np.random.default_rng(0).standard_normal((16, 12)) + 0.3


@pytest.mark.parametrize("size", [1.0, 1e-25, 1e25])
def test_every_statistic_agrees_with_its_formula(h, size):
    found = measure(jnp.asarray(size * h, jnp.float32))
    a = np.maximum(h, 0)
    rms = np.sqrt((h**2).mean())
    singular = np.linalg.svd(a, compute_uv=False)
    expected = {
        "preactivation_mean": size * h.mean(),
        "preactivation_deviation": size * h.std(),
        "preactivation_rms": size * rms,
        "activation_mean": size * a.mean(),
        "activation_deviation": size * a.std(),
        "activation_rms": size * np.sqrt((a**2).mean()),
        "batch_correlation": cosine_by_pairs(h),
        "positive_fraction": (h > 0).mean(),
        "dead_fraction": (h <= 0).all(axis=0).mean(),
        "saturated_fraction": (h <= 0).mean(),
        "preactivation_unit_mean_spread": h.mean(axis=0).std() / rms,
        "preactivation_unit_variance_spread": h.var(axis=0).std() / rms**2,
        "positive_fraction_spread": (h > 0).mean(axis=0).std(),
        "effective_rank": (singular**2).sum() ** 2 / (singular**4).sum(),
    }
    assert found == pytest.approx(expected, rel=2e-5, abs=1e-6 * min(size, 1.0))


def test_saturation_of_tanh_is_a_flat_slope():
    h = jnp.asarray(np.linspace(-5, 5, 4_001)[:, None], jnp.float32)
    # 1 - tanh(h)^2 <= 0.05 beyond artanh(sqrt(0.95)) = 2.1785
    assert measure(h, "tanh")["saturated_fraction"] == pytest.approx(1 - 2 * 2.1785 / 10, abs=1e-3)


def test_an_author_s_own_gradient_is_the_slope():
    @jax.custom_vjp
    def straight(x):
        return jnp.sign(x)

    straight.defvjp(lambda x: (jnp.sign(x), x), lambda x, g: (g * (jnp.abs(x) < 1),))
    h = jnp.asarray(np.linspace(-4, 4, 4_000)[:, None], jnp.float32)
    values = site_statistics(h, straight(h), straight, steepest_slope(straight), jnp.bool_(True))
    found = dict(zip(NAMES, np.asarray(values).tolist(), strict=True))
    assert found["saturated_fraction"] == pytest.approx(0.75, abs=1e-3)


def test_a_unit_dead_for_every_input_is_counted_once():
    h = jnp.asarray(np.random.default_rng(1).uniform(0.1, 1.0, (20, 10)), jnp.float32)
    assert measure(h.at[:, :3].set(-1.0))["dead_fraction"] == pytest.approx(0.3)


def test_the_readout_has_no_activation():
    found = measure(jnp.ones((4, 3)), readout=True)
    assert {name for name, value in found.items() if np.isnan(value)} == {
        "activation_mean",
        "activation_deviation",
        "activation_rms",
        "dead_fraction",
        "saturated_fraction",
        "effective_rank",
    }


def test_costly_statistics_are_skipped_off_the_spectral_schedule(h):
    found = measure(jnp.asarray(h, jnp.float32), spectral=False)
    assert all(np.isnan(found[name]) for name in COSTLY)
    assert not np.isnan(found["batch_correlation"])


@pytest.mark.parametrize(("name", "slope"), [("relu", 1.0), ("sigmoid", 0.25), ("selu", 1.7581)])
def test_steepest_slope_is_the_supremum_of_the_derivative(name, slope):
    assert steepest_slope(ACTIVATIONS[name].function) == pytest.approx(slope, rel=2e-3)


def test_steepest_slope_can_be_asked_for_while_tracing():
    function = ACTIVATIONS["tanh"].function
    assert float(jax.jit(lambda x: x * steepest_slope(function))(2.0)) == pytest.approx(2.0)
