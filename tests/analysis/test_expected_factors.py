import math

import numpy as np
import pandas as pd
import pytest

from initlab.analysis.expected_factors import (
    astray,
    expected_factors,
    expected_slope,
    neighbours,
    run_expectations,
)
from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.analysis.verdicts import slope_scatter

from .drawn_networks import drawn, predicted, tables

ALONE = np.eye(48, dtype=bool)
RIGHT = 0.01  # of right networks that may be called wrong


@pytest.fixture(scope="module")
def he():
    """A thousand ReLU networks of the right scale and depth 50, a run and a trial each."""
    return drawn("relu", 2.0, networks=1000, depth=50, width=128, inputs=4)


@pytest.fixture(scope="module")
def judged(he):
    return run_expectations(*he)


def expected_of_five(runs, expectations):
    """What `expected_factors` says if five runs each are one trial: right or wrong."""
    number = np.arange(len(runs)) // 5
    trials = runs.assign(trial_id=[f"trial-{one}" for one in number])
    return expected_factors(trials, expectations)


def scaled(he, scale, networks=200):
    """The first of these networks with every kernel multiplied by `scale`."""
    runs, layers, predictions = he
    runs = runs[:networks]
    layers = layers[layers["run_id"].isin(runs["run_id"])]
    forward = layers[FORWARD] * scale ** (2 * layers["layer"])
    backward = layers[BACKWARD] * scale ** (2 * (50 - layers["layer"]))
    return runs, layers.assign(**{FORWARD: forward, BACKWARD: backward}), predictions


def test_of_a_thousand_right_networks_at_depth_50_one_in_a_hundred_is_called_wrong_at_most(judged):
    share = astray(judged).groupby(judged["direction"]).mean()
    assert len(judged) == 2000
    assert (share <= RIGHT).all(), share
    # And the tolerance is no wider than that needs: it is three deviations of what is drawn.
    measured = judged.groupby("direction")["measured"].std()
    told = judged.groupby("direction")["deviation"].mean()
    assert measured["forward"] > 0.8 * told["forward"]


@pytest.mark.parametrize("scale", [0.9, 1.1])
def test_a_scale_that_is_a_tenth_off_is_seen_in_a_single_network(he, scale):
    # A slope deviates by 0.032 at width 128; 2 ln 1.1 is 6 of that, and 3 are allowed.
    assert astray(run_expectations(*scaled(he, scale))).mean() > 0.95


def test_five_right_seeds_are_called_wrong_as_seldom(he, judged):
    table = expected_of_five(he[0], judged)
    assert len(table) == 400
    right = table["measured"].between(table["expected_low"], table["expected_high"])
    assert 1 - right.mean() <= RIGHT


@pytest.mark.parametrize("scale", [0.95, 1.05])
def test_a_scale_that_is_a_twentieth_off_is_seen_in_five_seeds(he, scale):
    runs, layers, predictions = scaled(he, scale)
    table = expected_of_five(runs, run_expectations(runs, layers, predictions))
    # 2 ln 1.05 is 6.7 deviations of a mean over five; 3 and the drift of 1.4 are allowed.
    wrong = ~table["measured"].between(table["expected_low"], table["expected_high"])
    assert wrong.mean() > 0.9


@pytest.mark.parametrize(("activation", "weight_variance"), [("tanh", 1.0), ("elu", 1.55)])
def test_right_networks_of_other_activations_are_not_called_wrong(activation, weight_variance):
    expectations = run_expectations(
        *drawn(activation, weight_variance, networks=200, depth=50, width=64, inputs=4)
    )
    assert astray(expectations).mean() <= RIGHT


def test_tanh_of_another_variance_is_seen():
    runs, layers, predictions = drawn("tanh", 0.8, networks=50, depth=50, width=64, inputs=4)
    other = predicted("tanh", 1.0, 50, 64)
    trials = predictions[["trial_id"]].drop_duplicates()
    found = run_expectations(runs, layers, trials.merge(other, how="cross"))
    assert astray(found).mean() > 0.9


def test_slopes_of_a_random_walk_scatter_at_most_a_quarter_more_than_allowed_for():
    # Independent steps of equal variance, as ReLU's: the variance grows along the layers.
    walk = 0.04 * np.arange(1, 50)
    known = expected_slope(np.zeros(49), walk, ALONE)
    own = math.sqrt(0.04 * slope_scatter(49))
    assert own < known.deviation < 1.25 * own


