"""What a caption says of seeds, statistic and interval."""

import pandas as pd

from initlab.analysis.intervals import MIN_SEEDS
from initlab.analysis.over_seeds import means


def has_values(table: pd.DataFrame) -> bool:
    """Tells whether a table of `average` has a mean to draw, or a run that diverged."""
    mean = means(table)
    return bool(mean["value"].notna().any() or mean["num_diverged"].any())


def seeds_in_words(table: pd.DataFrame, *, mean: str = "Mean", interval: bool = True) -> str:
    """Returns over how many seeds a drawn mean goes, and with what interval.

    Args:
        table: of `average`, or with its column `n`.
        mean: which mean: `Mean`, `Geometric mean`.
        interval: whether its interval is drawn.
    """
    n = means(table)["n"] if "seed" in table else table["n"]
    n = n[n > 0]
    said = f"{mean} over n = {_span(n)} seeds"
    if interval:
        few = (n < MIN_SEEDS).any()
        said += ", with its 95 % t interval"
        said += "; where fewer than five count, the single seeds" if few else ""
    return f"{said}."


def _span(n: "pd.Series[int]") -> str:
    """Returns the numbers of seeds from least to most."""
    if n.empty:
        return "0"
    low, high = int(n.min()), int(n.max())
    return str(low) if low == high else f"{low} to {high}"
