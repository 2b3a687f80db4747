"""Claims on lower layers: do they learn beside the upper ones?"""

import math
import operator

import numpy as np
import pandas as pd

from initlab.analysis.claims.fate import DECADE
from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import RECTIFIERS
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.names import short_name
from initlab.analysis.numbers import MINUS
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.selection import hidden, select
from initlab.analysis.training import best_runs
from initlab.analysis.verdicts import below
from initlab.store.query import Results

LEAST = float(np.finfo(np.float32).tiny)
COMPARED = (
    "log10 of update_to_weight_ratio, first hidden layer over the last, mean over the measured "
    f"steps at which both are above 0 (a first layer whose updates are 0 throughout: {LEAST:.1e})"
)


def claims_on_lower_layers(results: Results, grid: pd.DataFrame) -> list[Claim]:
    """Rectifiers let gradients reach the lower layers, which with tanh and sigmoid train slowly."""
    best = select(best_runs(grid, results.steps), activation=["relu", "tanh", "sigmoid"])
    lag = lower_layer_lag(results, best)
    claims = slow_lower_layers(best, lag)
    for activation in ("tanh", "sigmoid"):
        trials = []
        for depth, of_it in best.groupby("depth"):
            relu, other = select(of_it, activation="relu"), select(of_it, activation=activation)
            trials += positive_claim(
                ("lower-layers", activation, f"depth-{depth}"),
                f"At depth {depth} lower layers move more, beside the upper ones, with relu "
                f"{_best_name(relu)} than with {activation} {_best_name(other)}.",
                by_seed(relu, lag) - by_seed(other, lag),
                source=RECTIFIERS,
                figure="training",
                query=f"{COMPARED}; relu less the other, seed by seed; each with the initializer "
                "of the least final training loss",
            )
        claims += over_trials(
            ("lower-layers", activation),
            f"Lower layers move more, beside the upper ones, with relu than with {activation}, at "
            "every depth",
            trials,
            worst=operator.neg,
        )
    return claims


def _best_name(runs: pd.DataFrame) -> str:
    """Returns the initializer of an activation's best runs, in brackets."""
    return f"({short_name(str(runs['initializer'].iloc[0]))})" if len(runs) else ""


def slow_lower_layers(best: pd.DataFrame, lag: "pd.Series[float]") -> list[Claim]:
    """Returns the claims that lower layers train very slowly, in the deepest networks."""
    claims = []
    deepest_ones = best[best["depth"] == best["depth"].max()]
    for activation in ("tanh", "sigmoid"):
        runs = select(deepest_ones, activation=activation)
        if (values := by_seed(runs, lag)).empty:
            continue
        measured = seed_interval(values)
        claims.append(
            make_claim(
                ("slow-lower-layers", activation),
                f"The lower layers train very slowly with {activation} at depth "
                f"{runs['depth'].iloc[0]} ({short_name(str(runs['initializer'].iloc[0]))}): the "
                "first hidden layer moves less than a tenth as much as the last.",
                source=RECTIFIERS,
                predicted=f"below {MINUS}1 power of ten",
                measured=measured,
                verdict=below(measured, -DECADE),
                figure="training",
                query=f"{COMPARED}; with the initializer of the least final training loss; mean "
                "over seeds",
            )
        )
    return claims


def lower_layer_lag(results: Results, runs: pd.DataFrame) -> "pd.Series[float]":
    """Returns log10 of the first hidden layer's relative update over the last's, by run id.

    The mean over the measured steps at which both are above 0. Where the first layer's is 0
    whenever the last's is not, float32 could not hold it, and it counts as `LEAST`.
    """
    if runs.empty:
        return pd.Series(dtype="float64")
    rows = hidden(
        runs,
        results.read_layers(
            ["run_id", "step", "layer", "site", "update_to_weight_ratio"],
            run_ids=list(runs["run_id"]),
        ),
    )
    ratio = rows.set_index(["run_id", "step"])["update_to_weight_ratio"].astype("float64")
    layer, top = rows["layer"].to_numpy(), rows["depth"].to_numpy() - 1
    both = pd.DataFrame({"first": ratio[layer == 1], "last": ratio[layer == top]}).dropna()
    both = both[both["last"] > 0]
    still = both.groupby("run_id")["first"].transform("max") == 0
    both["first"] = both["first"].mask(still, LEAST)
    both = both[both["first"] > 0]
    log: pd.Series[float] = (both["first"] / both["last"]).map(math.log10)
    return log.groupby("run_id").mean()
