import math

import pandas as pd
import pytest

from initlab.analysis.first_error import first_errors, half_squares
from initlab.analysis.guessing import chance, no_preference, num_outputs, outputs, with_guesses
from initlab.analysis.profiles import BACKWARD

from .literal_tables import layers_table, runs_table

MANY = {"dataset": "cifar100"}


def test_ten_classes_and_a_hundred():
    ten, hundred = runs_table({}), runs_table(MANY)
    assert (chance(ten), chance(hundred)) == (0.1, 0.01)
    assert no_preference(ten) == pytest.approx(2.302585, abs=1e-6)
    assert no_preference(hundred) == pytest.approx(4.605170, abs=1e-6)
    # (0.99^2 + 99 * 0.01^2) / 2, the sum written out.
    assert half_squares(hundred) == pytest.approx((0.9801 + 0.0099) / 2)


def test_a_network_at_its_papers_scale_has_the_papers_classes():
    runs = runs_table({"model": "vgg11", "scale": "paper"}, {"model": "vgg11"}, {"scale": "paper"})
    assert outputs(runs).to_dict() == {"run-0": 1000, "run-1": 10, "run-2": 10}
    assert num_outputs(runs) == 1000
    assert chance(runs) == 0.1  # of what the images are


def test_guesses_replace_the_accuracies_of_these_runs_alone():
    runs = runs_table({}, {}, MANY)
    values = pd.Series({"run-0": 0.5, "run-1": math.nan, "run-2": 0.5})
    found = with_guesses(values, runs.iloc[1:]).to_dict()
    assert found == {"run-0": 0.5, "run-1": 0.1, "run-2": 0.01}


def test_a_squared_error_is_summed_over_all_logits():
    runs = runs_table({}, MANY, depth=1).assign(loss="cross_entropy", batch_size=4)
    start = layers_table({"run-0": [1.0], "run-1": [1.0]}, statistic=BACKWARD)
    assert first_errors(runs, start).to_dict() == {"run-0": 80.0, "run-1": 800.0}
