import math

import pandas as pd
import pytest

from initlab.analysis.rates import early_rise, largest_stable_rates, stable
from initlab.analysis.small_trials import rank_correlations, regrets
from initlab.analysis.weight_scales import (
    accuracy_at,
    best_deviations,
    steps_to_target,
    validated_steps,
    with_deviations,
)

from .literal_tables import runs_table, steps_table

SGD = {"optimizer": "sgd", "width": 64}


def test_deviations_are_of_square_layers_and_laws_without_one_are_left_out():
    labels = ("he_normal", "normal(stddev=0.01)", "uniform(high=1, low=0)")
    runs = with_deviations(runs_table(*[{"initializer": label} | SGD for label in labels]))
    assert runs["stddev"].tolist() == pytest.approx([math.sqrt(2 / 64), 0.01])
    assert runs["by_hand"].tolist() == [False, True]


def test_deviations_of_filters_are_by_their_fan_in():
    runs = runs_table(
        {"model": "convnet", "width": 16, "optimizer": "sgd"},
        {"model": "convnet", "width": 32, "optimizer": "sgd"},
        {"width": 16, "optimizer": "sgd"},
        {"model": "vgg11", "width": 16, "optimizer": "sgd"},
    )
    # A filter of 3 by 3 sums over nine places; the fan-in of vgg11 differs from layer to layer.
    assert with_deviations(runs)["stddev"].tolist() == pytest.approx(
        [math.sqrt(2 / fan) for fan in (9 * 16, 9 * 32, 16)]
    )


def test_an_early_accuracy_is_a_guess_only_after_the_run_diverged():
    runs = runs_table({"diverged_at_step": 3}, {"diverged_at_step": 8}, {})
    values = {f"run-{number}": {0: 0.1, 4: 0.7} for number in range(3)}
    records = steps_table(values, statistic="validation_accuracy")
    assert accuracy_at(runs, records, 4).tolist() == pytest.approx([0.1, 0.7, 0.7])


def test_best_deviation_is_the_geometric_mean_of_ties_and_decades_span_what_trains():
    labels = [f"normal(stddev={stddev})" for stddev in (0.01, 0.1, 0.4, 1.0)]
    runs = with_deviations(
        runs_table(*[{"initializer": label, "seed": 0} | SGD for label in labels])
    )
    score = pd.Series({"run-0": 0.4, "run-1": 0.9, "run-2": 0.9, "run-3": 0.5})
    (found,) = best_deviations(runs, score).to_dict("records")
    assert found["stddev"] == pytest.approx(0.2)
    assert found["decades"] == pytest.approx(1.0)


def test_steps_are_counted_to_the_first_time_that_a_batch_is_right_enough():
    records = steps_table({"run-0": {0: 0.9, 1: 0.5, 2: 0.8, 4: 0.7}, "run-1": {1: 0.7}})
    assert steps_to_target(runs_table({}, {}), records).to_dict() == {"run-0": 2}


@pytest.mark.parametrize(
    ("held", "rate"), [((True, True, True), 0.4), ((True, False, True), 0.1), ((False, True), None)]
)
def test_a_rate_is_stable_only_with_all_smaller_ones(held, rate):
    rates = (0.1, 0.2, 0.4)[: len(held)]
    runs = runs_table(*[{"learning_rate": rate, "seed": 0} | SGD for rate in rates])
    told = pd.Series(dict(zip(runs["run_id"], held, strict=True)))
    (found,) = largest_stable_rates(runs, told)["value"]
    assert (found == rate) if rate else math.isnan(found)


def test_training_is_stable_if_its_loss_ends_not_a_tenth_above_its_start():
    losses = {"run-0": {0: 2.3, 10: 2.4}, "run-1": {0: 2.3, 10: 2.6}, "run-2": {0: 2.3, 1: 2.0}}
    records = steps_table(losses, statistic="train_loss")
    assert stable(runs_table({}, {}, {}), records).tolist() == [True, False, False]


def test_a_rise_is_that_of_the_first_four_steps_and_cut_at_a_thousand():
    losses = {
        "run-0": {0: 2.0, 1: 1.0, 4: 20.0, 8: 200.0},
        "run-1": {0: 2.0, 1: 1e6},
        "run-2": {0: 2.0, 2: 1.0},
        "run-3": {0: 2.0, 2: math.nan},
    }
    runs = runs_table({}, {}, {"diverged_at_step": 4}, {})
    rise = early_rise(runs, steps_table(losses, statistic="train_loss"))
    assert rise.to_dict() == pytest.approx({"run-0": 1.0, "run-1": 3.0, "run-2": 3.0, "run-3": 3.0})


def test_a_small_trial_is_judged_by_ranks_and_by_what_its_first_loses():
    setting = {"kind": "k", "activation": "relu", "depth": 4, "optimizer": "sgd", "seed": 0}
    pairs = ((0.1, 0.2), (0.3, 0.9), (0.5, 0.6))
    table = pd.DataFrame([setting | {"small": small, "full": full} for small, full in pairs])
    assert rank_correlations(table)["rho"].tolist() == pytest.approx([0.5])
    assert regrets(table)["regret"].tolist() == pytest.approx([0.3])


def test_steps_with_validation_are_those_of_runs_that_went_on():
    values = {"run-0": {0: 0.1, 8: 0.5}, "run-1": {0: 0.1, 3: 0.1}}
    records = steps_table(values, statistic="validation_accuracy")
    assert validated_steps(runs_table({}, {"diverged_at_step": 3}), records) == [0, 8]
