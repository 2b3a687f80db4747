import math

import numpy as np
import pytest
from pydantic import TypeAdapter

from initlab.analysis.intervals import Interval, interval
from initlab.analysis.verdicts import (
    above,
    agrees,
    always,
    below,
    rectifier_increment,
    slope_scatter,
    weight_variance,
    widest,
    within,
)
from initlab.spec.laws import LAW_NAMES, InitializerLaw
from initlab.theory.law_variance import law_variance
from tests.initializers.test_docs import law_of

NO_ENDS = Interval(0.5, math.nan, math.nan, 4)


def measured(low, high, centre=None):
    return Interval((low + high) / 2 if centre is None else centre, low, high, 5)


@pytest.mark.parametrize(
    ("low", "high", "over", "under"),
    [
        (0.6, 0.7, "supported", "refuted"),
        (0.3, 0.4, "refuted", "supported"),
        (0.4, 0.6, "inconclusive", "inconclusive"),
        (0.5, 0.5, "refuted", "refuted"),  # neither above nor below
    ],
)
def test_a_bound_is_strict_and_the_whole_interval_counts(low, high, over, under):
    assert above(measured(low, high), 0.5) == over
    assert below(measured(low, high), 0.5) == under


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(-1, 1, "supported"), (-1.1, 0, "inconclusive"), (1.1, 2, "refuted"), (-9, 9, "inconclusive")],
)
def test_a_range_must_hold_the_whole_interval(low, high, verdict):
    assert within(measured(low, high), -1, 1) == verdict


@pytest.mark.parametrize(
    ("low", "centre", "high", "verdict"),
    [
        (-0.9, 0.5, 1.9, "supported"),
        (-9, 0.5, 9, "inconclusive"),
        (0.5, 2, 3.5, "inconclusive"),
        (1.1, 2, 3, "refuted"),
        (-3, -2, -1.1, "refuted"),
    ],
)
def test_a_mean_agrees_within_the_scatter_of_theory(low, centre, high, verdict):
    assert agrees(measured(low, high, centre), -1, 1) == verdict


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("n", [5, 10, 40])
def test_means_with_the_scatter_of_theory_agree_and_with_three_times_as_much_do_not(n, log):
    rng = np.random.default_rng(n)
    reach = 3 * 0.2 / math.sqrt(n)
    low, high = (math.exp(-reach), math.exp(reach)) if log else (-reach, reach)

    def share(deviation, runs=1_000):
        draws = rng.normal(0.0, deviation, (runs, n))
        found = [interval(np.exp(row) if log else row, log=log) for row in draws]
        return np.mean([agrees(one, low, high) == "supported" for one in found])

    # A mean and a deviation are beyond their bounds in 0.27 % each: 5.4 of 1,000, and 5 deviations.
    assert share(0.2) >= 1 - (5.4 + 5 * math.sqrt(5.4)) / 1_000
    # Three times the scatter: the deviation is below its bound, at n = 5, where chi squared with
    # four degrees is below 16.25 / 9 (23 %), and the centre then inside in 68 %.
    assert share(0.6) < 0.68 * 0.23 + 5 * math.sqrt(0.16 / 1_000)


def test_an_interval_of_logarithms_is_as_wide_as_its_ends_are_factors_apart():
    wide = Interval(0.1, 1e-5, 0.9, 5)  # within the room for distances, and not for factors
    assert agrees(wide, 0.01, 1.0) == "supported"
    assert agrees(wide._replace(log=True), 0.01, 1.0) == "inconclusive"
    assert agrees(wide._replace(low=0.0, log=True), 0.01, 1.0) == "inconclusive"


def test_an_interval_may_be_as_wide_as_chance_makes_it():
    assert widest(5) == pytest.approx(2.7764 * math.sqrt(16.2513 / 4) / 3, rel=1e-3)
    assert widest(100_000) == pytest.approx(1.96 / 3, rel=0.02)


