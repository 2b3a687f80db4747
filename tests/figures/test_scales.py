"""Each statistic over steps has its own vertical axis, in a figure and alone."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from initlab.figures.accuracy_rows import draw_accuracy_rows
from initlab.figures.curves import draw_over_steps, plot_over_steps
from initlab.figures.log_curves import factor_axis
from initlab.figures.scales import count_scale, near_scale
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


def test_an_axis_of_factors_has_powers_of_ten_or_where_they_are_few_the_values():
    figure = Figure()
    for values, wanted in (
        ([0.003, 0.01, 0.03], [0.003, 0.01, 0.03]),
        ([0.02, 0.2, 2.0], [0.01, 0.1, 1.0, 10.0]),
    ):
        ax = figure.add_subplot()
        factor_axis(ax, pd.Series(values))
        assert ax.xaxis.get_majorticklocs().tolist() == wanted


def test_an_axis_of_counts_has_more_than_one_tick():
    ax = Figure().add_subplot()
    table = pd.DataFrame({"value": [38.0, 49.0], "low": [35.0, 45.0], "high": [42.0, 53.0]})
    count_scale(ax, table, along="x")
    ticks = ax.xaxis.get_majorticklocs()
    assert len(ticks) > 1
    assert (ticks == ticks.round()).all()


def test_a_near_axis_of_shares_begins_where_the_values_do():
    ax = Figure().add_subplot()
    near_scale(ax, pd.DataFrame({"value": [0.8, 0.9], "low": [0.79, 0.88], "high": [0.82, 0.92]}))
    low, high = ax.get_ylim()
    assert 0.75 < low < 0.79
    assert 0.92 < high < 0.96
