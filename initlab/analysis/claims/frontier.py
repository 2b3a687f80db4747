"""Claims on the depth down to which networks train, against theory's depth scale."""

import math
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import ADDED
from initlab.analysis.depth_scales import COLUMN, critical_point
from initlab.analysis.findings import Claim
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import correlation_interval, seed_interval
from initlab.analysis.trainability import LEVEL, depths_over_scale
from initlab.analysis.verdicts import above, within

SCHOENHOLZ = "Stated in Schoenholz et al., Deep Information Propagation (arXiv:1611.01232)"
SCALES, FACTOR = 6, 1.5
MAP = "map"
FRONTIER = (
    "the depth at which train_accuracy (mean of the steps measured in the last quarter; a diverged "
    f"run: a guess) first falls below {LEVEL:g}, a line in log depth between networks"
)


def stated_in(activation: str) -> str:
    """Returns whose a statement on an activation is: that on ReLU's gradients is ours."""
    return (
        f"{ADDED}: the same of ReLU, whose scale is the gradient's"
        if activation == "relu"
        else (SCHOENHOLZ)
    )


def reaches(activation: str, runs: pd.DataFrame, found: pd.DataFrame) -> list[Claim]:
    """Over how many depth scales networks train, below and above the critical point."""
    low, high = float(runs["depth"].min()), float(runs.groupby(list(COLUMN))["depth"].max().min())
    ratios = depths_over_scale(found, low=low, high=high)
    claims: list[Claim] = []
    for side, of_it in ratios.groupby("side", sort=False):
        logs = np.log(of_it["ratio"]).groupby(of_it["seed"]).mean()
        measured = seed_interval(np.exp(logs), log=True)
        columns = of_it["initializer"].nunique()
        claims.append(
            make_claim(
                ("reach", activation, str(side)),
                f"With {activation} {side} the critical weight variance networks train as deep as "
                f"{SCALES} depth scales.",
                source=stated_in(activation),
                predicted=f"{SCALES}, within a factor of {FACTOR:g}: {SCALES / FACTOR:g} to "
                f"{SCALES * FACTOR:g}",
                unit="depth scales",
                measured=measured,
                verdict=partial(within, low=SCALES / FACTOR, high=SCALES * FACTOR),
                figure=MAP,
                query=f"{FRONTIER}; over xi, geometric mean over the {columns} weight variances "
                f"whose {SCALES} xi lie between {low:g} and {high:g} layers, seed by seed",
                subject=(f"{activation} {side}",),
            )
        )
    return claims


def ordered_alike(activation: str, found: pd.DataFrame) -> list[Claim]:
    """Rank correlation of the measured depths with theory's scales, over weight variances."""
    if found["initializer"].nunique() < 3:
        return []
    ranks = {
        seed: stats.spearmanr(of_it["frontier"], of_it["xi"]).statistic
        for seed, of_it in found.groupby("seed")
        if of_it["frontier"].max() > of_it["frontier"].min()
    }
    known = pd.Series(ranks, dtype="float64").dropna()
    if known.empty:
        return []
    measured = correlation_interval(known)
    return [
        make_claim(
            ("order", activation),
            f"With {activation}, the longer the depth scale of a weight variance, the deeper its "
            "networks train.",
            source=stated_in(activation),
            predicted="above 0",
            unit="Spearman's rank correlation",
            measured=measured,
            verdict=partial(above, bound=0.0),
            figure=MAP,
            query=f"{FRONTIER}; its rank correlation with xi over the weight variances, seed by "
            "seed",
            subject=(activation,),
        )
    ]


def at_the_critical_point(
    activation: str, found: pd.DataFrame, scales: pd.DataFrame
) -> list[Claim]:
    """The weight variance whose networks train deepest is that of the critical point."""
    critical = critical_point(scales)
    variances = np.sort(scales["weight_variance"].to_numpy(np.float64))
    if not math.isfinite(critical) or found.empty:
        return []
    under, over = variances[variances < 0.999 * critical], variances[variances > 1.001 * critical]
    if not len(under) or not len(over):
        return []
    best = {
        seed: float(np.exp(np.log(top["weight_variance"]).mean()))
        for seed, of_it in found.groupby("seed")
        for top in (of_it[of_it["frontier"] == of_it["frontier"].max()],)
    }
    measured = seed_interval(pd.Series(best), log=True)
    return [
        make_claim(
            ("deepest", activation),
            f"With {activation} networks train deepest at the critical weight variance, "
            f"{number(critical)}, or beside it.",
            source=stated_in(activation),
            predicted=f"{critical:.4g}, between its neighbours on the map: {under[-1]:g} to "
            f"{over[0]:g}",
            unit="weight variance times fan-in",
            measured=measured,
            verdict=partial(within, low=float(under[-1]), high=float(over[0])),
            figure=MAP,
            query=f"{FRONTIER}; the weight variance where it is greatest, geometric mean over ties "
            "and seeds",
            subject=(activation,),
        )
    ]