@pytest.mark.parametrize("nothing", [NO_ENDS, interval([], log=False)])
def test_without_an_interval_nothing_is_decided(nothing):
    assert above(nothing, 0) == below(nothing, 1) == "inconclusive"
    assert within(nothing, 0, 1) == agrees(nothing, 0, 1) == "inconclusive"


def test_one_counterexample_refutes_and_five_seeds_support():
    assert always([True] * 5) == "supported"
    assert always([True] * 4) == "inconclusive"
    assert always([True] * 9 + [False]) == "refuted"
    assert always([]) == "inconclusive"


@pytest.mark.parametrize("name", LAW_NAMES)
@pytest.mark.parametrize("width", [3, 128])
def test_closed_forms_are_those_of_theory(name, width):
    # The half that reads has its own, for theory loads JAX; of zeros it has none.
    law = law_of(name)
    expected = None if name == "zeros" else law_variance(law, (width, width))
    found = weight_variance(law.label, width)
    assert found == (expected and pytest.approx(width * expected, rel=1e-12))


@pytest.mark.parametrize(
    "given",
    [
        {"name": "siren_first", "folded_omega": 1.0},
        {"name": "siren_hidden", "omega": 30.0},
        {"name": "lenet_class_uniform", "pool_area": 4},
        {"name": "variance_scaling", "scale": 0.7, "distribution": "uniform"},
        {"name": "caffe_msra", "mode": "fan_avg"},
        {"name": "random_walk", "activation": "relu"},
    ],
    ids=lambda given: given["name"],
)
def test_defaults_are_those_of_the_laws(given):
    law = TypeAdapter(InitializerLaw).validate_python(given)
    expected = 64 * law_variance(law, (64, 64))
    assert weight_variance(law.label, 64) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "label", ["zeros", "normal(stddev=0.1, mean=0.2)", "uniform(high=1, low=0)",
              "he_normal(gain=2)", "normal", "unheard_of", "normal(stddev=wide)",
              "random_walk(activation=linear)", "tied_halves(weight_variance=1)", "identity"],
)  # fmt: skip
def test_other_laws_have_no_closed_form(label):
    assert weight_variance(label, 128) is None


@pytest.mark.parametrize(
    ("width", "drift"), [(32, -0.0825402), (128, -0.0197864), (512, -0.00489848)]
)
def test_drift_of_a_rectifier_is_the_known_one(width, drift):
    assert rectifier_increment(width)[0] == pytest.approx(drift, rel=1e-5)


@pytest.mark.parametrize("orthogonal", [False, True])
def test_drift_and_scatter_are_those_of_a_simulation(orthogonal):
    draws = np.random.default_rng(0).standard_normal((40_000, 32))
    kept = np.sum(np.maximum(draws, 0) ** 2, axis=1)
    logs = np.log(2 * kept / (np.sum(draws**2, axis=1) if orthogonal else 32))
    mean, variance = rectifier_increment(32, orthogonal=orthogonal)
    # Five standard errors: of the mean sqrt(v / n), of the variance about v sqrt(2 / n).
    assert logs.mean() == pytest.approx(mean, abs=5 * math.sqrt(variance / len(logs)))
    assert logs.var() == pytest.approx(variance, rel=5 * math.sqrt(3 / len(logs)))


@pytest.mark.parametrize("num_layers", [2, 4, 9, 49])
def test_slope_of_a_random_walk_scatters_as_said(num_layers):
    walks = np.cumsum(np.random.default_rng(1).standard_normal((20_000, num_layers)), axis=1)
    slopes = np.polyfit(np.arange(num_layers), walks.T, 1)[0]
    assert slopes.var() == pytest.approx(slope_scatter(num_layers), rel=5 * math.sqrt(2 / 20_000))
    if num_layers > 9:
        assert slope_scatter(num_layers) == pytest.approx(6 / (5 * num_layers), rel=0.01)
