"""Weight statistics and symmetry measures against NumPy and on kernels whose answer is known."""

import jax.numpy as jnp
import numpy as np
import pytest

from initlab.measure.spectrum import effective_rank
from initlab.measure.symmetry import duplicate_unit_fraction, unit_cosine
from initlab.measure.weights import KERNEL, SYMMETRY, weight_statistics


def measure(kernel, gradient, update, *, spectral=True):
    arrays = [jnp.asarray(x, jnp.float32) for x in (kernel, gradient, update)]
    values = weight_statistics(*arrays, jnp.bool_(spectral))
    return dict(zip(KERNEL + SYMMETRY, np.asarray(values).tolist(), strict=True))


@pytest.mark.parametrize("size", [1.0, 1e-28])
@pytest.mark.parametrize("shape", [(20, 12), (3, 3, 4, 12)])
def test_every_statistic_agrees_with_its_formula(shape, size):
    rng = np.random.default_rng(0)
    kernel, gradient, update = (rng.standard_normal(shape) for _ in range(3))
    found = measure(kernel, size * gradient, size * update)
    columns = kernel.reshape(-1, shape[-1])
    unit = columns / np.linalg.norm(columns, axis=0)
    cosines = unit.T @ unit
    singular = np.linalg.svd(gradient.reshape(-1, shape[-1]), compute_uv=False)
    units = shape[-1]
    expected = {
        "kernel_mean": kernel.mean(),
        "kernel_deviation": kernel.std(),
        "kernel_min": kernel.min(),
        "kernel_max": kernel.max(),
        "kernel_gradient_deviation": size * gradient.std(),
        "update_to_weight_ratio": size * np.sqrt((update**2).mean() / (kernel**2).mean()),
        "duplicate_unit_fraction": 0.0,
        "unit_cosine": (cosines.sum() - units) / (units * (units - 1)),
        "kernel_gradient_rank": (singular**2).sum() ** 2 / (singular**4).sum(),
    }
    # A mean of cosines rounds as numbers of size 1 do, whatever the size of the weights.
    cosine = expected.pop("unit_cosine")
    assert found.pop("unit_cosine") == pytest.approx(cosine, abs=2**-22)
    assert found == pytest.approx(expected, rel=2e-5, abs=1e-6 * size)


def test_zero_weights_have_no_ratio_and_are_all_duplicates():
    found = measure(np.zeros((4, 6)), np.zeros((4, 6)), np.zeros((4, 6)))
    assert np.isnan(found["update_to_weight_ratio"])
    assert found["duplicate_unit_fraction"] == 1.0
    assert found["kernel_gradient_rank"] == 0.0
    assert found["unit_cosine"] == 0.0


@pytest.mark.parametrize("copies", [0, 2, 3, 7])
def test_duplicates_are_counted_wherever_they_stand(copies):
    rng = np.random.default_rng(copies)
    weights = rng.standard_normal((9, 20))
    chosen = rng.permutation(20)[:copies]
    weights[:, chosen] = weights[:, chosen[:1]] if copies else 0
    scaled = jnp.asarray(weights / np.abs(weights).max(), jnp.float32)
    assert float(duplicate_unit_fraction(scaled)) == pytest.approx(copies / 20)


def test_units_that_differ_by_more_than_the_tolerance_are_no_duplicates():
    weights = jnp.ones((5, 2)).at[0, 1].add(1e-4)
    assert float(duplicate_unit_fraction(weights)) == 0.0
    assert float(duplicate_unit_fraction(jnp.ones((5, 2)).at[0, 1].add(1e-6))) == 1.0


def test_units_that_point_one_way_have_cosine_one():
    direction = np.random.default_rng(0).standard_normal((8, 1))
    assert float(
        unit_cosine(jnp.asarray(direction * [[1.0, 2.0, 0.5]], jnp.float32))
    ) == pytest.approx(1)
    assert np.isnan(float(unit_cosine(jnp.ones((8, 1)))))


@pytest.mark.parametrize("rank", [1, 2, 5])
def test_effective_rank_counts_equal_singular_values(rank):
    rng = np.random.default_rng(0)
    left, _ = np.linalg.qr(rng.standard_normal((12, rank)))
    right, _ = np.linalg.qr(rng.standard_normal((9, rank)))
    assert float(effective_rank(jnp.asarray(left @ right.T, jnp.float32))) == pytest.approx(
        rank, rel=1e-5
    )


def test_effective_rank_of_zeros_is_zero():
    assert float(effective_rank(jnp.zeros((4, 4)))) == 0.0
