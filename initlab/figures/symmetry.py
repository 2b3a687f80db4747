"""Symmetry over steps: duplicates, cosine and ranks, by initializer."""

import pandas as pd
from matplotlib.figure import Figure

from initlab.analysis.names import short_names
from initlab.analysis.over_seeds import means
from initlab.figures.curves import alt_over_steps, draw_over_steps
from initlab.figures.words import listed


def draw_symmetry(table: pd.DataFrame, *, by: str = "initializer", unit: str = "unit") -> Figure:
    """Returns small multiples: a row a statistic of symmetry, a column an activation.

    Args:
        table: of `analysis.symmetry.symmetry_over_steps`.
        by: column that tells lines apart.
        unit: what a layer's units are called.
    """
    return draw_over_steps(table, by=by, unit=unit)


def alt_symmetry(table: pd.DataFrame, *, by: str = "initializer", unit: str = "unit") -> str:
    """Returns the figure in words: chart, axes with ranges, groups, and who keeps duplicates."""
    text = alt_over_steps(table, by=by, unit=unit)
    mean = means(table)
    alike = mean[(mean["statistic"] == "duplicate_unit_fraction") & mean["value"].notna()]
    if alike.empty:
        return text
    end = alike[alike["step"] == alike["step"].max()]
    names = short_names(mean[by].unique())
    keep = [names[label] for label in dict.fromkeys(end.loc[end["value"] > 0.5, by])]
    last = f"{listed(keep)} with some activation" if keep else "none"
    return f"{text} More than half of the {unit}s are duplicates at the last step in: {last}."