def test_no_memory_allows_the_slope_of_independent_layers_less_than_is_taken():
    layers = 49
    independent = math.sqrt(0.04 * 12 / (layers * (layers**2 - 1)))  # of a least-squares line
    assert expected_slope(np.zeros(layers), np.full(layers, 0.04), ALONE).deviation > independent


def test_a_typical_network_lies_half_the_variance_below_the_mean():
    # Of variance 0.02 a layer the logarithm loses 0.01 a layer.
    known = expected_slope(np.zeros(49), 0.02 * np.arange(49), ALONE)
    assert (known.slope, known.low, known.high) == pytest.approx((0.0, -0.01, 0.0))


def test_a_step_may_be_that_of_another_layer_where_a_network_runs_farther_off():
    # From a larger mean square more is left: GELU, whose mean square falls faster and faster.
    state = np.log([1.0, 0.9, 0.7])
    assert neighbours(state, np.log([0.9, 0.78, 0.5]), np.full(3, 0.01)).tolist() == [
        [True, True, False],
        [True, True, False],
        [False, False, True],
    ]
    # From a larger mean square less is left: tanh, which comes back. And with ReLU all are alike.
    assert (neighbours(state, np.log([0.5, 0.78, 0.9]), np.ones(3)) == np.eye(3)).all()
    assert (neighbours(state, np.zeros(3), np.ones(3)) == np.eye(3)).all()
    low = expected_slope(np.log([1, 0.9, 0.7]), np.zeros(3), np.ones((2, 2), bool)).low
    assert low == pytest.approx(math.log(0.7 / 0.9))


def flat(slope, seeds=5, scatter=0.1, depth=6, **more):
    """Profiles that multiply by `exp(slope)`, and by other powers of it in other seeds."""
    sizes = np.exp(np.outer(np.linspace(0.9, 1.1, seeds) * slope, np.arange(depth)))
    expected = pd.DataFrame({"layer": range(1, depth + 1), "site": range(depth)})
    for name in (FORWARD, BACKWARD):
        expected = expected.assign(**{name: 1.0, f"{name}_scatter": scatter})
    runs, layers, predictions = tables(sizes, sizes, expected)
    return runs.assign(trial_id="trial-0"), layers.assign(**more), predictions[:depth]


def test_without_a_scatter_of_theory_that_of_five_seeds_stands_for_it():
    runs, layers, predictions = flat(-0.1, scatter=np.nan)
    table = expected_factors(runs, run_expectations(runs, layers, predictions))
    row = table.set_index("direction").loc["forward"]
    deviation = np.std(-0.1 * np.linspace(0.9, 1.1, 5), ddof=1) / math.sqrt(5)
    # Student's factor of four degrees of freedom at the level of three standard deviations.
    assert np.log([row["expected_low"], row["expected_high"]]) == pytest.approx(
        [-6.6201 * deviation, 6.6201 * deviation], rel=1e-4
    )
    assert (row["measured"], row["predicted"]) == pytest.approx((math.exp(-0.1), 1.0))
    four = flat(-0.1, seeds=4, scatter=np.nan)
    alone = expected_factors(four[0], run_expectations(*four))
    assert alone["expected_low"].isna().all()
    assert alone["predicted"].tolist() == pytest.approx([1.0, 1.0])


def test_layers_without_a_signal_are_in_neither_slope():
    runs, layers, predictions = flat(-0.1, seeds=1)
    gone = layers["layer"].isin([4, 5])
    found = run_expectations(runs, layers.assign(**{FORWARD: layers[FORWARD].mask(gone, 0.0)}),
                             predictions)  # fmt: skip
    # The gradient of a layer that the signal does not reach is not compared either.
    assert found["measured"].tolist() == pytest.approx([-0.09, 0.09])
    assert found["deviation"].tolist() == pytest.approx(
        [expected_slope(np.zeros(3), np.full(3, 0.01), np.eye(2, dtype=bool)).deviation] * 2
    )
    nothing = run_expectations(runs, layers.assign(**{FORWARD: 0.0}), predictions)
    assert nothing.empty
    assert run_expectations(runs, layers, predictions[:0]).empty
