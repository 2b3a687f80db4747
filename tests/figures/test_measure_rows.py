"""Rows of measures: the axis is as wide as the values need."""

import math

import pandas as pd
import pytest

from initlab.figures.measure_rows import draw_measure_rows


def table(*values):
    """One value a label, exact and without seeds."""
    return pd.DataFrame(
        {
            "statistic": "found_there", "label": [f"row {i}" for i in range(len(values))],
            "kind": "shape", "value": values, "reference": math.nan, "seed": math.nan,
            "low": math.nan, "high": math.nan, "n": 1, "num_runs": 1, "num_zero": 0,
            "num_diverged": 0,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "ticks"),
    [((1.0, 1.0), ["1"]), ((0.0, 0.4), ["0", "0.1", "0.2", "0.3", "0.4"])],
)
def test_every_tick_has_a_label_of_its_own(values, ticks):
    (ax,) = draw_measure_rows(table(*values)).axes
    written = [text.get_text() for text in ax.xaxis.get_ticklabels() if text.get_text()]
    assert written == ticks
