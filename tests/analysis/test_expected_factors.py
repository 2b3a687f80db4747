import math

import numpy as np
import pandas as pd
import pytest

from initlab.analysis.expected_factors import (
    astray,
    expected_factors,
    expected_slope,
    neighbours,
    run_apart,
    run_expectations,
)
from initlab.analysis.factors import DIRECTIONS, layer_factors, slope_weights
from initlab.analysis.fates import verdict_rows, with_expectations
from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.analysis.verdicts import rectifier_increment, slope_scatter

from .drawn_networks import drawn, drawn_by_units, predicted, tables

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


# Of `signal_propagation`, each with the weight variance that keeps a mean square of one.
EXACT = {
    "relu": 2.0,
    "tanh": 2.53617543,
    "sigmoid": 3.40855984,
    "elu": 1.55051881,
    "selu": 1.0,
}


def single(activation, weight_variance, *, depth=50, networks=1000, orthogonal=False):
    """What is expected of single networks of width 128 whose units are drawn, and measured."""
    drawing = {"depth": depth, "width": 128, "orthogonal": orthogonal}
    signals = drawn_by_units(activation, weight_variance, networks=networks, **drawing)
    told = predicted(activation, weight_variance, **drawing)
    first = (of_one[:1] for of_one in signals)
    expected = run_expectations(*tables(*first, told, activation))
    weights = slope_weights(np.arange(depth - 1))
    rows = []
    for direction, of_it in zip(DIRECTIONS, signals, strict=True):
        travel = slice(0, -1) if direction == "forward" else slice(-2, None, -1)
        hidden = np.log(of_it)[:, travel]
        steps = np.diff(hidden - np.log(told[DIRECTIONS[direction]].to_numpy())[travel], axis=1)
        own = {"measured": hidden @ weights, "step_variance": steps.var(axis=1, ddof=1)}
        one = expected[expected["direction"] == direction].drop(columns=list(own))
        rows.append(one.merge(pd.DataFrame(own), how="cross"))
    return pd.concat(rows, ignore_index=True)


@pytest.mark.parametrize("activation", EXACT)
def test_right_networks_of_every_activation_are_not_called_wrong(activation):
    expectations = single(activation, EXACT[activation])
    assert len(expectations) == 2000
    assert not expectations["unstable"].any()
    share = astray(expectations).groupby(expectations["direction"]).mean()
    assert (share <= RIGHT).all(), share


@pytest.mark.parametrize("activation", ["elu", "selu"])
def test_gradients_scatter_by_the_slopes_that_they_meet_too(activation):
    depth, networks = 30, 2000
    _, backward = drawn_by_units(
        activation, EXACT[activation], networks=networks, depth=depth, width=128
    )
    told = predicted(activation, EXACT[activation], depth, 128)[f"{BACKWARD}_scatter"]
    measured = np.log(backward[:, 0]).std()
    # Of a deviation of n numbers 1 / sqrt(2 n), five of them.
    assert measured == pytest.approx(told[0], rel=5 / math.sqrt(2 * networks))


@pytest.mark.parametrize(("activation", "weight_variance"), [("tanh", 1.0), ("elu", 1.55)])
def test_right_networks_whose_weights_are_drawn_are_not_called_wrong(activation, weight_variance):
    expectations = run_expectations(
        *drawn(activation, weight_variance, networks=100, depth=50, width=64, inputs=4)
    )
    assert astray(expectations).mean() <= RIGHT


@pytest.mark.parametrize("activation", EXACT)
def test_right_networks_with_orthogonal_kernels_are_not_called_wrong(activation):
    expectations = single(activation, EXACT[activation], orthogonal=True)
    assert len(expectations) == 2000
    share = astray(expectations).groupby(expectations["direction"]).mean()
    assert (share <= RIGHT).all(), share
    # They scatter less than networks of independent weights, and the tolerance with them.
    backward = expectations[expectations["direction"] == "backward"]
    assert backward["measured"].std() > 0.75 * backward["deviation"].mean()


@pytest.mark.parametrize("orthogonal", [False, True])
@pytest.mark.parametrize("activation", EXACT)
def test_five_right_seeds_without_a_scatter_of_theory_are_not_called_wrong(activation, orthogonal):
    alone = single(activation, EXACT[activation], networks=2000, orthogonal=orthogonal)
    alone = alone.assign(low=alone["slope"], high=alone["slope"], deviation=math.nan)
    number = alone.groupby("direction").cumcount()
    runs = pd.DataFrame({"run_id": [f"run-{one}" for one in range(2000)]})
    table = expected_of_five(runs, alone.assign(run_id=runs["run_id"].to_numpy()[number]))
    right = table["measured"].between(table["expected_low"], table["expected_high"])
    assert len(table) == 800
    assert 1 - right.mean() <= RIGHT


@pytest.mark.parametrize("weight_variance", [2.35171561, 2.2, 2.0])
def test_networks_that_leave_an_unstable_fixed_point_are_not_judged(weight_variance):
    expectations = single("gelu", weight_variance, networks=500)
    assert expectations["unstable"].all()
    assert astray(expectations).isna().all()
    # They are all of one law, and run to factors that no tolerance of first order holds together.
    forward = expectations[expectations["direction"] == "forward"]
    assert forward["measured"].std() > 1.5 * forward["deviation"].iloc[0]


@pytest.mark.parametrize(
    ("weight_variance", "depth"), [(1.0, 50), (1.55051881, 50), (0.0128, 20), (3.0, 20)]
)
def test_gelu_far_from_its_unstable_fixed_point_is_judged(weight_variance, depth):
    expectations = single("gelu", weight_variance, depth=depth)
    assert not expectations["unstable"].any()
    assert astray(expectations).mean() <= RIGHT


