"""Claims on what training comes to: whose signal holds trains, and who over-fits."""

import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import HE
from initlab.analysis.findings import Claim
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.selection import select
from initlab.analysis.training import CHANCE, CLASSES, best_runs, final_accuracy
from initlab.analysis.verdicts import above, below, weight_variance

TRAINS = 2 * CHANCE


def claims_on_training(
    grid: pd.DataFrame, factors: pd.DataFrame, accuracy: "pd.Series[float]"
) -> list[Claim]:
    """Networks train whose signal holds, both ways; and which laws train deep rectifiers."""
    trial = ["activation", "depth", "initializer"]
    held_both = factors.assign(held=factors["fate"] == "holds").groupby(trial)["held"].all()
    runs = grid.merge(held_both.reset_index(), on=trial)
    claims = []
    for depth, of_it in runs.groupby("depth"):
        held = by_seed(of_it[of_it["held"]], accuracy)
        lost = by_seed(of_it[~of_it["held"]], accuracy)
        if (gain := (held - lost).dropna()).empty:
            continue
        measured = seed_interval(gain)
        claims.append(
            make_claim(
                ("trains-if-it-holds", f"depth-{depth}"),
                f"At depth {depth} networks whose signal holds both ways before training end with "
                "a higher accuracy than those whose signal does not.",
                source=HE,
                predicted="above 0",
                measured=measured,
                verdict=above(measured, 0.0),
                figure="accuracy-by-depth",
                query="test_accuracy at the last step (a diverged run: a guess), mean over trials "
                "whose mean square stays within a factor of ten over the hidden layers forward "
                "and backward, less mean over all others, seed by seed",
            )
        )
    return claims + claims_on_deep_rectifiers(grid, accuracy)


def claims_on_deep_rectifiers(grid: pd.DataFrame, accuracy: "pd.Series[float]") -> list[Claim]:
    """With ReLU at depth 20 and beyond, a law trains if its factor per layer is one."""
    claims = []
    deep = grid[(grid["activation"] == "relu") & (grid["depth"] >= 20)]
    for (depth, label), runs in deep.groupby(["depth", "initializer"], sort=True):
        variance = weight_variance(str(label), int(runs["width"].iloc[0]))
        values = by_seed(runs, accuracy)
        if variance is None or values.empty:
            continue
        measured, holds = seed_interval(values), variance == 2
        claims.append(
            make_claim(
                ("trains" if holds else "fails", f"depth-{depth}", str(label)),
                f"{short_name(str(label))} {'trains' if holds else 'does not train'} a relu "
                f"network of depth {depth} within these steps.",
                source=HE,
                predicted=f"test accuracy {'above' if holds else 'below'} {TRAINS:g}, twice that "
                f"of a guess, for the factor per layer is {variance / 2:.4g}",
                measured=measured,
                verdict=above(measured, TRAINS) if holds else below(measured, TRAINS),
                figure="accuracy-by-depth",
                query="test_accuracy at the last step (a diverged run: a guess); mean over seeds",
            )
        )
    return claims


def claims_on_over_fitting(
    grid: pd.DataFrame, records: pd.DataFrame, accuracy: "pd.Series[float]"
) -> list[Claim]:
    """ReLU controls over-fitting: its training accuracy is less far above its test accuracy."""
    best = best_runs(grid, records)
    if best.empty:
        return []
    best = select(best, depth=int(best["depth"].min()))
    gap = final_accuracy(best, records, classes=CLASSES, statistic="train_accuracy") - accuracy
    relu = by_seed(select(best, activation="relu"), gap)
    claims = []
    for activation, runs in best[best["activation"] != "relu"].groupby("activation"):
        if (less := (by_seed(runs, gap) - relu).dropna()).empty:
            continue
        measured = seed_interval(less)
        claims.append(
            make_claim(
                ("over-fits-less-than", str(activation)),
                f"ReLU over-fits less than {activation}, each with its best initializer at depth "
                f"{best['depth'].iloc[0]}.",
                source="S, ReLU controls over-fitting",
                predicted="above 0; so short a training may show nothing",
                measured=measured,
                verdict=above(measured, 0.0),
                figure="accuracy-by-depth",
                query="train_accuracy (of the last batch) less test_accuracy at the last step; "
                f"{activation} less relu, seed by seed",
            )
        )
    return claims
