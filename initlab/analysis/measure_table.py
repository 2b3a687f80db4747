"""Measures of runs as the rows of a figure: labels, kinds, means over seeds."""

import pandas as pd

from initlab.analysis.over_seeds import average

COLUMNS = ["label", "kind", "statistic", "reference"]


def measure_table(long: pd.DataFrame, *, log: bool = False) -> pd.DataFrame:
    """Returns the mean over seeds of each label, kind and statistic, in the order of the rows.

    Args:
        long: `label`, `kind`, `statistic`, `value`, `seed`, `run_id`; `reference` where a number is
            known beforehand, and `diverged` where runs may have.
        log: geometric means.

    Returns:
        The columns of `average`, for `figures.measure_rows`.
    """
    whole = long.assign(
        reference=long["reference"] if "reference" in long else float("nan"),
        diverged=long["diverged"] if "diverged" in long else False,
    )
    kept = whole[[*COLUMNS, "seed", "run_id", "value", "diverged"]]
    table = average(kept, log=log)
    order = {key: place for place, key in enumerate(_keys(kept).drop_duplicates())}
    ranked = _keys(table).map(order)
    return table.iloc[ranked.argsort(kind="stable")].reset_index(drop=True)


def _keys(table: pd.DataFrame) -> "pd.Series[str]":
    """Returns what tells rows apart, as text."""
    parts = table[["statistic", "label", "kind"]].astype(str)
    keys: pd.Series[str] = parts["statistic"] + "\n" + parts["label"] + "\n" + parts["kind"]
    return keys
