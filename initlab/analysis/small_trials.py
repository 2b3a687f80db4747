"""Small trials: what a few steps, or a shallow network, say of initializers."""

import pandas as pd
from scipy import stats

from initlab.analysis.best_trials import best_trials
from initlab.analysis.weight_scales import SCALED, SETTING, VALIDATION

EARLY, SHALLOW = "a few steps", "a shallow network"
KINDS = (EARLY, SHALLOW)


def small_trials(
    runs: pd.DataFrame, early: "pd.Series[float]", final: "pd.Series[float]"
) -> pd.DataFrame:
    """Returns what two kinds of small trial say of each initializer, and what the full run did.

    Each takes the learning rate that does best in it. The one is the run itself after a few steps,
    the other the shallowest network, of every deeper one, in its full run.

    Args:
        runs: with learning rates as trials of their own.
        early: validation accuracy after the few steps, by run id.
        final: that at the end.

    Returns:
        `kind`, `SCALED`, `seed`, `small` and `full`.
    """
    keys = [*SCALED, "seed"]
    full = _values(best_trials(runs, final, SCALED), final, keys, "full")
    few = _values(best_trials(runs, early, SCALED), early, keys, "small")
    parts = [full.merge(few, on=keys).assign(kind=EARLY)]
    least = full["depth"].min()
    if full["depth"].max() > least:
        small = full[full["depth"] == least].drop(columns="depth").rename(columns={"full": "small"})
        without = [name for name in keys if name != "depth"]
        deeper = full[full["depth"] > least]
        parts.append(deeper.merge(small, on=without).assign(kind=SHALLOW))
    return pd.concat(parts, ignore_index=True)[["kind", *keys, "small", "full"]]


def rank_correlations(table: pd.DataFrame) -> pd.DataFrame:
    """Returns Spearman's `rho` of both over initializers, by `kind`, `SETTING` and `seed`."""
    rows = []
    for key, of_it in table.groupby(["kind", *SETTING, "seed"], sort=False):
        varied = min(of_it["small"].nunique(), of_it["full"].nunique())
        if varied > 1 and len(of_it) > 2:
            rho = stats.spearmanr(of_it["small"], of_it["full"]).statistic
            rows.append((*key, float(rho)))
    return pd.DataFrame(rows, columns=["kind", *SETTING, "seed", "rho"])


def regrets(table: pd.DataFrame) -> pd.DataFrame:
    """Returns what following the small trial costs: `kind`, `SETTING`, `seed`, `regret`.

    Accuracy of the full run's best initializer, less that of the one that the small trial ranks
    first (of several, their mean).
    """
    rows = []
    for key, of_it in table.groupby(["kind", *SETTING, "seed"], sort=False):
        first = of_it[of_it["small"] == of_it["small"].max()]
        rows.append((*key, float(of_it["full"].max() - first["full"].mean())))
    return pd.DataFrame(rows, columns=["kind", *SETTING, "seed", "regret"])


def over_seeds(table: pd.DataFrame) -> pd.DataFrame:
    """Returns the mean over seeds: `small` and `value`, a row a kind, setting and initializer."""
    mean = table.groupby(["kind", *SCALED], sort=False)[["small", "full"]].mean().reset_index()
    return mean.rename(columns={"full": "value"}).assign(statistic=VALIDATION)


def _values(
    runs: pd.DataFrame, score: "pd.Series[float]", keys: list[str], name: str
) -> pd.DataFrame:
    """Returns the score of these runs, as a column of that name."""
    values = runs["run_id"].map(score).astype("float64")
    return runs[keys].assign(**{name: values}).dropna(subset=name)
