"""Each statistic over steps has its own vertical axis, in a figure and alone."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from initlab.figures.accuracy_rows import draw_accuracy_rows
from initlab.figures.curves import draw_over_steps, plot_over_steps
from initlab.figures.style import house_style, looks


def curve(statistic, value):
    count = len(value)
    return pd.DataFrame(
        {
            "initializer": "he_normal",
            "activation": "relu",
            "depth": 3,
            "step": range(count),
            "statistic": statistic,
            "seed": pd.array([pd.NA] * count, "Int64"),
            "value": value,
            "low": np.nan,
            "high": np.nan,
            "n": 5,
            "num_runs": 5,
            "num_zero": 0,
            "num_diverged": 0,
        }
    )


@pytest.mark.parametrize(
    ("statistic", "scale", "limits"),
    [
        ("train_loss", "log", (0.5 / 1.15, 2.0 * 1.15)),
        ("gradient_norm", "log", (0.1, 10.0)),
        ("test_accuracy", "linear", (-0.03, 1.03)),
        ("duplicate_unit_fraction", "linear", (-0.03, 1.03)),
        ("unit_cosine", "linear", (-0.04, 1.04)),
        ("effective_rank", "function", (-0.08, 2.4)),
    ],
)
def test_a_statistic_has_one_axis_whether_drawn_alone_or_among_others(statistic, scale, limits):
    table = curve(statistic, [2.0, 0.5, 1.0])
    with house_style():
        alone = Figure().subplots()
    plot_over_steps(table, alone, look=looks(["he_normal"]))
    (among,) = draw_over_steps(table).axes
    for ax in (alone, among):
        assert ax.get_yscale() == scale
        assert ax.get_ylim() == pytest.approx(limits)


def test_steps_to_an_accuracy_lie_on_one_logarithmic_axis_in_all_panels():
    rows = curve("steps_to_accuracy", [10.0, 40.0]).assign(activation=["relu", "tanh"], step=0)
    for ax in draw_accuracy_rows(rows).axes:
        assert ax.get_xscale() == "log"
        assert ax.get_xlim() == pytest.approx((10 / 1.3, 40 * 1.3))
        assert [tick for tick in ax.get_xticks() if tick in (10, 20, 50)] == [10, 20, 50]
