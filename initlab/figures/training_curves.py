"""Training curves: loss and accuracy over steps, by initializer."""

import pandas as pd
from matplotlib.figure import Figure

from initlab.analysis.names import short_names
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import means
from initlab.figures.curves import alt_over_steps, draw_over_steps
from initlab.figures.words import extreme, statistic_name


def draw_training_curves(table: pd.DataFrame, *, by: str = "initializer") -> Figure:
    """Returns small multiples of training curves: a row a statistic, a column a trial's setting.

    Args:
        table: of `analysis.training.training_curves`.
        by: column that tells lines apart.
    """
    return draw_over_steps(table, by=by)


def alt_training_curves(table: pd.DataFrame, *, by: str = "initializer") -> str:
    """Returns the figure in words: chart, axes with ranges, groups, and the best at the end."""
    text = alt_over_steps(table, by=by)
    mean = means(table)
    end = mean[mean["statistic"].str.endswith("_accuracy")]
    end = end[(end["step"] == end["step"].max()) & (end["num_diverged"] == 0)].dropna(
        subset="value"
    )
    if end.empty:
        return text
    best = extreme(end, "value")
    return (
        f"{text} The highest {statistic_name(best['statistic'])} at the end is "
        f"{number(best['value'])}, of {short_names(mean[by].unique())[best[by]]} with "
        f"{best['activation']} at depth {best['depth']}."
    )
