"""The known answers that were sampled: each within the error of its own sample of the law."""

import functools
import math
import re

import jax
import numpy as np
import pytest
import scipy.stats

from initlab import theory
from initlab.analysis.verdicts import rectifier_increment
from initlab.initializers import he_normal
from tests.theory.known_answers import KNOWN

STANDARD_ERRORS = 5
DRAWN = KNOWN["finite_width"]["MC_check_n100_L10"]
SPECTRA = KNOWN["jacobian_singular_values"]
NORMALIZED = KNOWN["batchnorm"]["MC"]
WIDTH, DEPTH = 100, 10  # of DRAWN
UNITS, LAYERS, SEEDS = map(int, re.findall(r"\d+", SPECTRA["monte_carlo"]))
OWN_SEEDS = 6


def raw_moments():
    """First four moments of M_L / M_0: powers of those of a layer's mean of 2 relu(z)^2."""
    # E (2 relu^2)^k = 2^(k - 1) (2k - 1)!!
    one = [1.0] + [2.0 ** (k - 1) * math.prod(range(1, 2 * k, 2)) for k in range(1, 5)]
    cumulants = [0.0] * 5
    for k in range(1, 5):
        cumulants[k] = one[k] - sum(
            math.comb(k - 1, j - 1) * cumulants[j] * one[k - j] for j in range(1, k)
        )
    mean_of_units = [kappa / WIDTH ** (k - 1) for k, kappa in enumerate(cumulants)]
    layer = [1.0]
    for k in range(1, 5):
        layer.append(
            sum(math.comb(k - 1, j - 1) * mean_of_units[j] * layer[k - j] for j in range(1, k + 1))
        )
    return [moment**DEPTH for moment in layer]


def test_the_drawn_networks_scatter_as_the_law_says():
    _, mean, second, third, fourth = raw_moments()
    variance = second - mean**2
    assert variance == pytest.approx(DRAWN["theory_var"], rel=1e-9)
    assert theory.relative_scatter("relu", [WIDTH] * DEPTH, 2.0, 0.0)[-1] == pytest.approx(
        variance, rel=1e-9
    )
    error = math.sqrt(variance / DRAWN["samples"])
    assert DRAWN["mean"] == pytest.approx(mean, abs=STANDARD_ERRORS * error)
    # Of a sample variance: (fourth central moment - variance^2) / samples.
    central = fourth - 4 * third * mean + 6 * second * mean**2 - 3 * mean**4
    error = math.sqrt((central - variance**2) / DRAWN["samples"])
    assert DRAWN["var"] == pytest.approx(variance, abs=STANDARD_ERRORS * error)


def test_the_drawn_networks_decay_as_the_typical_one():
    drift, variance = rectifier_increment(WIDTH)
    assert drift == pytest.approx(theory.he_relu_mean_log_factor(WIDTH), rel=1e-9)
    error = math.sqrt(DEPTH * variance / DRAWN["samples"])
    assert DRAWN["mean_log"] == pytest.approx(DEPTH * drift, abs=STANDARD_ERRORS * error)


def slopes(name, rng):
    """Slopes of a layer's units at the known points, in shares that are not drawn."""
    z = rng.permutation(scipy.stats.norm.ppf((np.arange(UNITS) + 0.5) / UNITS))
    if name == "linear":
        return np.ones(UNITS)
    if name == "relu":
        return math.sqrt(2) * (z > 0)
    point = SPECTRA["tanh_point"]
    return math.sqrt(point["sigma_w2"]) / np.cosh(math.sqrt(point["q_star"]) * z) ** 2


@functools.cache
def kernels(law, seed):
    """One network's kernels, by layer, for whichever nonlinearity."""
    rng = np.random.default_rng(seed)
    drawn = [rng.standard_normal((UNITS, UNITS)) / math.sqrt(UNITS) for _ in range(LAYERS)]
    if law == "gaussian":
        return drawn
    factors = [np.linalg.qr(kernel) for kernel in drawn]
    return [kernel * np.sign(np.diag(upper)) for kernel, upper in factors]


def spectrum(name, law, seed):
    """Mean and variance of the squared singular values of a network's Jacobian."""
    rng = np.random.default_rng(100 + seed)
    jacobian = np.eye(UNITS)
    for kernel in kernels(law, seed):
        jacobian = slopes(name, rng)[:, None] * (kernel @ jacobian)
    gram = jacobian.T @ jacobian
    mean = np.trace(gram) / UNITS
    return mean, np.sum(gram**2) / UNITS - mean**2


