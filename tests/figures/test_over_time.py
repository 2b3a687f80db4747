"""Heat maps over layers and steps show the steps of the schedule, and no others."""

import math

import pandas as pd

from initlab.analysis.over_seeds import means
from initlab.figures.drawings.training import over_time

from ..analysis.literal_tables import layers_table, runs_table


def measured(step, values):
    return layers_table(values, statistic="preactivation_variance", step=step)


def test_a_step_at_which_a_diverging_run_alone_was_measured_is_not_drawn():
    ended = {"status": "diverged", "diverged_at_step": 7}
    runs = runs_table({}, ended, ended | {"activation": "tanh"})
    layers = pd.concat(
        [
            measured(0, {f"run-{n}": [1.0, 2.0, 4.0] for n in range(3)}),
            measured(7, {f"run-{n}": [8.0, 9.0, math.inf] for n in (1, 2)}),
            measured(10, {"run-0": [1.0, 1.0, 1.0]}),
        ]
    )
    (drawing,) = over_time(runs, layers)
    mean = means(drawing.table)
    assert sorted(set(mean["step"])) == [0, 10]
    gone = mean[(mean["n"] == 0) & (mean["num_diverged"] > 0)]
    assert set(zip(gone["activation"], gone["step"], strict=True)) == {("tanh", 10)}
