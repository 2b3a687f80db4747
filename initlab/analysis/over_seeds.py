"""From runs to trials: long tables of measurements, averaged over seeds with their intervals."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from initlab.analysis.intervals import MIN_SEEDS, Interval, interval, t_factor
from initlab.analysis.selection import in_order, select, trial_fields

# Beyond what the statistic itself can be, an interval says nothing.
ENDS = {
    ("_accuracy", "_fraction"): (0.0, 1.0),
    ("_rank", "_spread"): (0.0, np.inf),
    ("_cosine", "_evenness"): (-1.0, 1.0),
}
COUNTED = "steps_to_"  # an accuracy: a count of steps, and no share
PLACE = ("layer", "site")
# After the nonlinearity, of which the readout has none.
AFTER = ("dead_fraction", "saturated_fraction", "effective_rank")
SPECTRAL = (
    "duplicate_unit_fraction",
    "unit_cosine",
    "effective_rank",
    "kernel_gradient_rank",
    "preactivation_unit_mean_spread",
    "preactivation_unit_variance_spread",
    "positive_fraction_spread",
    "test_loss",
    "test_accuracy",
    "validation_loss",
    "validation_accuracy",
)


def long_form(
    runs: pd.DataFrame,
    records: pd.DataFrame,
    statistics: Sequence[str],
    *,
    steps: Collection[int] | None = None,
) -> pd.DataFrame:
    """Returns one row for each run, step, place and statistic, diverged ones included.

    A run that diverged has a row without a value for every later step that was asked for, so that
    no table forgets it. What was not measured has no row.

    Args:
        runs: the rows of the `runs` table that count.
        records: `steps` or `layers`; rows of other runs are passed over.
        statistics: names of columns of `records`.
        steps: which steps; by default all that any of the runs was measured at, and its last.

    Returns:
        The fields of `trial_fields`, `seed`, `run_id`, `step`, `layer` and `site` if `records`
        has them, `statistic`, `value`, `diverged`.

    Raises:
        ValueError: if a statistic is unknown.
    """
    if unknown := sorted(set(statistics) - set(records.columns)):
        raise ValueError(f"no statistics {unknown} among {sorted(records.columns)}.")
    place = [name for name in PLACE if name in records]
    kept = records.loc[
        records["run_id"].isin(runs["run_id"]), ["run_id", "step", *place, *statistics]
    ]
    wanted = {*kept["step"], *runs["steps"]} if steps is None else set(steps)
    fields = trial_fields(runs)
    spec = runs[
        list(dict.fromkeys([*fields, "seed", "run_id", "steps", "depth", "diverged_at_step"]))
    ]
    rows = pd.concat([kept[kept["step"].isin(wanted)], _after_divergence(spec, kept, wanted)])
    rows = rows.merge(spec, on="run_id", how="inner")
    identity = [*dict.fromkeys([*fields, "seed", "run_id", "step", *place, "depth"])]
    ended = rows["diverged_at_step"].astype("float64") <= rows["step"]
    long = (
        rows[[*identity, *statistics]]
        .assign(ended=ended.fillna(False).astype(bool))
        .melt([*identity, "ended"], list(statistics), "statistic", "value")
    )
    long = pd.DataFrame(long.astype({"value": "float64"}))
    long["diverged"] = long["ended"] & ~np.isfinite(long["value"])
    long = long[np.isfinite(long["value"]) | long["diverged"]]
    long = long[_could_be_measured(long)]
    columns = [*fields, "seed", "run_id", "step", *place, "statistic", "value", "diverged"]
    return pd.DataFrame(long[columns].reset_index(drop=True))


def average(long: pd.DataFrame, *, log: bool) -> pd.DataFrame:
    """Returns the mean over seeds of every trial, step, place and statistic, with its interval.

    Where fewer than five seeds have a value there is no interval, and the seeds follow as rows of
    their own.

    Args:
        long: from `long_form`, or any table with `seed`, `run_id`, `value` and `diverged`; all
            other columns tell rows apart.
        log: geometric mean; zeros have no logarithm, are left out of it and counted. Intervals are
            cut where the statistic ends: shares at 0 and 1, ranks at 0, cosines at -1 and 1.

    Returns:
        The columns that tell rows apart, then `seed` (null for the mean over seeds), `value`,
        `low`, `high`, `n` (seeds in the mean), `num_runs`, `num_zero`, `num_diverged`.
    """
    by = [name for name in long.columns if name not in ("seed", "run_id", "value", "diverged")]
    value = long["value"]
    if log and (value < 0).any():
        raise ValueError(f"values must not be negative in the log domain, got {value.min()}.")
    finite = np.isfinite(value)
    used = finite & (value > 0) if log else finite
    number = value.where(used)
    rows = long[by].assign(
        number=np.log(number) if log else number,
        zero=finite & (value == 0) if log else False,
        diverged=long["diverged"],
    )
    grouped = rows.groupby(by, sort=False, dropna=False, observed=True)
    means = grouped.agg(
        value=("number", "mean"),
        deviation=("number", "std"),
        n=("number", "count"),
        num_runs=("zero", "size"),
        num_zero=("zero", "sum"),
        num_diverged=("diverged", "sum"),
    ).reset_index()
    factors = means["n"].map({n: t_factor(int(n)) for n in means["n"].unique()})
    reach = factors * means["deviation"] / np.sqrt(means["n"])
    for name, ends in (("low", means["value"] - reach), ("high", means["value"] + reach)):
        means[name] = np.exp(ends) if log else ends
    means["value"] = np.exp(means["value"]) if log else means["value"]
    if "statistic" in by:
        ends = {name: _ends(str(name)) for name in means["statistic"].unique()}
        least, most = np.array([ends[name] for name in means["statistic"]]).reshape(-1, 2).T
        for name in ("low", "high"):
            means[name] = np.clip(means[name], least, most)
    means["seed"] = pd.array([pd.NA] * len(means), dtype="Int64")
    columns = [*by, "seed", "value", "low", "high", "n", "num_runs", "num_zero", "num_diverged"]
    whole = pd.concat([means[columns], _few_seeds(long[used], means, by)[columns]])
    order = [name for name in ("statistic", "step", *PLACE) if name in by]
    return in_order(whole, order)


def _ends(statistic: str) -> tuple[float, float]:
    """Returns the least and the greatest that a statistic can be."""
    if statistic.startswith(COUNTED):
        return -np.inf, np.inf
    found = (ends for names, ends in ENDS.items() if statistic.endswith(names))
    return next(found, (-np.inf, np.inf))


def means(table: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows of a table of `average` that are means over seeds."""
    return table[table["seed"].isna()]