@pytest.mark.parametrize("case", SPECTRA["cases"])
def test_spectra_of_drawn_jacobians_are_those_of_the_known_simulation(case):
    # Six seeds of the file against networks of the same width and depth that are drawn here:
    # standard errors by the scatter over seeds here. A width of 500 moves both alike.
    name, law = case.split(", ")
    own = np.array([spectrum(name, law, seed) for seed in range(OWN_SEEDS)])
    known = SPECTRA["cases"][case]
    error = own.std(axis=0, ddof=1) * math.sqrt(1 / SEEDS + 1 / OWN_SEEDS)
    tolerance = STANDARD_ERRORS * error + 5e-4  # and the last digit that is printed
    away = np.abs(own.mean(axis=0) - [known["MC_mean"], known["MC_var"]])
    assert (away < tolerance).all()
    # The law is of infinite width, from which a part in the width is left, for each layer.
    share = own.mean(axis=0)[1] / own.mean(axis=0)[0] ** 2
    finite = known["theory_var"] * (2 * LAYERS / UNITS)
    assert abs(share - known["theory_var"]) < tolerance[1] * (1 + known["theory_var"]) + finite


def fall_of_the_angle(logs, shallow, deep):
    """By how much the logarithm of sin^2 of two inputs' angle falls between two layers."""
    return logs[shallow] - logs[deep]


def test_angles_of_narrow_networks_close_faster_than_those_of_wide_ones():
    # Jakub and Nica 2023, arXiv:2302.09712: a layer takes 2 theta / (3 pi) + rho(n) off the mean.
    n, shallow, deep = 64, 10, 30
    rho = math.log((n + 5) / (n - 1)) - 10 * n / (n + 5) ** 2 + 6 * n / (n - 1) ** 2
    assert rho == pytest.approx(0.053296, abs=5e-7)
    logs, theta = [0.0], math.pi / 2
    wide, c = [0.0], 0.0
    for _ in range(deep):
        logs.append(logs[-1] - 2 * theta / (3 * math.pi) - rho)
        theta = math.asin(math.exp(logs[-1] / 2))
        c = theory.c_map("relu", c, 1.0, 2.0, 0.0)
        wide.append(math.log1p(-(c**2)))
    assert fall_of_the_angle(logs, shallow, deep) == pytest.approx(2.03, abs=0.005)
    assert fall_of_the_angle(wide, shallow, deep) == pytest.approx(1.47, abs=0.005)
    networks, law = 400, jax.jit(jax.vmap(he_normal(), in_axes=(0, None)), static_argnums=1)
    x = np.broadcast_to(np.eye(2, n), (networks, 2, n))
    drawn = [np.zeros(networks)]
    for key in jax.random.split(jax.random.key(0), deep):
        x = np.maximum(x @ np.asarray(law(jax.random.split(key, networks), (n, n)), np.float64), 0)
        unit = x / np.linalg.norm(x, axis=-1, keepdims=True)
        gap = ((unit[:, 0] - unit[:, 1]) ** 2).sum(axis=-1) / 2  # 1 - c, to its own digits
        drawn.append(np.log(gap * (2 - gap)))
    own = fall_of_the_angle(np.array(drawn), shallow, deep)
    error = STANDARD_ERRORS * own.std(ddof=1) / math.sqrt(networks)
    # The recursion leaves out the angle's own scatter; the file's sample has 2.01.
    assert own.mean() == pytest.approx(2.01, abs=error)
    assert own.mean() - error > fall_of_the_angle(wide, shallow, deep)


def factors(key):
    """A sample's factors of layers, and the half width of a 99 % t interval of their mean."""
    values = np.array(NORMALIZED[key])
    t = scipy.stats.t.ppf(0.995, len(values) - 1)
    return values.mean(), t * values.std(ddof=1) / math.sqrt(len(values))


LARGE = {
    "relu B=128 N=2048 (layers away from the ends)": ("relu", 128),
    "relu B=256 N=2048": ("relu", 256),
    "relu B=64 N=2048": ("relu", 64),
    "relu B=16 N=2048": ("relu", 16),
    "tanh B=128 N=2048": ("tanh", 128),
}
LINEAR = {
    "linear B=16 N=1024 vs (B-2)/(B-3)=1.076923": 16,
    "linear B=8 N=1024 vs 6/5=1.2": 8,
}


@pytest.mark.parametrize("key", LARGE)
def test_batch_norm_gradients_grow_by_the_factor_of_large_batches_or_a_little_more(key):
    # A batch of B lifts the mean of one over its variance: by (B - 2) / (B - 3) where the network
    # is linear. The sample lies between that and no lift at all.
    name, batch = LARGE[key]
    mean, error = factors(key)
    large = theory.batch_norm_gradient_factor(name)
    lifted = large * theory.batch_norm_linear_gradient_factor(batch)
    assert large - error < mean < lifted + error
    assert mean - error > 1  # which tells growth from none


@pytest.mark.parametrize("key", LINEAR)
def test_batch_norm_of_linear_networks_has_the_factor_of_its_batch(key):
    mean, error = factors(key)
    factor = theory.batch_norm_linear_gradient_factor(LINEAR[key])
    assert mean == pytest.approx(factor, abs=error)


def test_every_sample_is_held_against_its_law():
    narrow = "relu B=256 N=384 deep (14 layers) - WRONG REGIME, N not >> B"
    assert set(NORMALIZED) == {*LARGE, *LINEAR, narrow}
    # The law is for widths far above the batch, and this entry is there to show it.
    assert NORMALIZED[narrow] < 0.9 * theory.batch_norm_gradient_factor("relu")
