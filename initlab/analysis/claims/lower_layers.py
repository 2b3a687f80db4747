"""Claims on lower layers: do they learn beside the upper ones?"""

import operator
from functools import partial

import pandas as pd

from initlab.analysis.claims.holding import DECADE
from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import RECTIFIERS
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.names import short_name
from initlab.analysis.numbers import MINUS
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.selection import select
from initlab.analysis.training import best_runs
from initlab.analysis.updates import LEAST, lower_layer_lag
from initlab.analysis.verdicts import below

COMPARED = (
    "log10 of update_to_weight_ratio, first hidden layer over the last, mean over the measured "
    f"steps at which both are above 0 (a first layer whose updates are 0 throughout: {LEAST:.1e})"
)
ACTIVATIONS = ("relu", "tanh", "sigmoid")
SLOW = ("tanh", "sigmoid")


def compared_runs(grid: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs whose layers are compared: relu, tanh and sigmoid, each's best by depth."""
    return select(best_runs(grid, records), activation=ACTIVATIONS)


def claims_on_lower_layers(
    best: pd.DataFrame, updates: pd.DataFrame, accuracy: "pd.Series[float]"
) -> list[Claim]:
    """Rectifiers let gradients reach the lower layers, which with tanh and sigmoid train slowly.

    Args:
        best: of `compared_runs`.
        updates: of `relative_updates`, for these runs.
        accuracy: of `final_accuracy`; said of each, for the best one may not train.
    """
    lag = lower_layer_lag(best, updates)
    claims = slow_lower_layers(best, lag, accuracy)
    for activation in SLOW:
        trials = []
        for depth, of_it in best.groupby("depth"):
            relu, other = select(of_it, activation="relu"), select(of_it, activation=activation)
            trials += positive_claim(
                ("lower-layers", activation, f"depth-{depth}"),
                f"At depth {depth} lower layers move more, beside the upper ones, with relu "
                f"({_best(relu, accuracy)}) than with {activation} ({_best(other, accuracy)}).",
                by_seed(relu, lag) - by_seed(other, lag),
                source=RECTIFIERS,
                unit=f"powers of ten, relu over {activation}",
                figure="updates",
                query=f"{COMPARED}; relu less the other, seed by seed; each with the initializer "
                "of the least final training loss",
            )
        claims += over_trials(
            ("lower-layers", activation),
            f"Lower layers move more, beside the upper ones, with relu than with {activation}, at "
            "every depth that both have",
            trials,
            worst=operator.neg,
        )
    return claims


def _best(runs: pd.DataFrame, accuracy: "pd.Series[float]") -> str:
    """Returns the initializer of an activation's best runs, and how well they end."""
    if runs.empty:
        return ""
    end = by_seed(runs, accuracy).mean()
    return f"{short_name(str(runs['initializer'].iloc[0]))}, test accuracy {end:.2f}"


def slow_lower_layers(
    best: pd.DataFrame, lag: "pd.Series[float]", accuracy: "pd.Series[float]"
) -> list[Claim]:
    """Returns the claims that lower layers train very slowly, in each activation's deepest nets."""
    claims: list[Claim] = []
    for activation in SLOW:
        runs = select(best, activation=activation)
        runs = runs[runs["depth"] == runs["depth"].max()]
        if (values := by_seed(runs, lag)).empty:
            continue
        measured = seed_interval(values)
        claims.append(
            make_claim(
                ("slow-lower-layers", activation),
                f"The lower layers train very slowly with {activation} at depth "
                f"{runs['depth'].iloc[0]} ({_best(runs, accuracy)}): the first hidden layer moves "
                "less than a tenth as much as the last.",
                source=RECTIFIERS,
                predicted=f"below {MINUS}1",
                unit="log10 of first over last layer",
                measured=measured,
                verdict=partial(below, bound=-DECADE),
                figure="updates",
                query=f"{COMPARED}; with the initializer of the least final training loss; mean "
                "over seeds",
            )
        )
    return claims