def test_an_unstable_fixed_point_is_told_from_a_stable_one_and_from_none():
    layers = np.arange(20)
    scatter = 0.04 * (layers + 1)
    assert not run_apart(np.zeros(20), scatter)  # ReLU: every mean square stays
    assert not run_apart(-0.7 * layers, scatter)
    assert not run_apart(0.8**layers, scatter)  # comes back
    assert run_apart(1e-3 * 1.2**layers, scatter)  # runs away, and began near
    assert not run_apart(1e-3 * 1.2**layers, 1e-9 * scatter)
    assert not run_apart(1.2**layers, scatter[:1].repeat(20))  # five deviations off
    assert run_apart(np.zeros(20), np.log1p(0.04 * (1.3**layers)))
    assert not run_apart(np.zeros(20), 0.1 * (1 - 0.8**layers))
    assert not run_apart(1e-3 * 1.2**layers, np.full(20, math.nan))
    assert not run_apart(np.zeros(1), scatter[:1])
    assert not run_apart(np.zeros(20), 0.1 + 1e-12 * 0.5**layers)  # scatter settles from above


def as_one_grid(networks):
    """Five networks each as one trial of a grid: of another initializer, by its name alone."""
    runs, layers, predictions = networks
    number = np.arange(len(runs)) // 5
    labels = [f"fan_in_normal(weight_variance={2 + one / 1e6})" for one in number]
    grid = runs.assign(
        trial_id=[f"trial-{one}" for one in number],
        initializer=labels,
        seed=np.arange(len(runs)) % 5,
    )
    return grid, layers, predictions


def words_of(networks):
    """What the table of verdicts says of each trial of five networks, forward and backward."""
    grid, layers, predictions = as_one_grid(networks)
    expected = expected_factors(grid, run_expectations(grid, layers, predictions))
    factors = with_expectations(layer_factors(grid, layers), grid, expected)
    return verdict_rows(grid, factors, pd.Series(0.5, index=grid["run_id"]))


def test_the_words_on_a_thousand_right_networks_are_right(he):
    said = words_of(he)
    assert len(said) == 200
    for direction in ("forward", "backward"):
        words = said[direction].str.partition(":")[0]
        assert words.isin(["shrinks", "vanishes", "grows", "explodes"]).mean() <= RIGHT
        assert (said[f"{direction} as theory"] == "no").mean() <= RIGHT
        assert (said[f"{direction} as theory"] == "not judged").sum() == 0


def test_the_words_on_other_networks_are_of_what_they_do(he):
    # A tenth less a layer: of 49 layers 5e-5 is left, and it is not what is predicted.
    said = words_of(scaled(he, 0.9))
    assert (said["forward"].str.partition(":")[0] == "shrinks").mean() > 0.95
    assert (said["forward as theory"] == "no").mean() > 0.95


def test_the_table_of_verdicts_says_why_a_trial_is_not_judged():
    signals = drawn_by_units("gelu", 2.0, networks=10, depth=50, width=128)
    said = words_of(tables(*signals, predicted("gelu", 2.0, 50, 128), "gelu"))
    assert set(said["forward as theory"]) == {"not judged: networks run apart"}
    assert set(said["backward as theory"]) == {"not judged: networks run apart"}


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


def test_half_the_variance_of_a_step_is_how_far_below_the_mean_the_typical_network_lies():
    # Of a ReLU layer's factor, whose logarithm is not quite normal: by a fiftieth at width 128.
    drift, variance = rectifier_increment(128)
    assert -drift == pytest.approx(variance / 2, rel=0.02)
    drift, variance = rectifier_increment(16)
    assert -drift == pytest.approx(variance / 2, rel=0.2)


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


def flat(slope, seeds=5, scatter=0.1, depth=6, wave=0.0, **more):
    """Profiles that multiply by `exp(slope)`, and by other powers of it in other seeds.

    Every other layer is larger by `exp(wave)`.
    """
    number = np.arange(depth)
    sizes = np.exp(np.outer(np.linspace(0.9, 1.1, seeds) * slope, number) + wave * (number % 2))
    expected = pd.DataFrame({"layer": range(1, depth + 1), "site": range(depth)})
    for name in (FORWARD, BACKWARD):
        expected = expected.assign(**{name: 1.0, f"{name}_scatter": scatter})
    runs, layers, predictions = tables(sizes, sizes, expected)
    return runs.assign(trial_id="trial-0"), layers.assign(**more), predictions[:depth]


def test_without_a_scatter_of_theory_that_of_five_seeds_stands_for_it():
    runs, layers, predictions = flat(-0.1, scatter=np.nan, wave=0.3)
    table = expected_factors(runs, run_expectations(runs, layers, predictions))
    row = table.set_index("direction").loc["forward"]
    scatter = np.std(-0.1 * np.linspace(0.9, 1.1, 5), ddof=1)
    # Student's factor of four degrees of freedom at the level of three standard deviations; and
    # half the variance of the four steps between five layers.
    reach, drift = 6.6201 * scatter / math.sqrt(5), 4 * 0.3**2 / 3 / 2
    assert np.log([row["expected_low"], row["expected_high"]]) == pytest.approx(
        [-reach - drift, reach], rel=1e-4
    )
    assert (row["measured"], row["predicted"]) == pytest.approx((math.exp(-0.1), 1.0))
    short = flat(-0.1, depth=3, scatter=np.nan)
    assert expected_factors(short[0], run_expectations(*short))["expected_low"].isna().all()
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