def last_step(runs: pd.DataFrame) -> int:
    """Returns the last step that any of these runs was to be measured at."""
    return int(runs["steps"].max())


def _after_divergence(
    spec: pd.DataFrame, kept: pd.DataFrame, wanted: Collection[int]
) -> pd.DataFrame:
    """Returns a row without values for each place and wanted step that a diverged run missed."""
    place = [name for name in PLACE if name in kept]
    ended = spec[spec["diverged_at_step"].notna()]
    if ended.empty:
        return kept.iloc[:0]
    # Without places a run needs no row of its own to be known: it has one a step.
    known = kept.loc[kept["run_id"].isin(ended["run_id"])] if place else ended
    places = known[["run_id", *place]].drop_duplicates()
    missed = ended[["run_id", "diverged_at_step", "steps"]].merge(
        pd.DataFrame({"step": sorted(wanted)}), how="cross"
    )
    late = missed["step"] > missed["diverged_at_step"].astype("int64")
    missed = missed[late & (missed["step"] <= missed["steps"])]
    empty = missed[["run_id", "step"]].merge(places, on="run_id")
    return empty.reindex(columns=kept.columns).astype(kept.dtypes.to_dict())


def _could_be_measured(long: pd.DataFrame) -> "pd.Series[bool]":
    """Tells the rows whose statistic exists at their place and step in any run at all."""
    finite = np.isfinite(long["value"])
    possible = pd.Series(True, index=long.index)
    if "layer" in long:
        after = long["statistic"].isin(AFTER) | long["statistic"].str.startswith("activation_")
        possible &= finite | ~(after & (long["layer"] == long["depth"]))
    rare = long["statistic"].isin(SPECTRAL)
    key = pd.MultiIndex.from_frame(long[["statistic", "step"]])
    taken = key.isin(key[finite].unique()) if finite.any() else np.zeros(len(long), bool)
    return possible & (~rare | taken)


def _few_seeds(used: pd.DataFrame, means: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Returns the single seeds of those rows that have fewer than five."""
    few = means.loc[means["n"].between(1, MIN_SEEDS - 1), [*by, "n", "num_runs"]]
    if few.empty:
        return means.iloc[:0]
    rows = used[[*by, "seed", "value"]].merge(few, on=by, how="inner")
    rows["seed"] = rows["seed"].astype("Int64")
    return rows.assign(low=np.nan, high=np.nan, n=1, num_zero=0, num_diverged=0)


def seeds_at(runs: pd.DataFrame, values: "pd.Series[float]", **fields: Any) -> "pd.Series[float]":
    """Returns one value a seed: the mean over the runs with these fields; none where none has."""
    return by_seed(select(runs, **fields), values)


def by_seed(runs: pd.DataFrame, values: "pd.Series[float]") -> "pd.Series[float]":
    """Returns one value a seed: the mean over its runs of what `values` has by run id."""
    numbers = runs["run_id"].map(values).astype("float64")
    return numbers.groupby(runs["seed"]).mean().dropna()


def seed_interval(values: "pd.Series[float]", *, log: bool = False) -> Interval:
    """Returns the mean over seeds of one value a seed, with its interval."""
    return interval(np.asarray(values, np.float64), log=log)


def share_interval(values: "pd.Series[float]") -> Interval:
    """Returns the same of an accuracy or another share: its interval ends at 0 and 1."""
    return _within(seed_interval(values), 0.0, 1.0)


def rank_interval(values: "pd.Series[float]") -> Interval:
    """Returns the same of a rank or a count: its interval ends at 0."""
    return _within(seed_interval(values), 0.0, np.inf)


def correlation_interval(values: "pd.Series[float]") -> Interval:
    """Returns the same of a correlation: its interval ends at -1 and 1."""
    return _within(seed_interval(values), -1.0, 1.0)


def magnitude_interval(values: "pd.Series[float]") -> Interval:
    """Returns the geometric mean over seeds of a size, such as a distance, with its interval.

    Zero has no logarithm: where a seed has it the mean is the arithmetic one, and its interval
    ends at 0.

    Raises:
        ValueError: if a value is below 0.
    """
    if bool((values == 0).any()):
        return rank_interval(values)
    return seed_interval(values, log=True)


def _within(measured: Interval, least: float, most: float) -> Interval:
    """Returns an interval whose ends are what the statistic itself can be."""
    low, high = (float(end) for end in np.clip([measured.low, measured.high], least, most))
    return measured._replace(low=low, high=high)
