"""Claims on what training comes to: whose signal holds trains, and who over-fits."""

import math
import operator

import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import COMMON, HE
from initlab.analysis.claims.trials import over_trials
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
    trials = []
    for depth, of_it in runs.groupby("depth"):
        held = by_seed(of_it[of_it["held"]], accuracy)
        lost = by_seed(of_it[~of_it["held"]], accuracy)
        trials += positive_claim(
            ("trains-if-it-holds", f"depth-{depth}"),
            f"At depth {depth} networks whose signal holds both ways before training end with a "
            "higher accuracy than those whose signal does not.",
            held - lost,
            source=HE,
            figure="accuracy-by-depth",
            query="test_accuracy at the last step (a diverged run: a guess), mean over trials "
            "whose mean square stays within a factor of ten over the hidden layers forward and "
            "backward, less mean over all others, seed by seed",
        )
    merged = over_trials(
        ("trains-if-it-holds",),
        "Networks whose signal holds both ways before training end with a higher accuracy than "
        "those whose signal does not, at every depth",
        trials,
        worst=operator.neg,
    )
    return merged + claims_on_deep_rectifiers(grid, accuracy)


def claims_on_deep_rectifiers(grid: pd.DataFrame, accuracy: "pd.Series[float]") -> list[Claim]:
    """With ReLU at depth 20 and beyond, a law trains if its factor per layer is one."""
    trains: list[Claim] = []
    fails: list[Claim] = []
    deep = grid[(grid["activation"] == "relu") & (grid["depth"] >= 20)]
    for (depth, label), runs in deep.groupby(["depth", "initializer"], sort=True):
        variance = weight_variance(str(label), int(runs["width"].iloc[0]))
        values = by_seed(runs, accuracy)
        if variance is None or values.empty:
            continue
        measured = seed_interval(values)
        holds = math.isclose(variance, 2.0, rel_tol=1e-3)  # gains are given in decimals
        (trains if holds else fails).append(
            make_claim(
                ("trains" if holds else "fails", f"depth-{depth}", str(label)),
                f"{short_name(str(label))} {'trains' if holds else 'does not train'} a relu "
                f"network of depth {depth} within these steps.",
                source=HE,
                predicted=f"{'above' if holds else 'below'} {TRAINS:g}",
                measured=measured,
                verdict=above(measured, TRAINS) if holds else below(measured, TRAINS),
                figure="accuracy-by-depth",
                query="test_accuracy at the last step (a diverged run: a guess); mean over seeds. "
                f"{TRAINS:g} is twice that of a guess; the factor per layer is {variance / 2:.4g}",
            )
        )
    where = "relu networks of 20 layers and more within these steps"
    return [
        *over_trials(
            ("trains",), f"Laws whose factor per layer is 1 train {where}", trains,
            worst=operator.neg,
        ),
        *over_trials(
            ("fails",), f"Laws whose factor per layer is not 1 do not train {where}", fails,
            worst=float,
        ),
    ]  # fmt: skip


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
    trials = []
    for activation, runs in best[best["activation"] != "relu"].groupby("activation"):
        trials += positive_claim(
            ("over-fits-less-than", str(activation)),
            f"ReLU over-fits less than {activation}, each with its best initializer at depth "
            f"{best['depth'].iloc[0]}.",
            by_seed(runs, gap) - relu,
            source=f"{COMMON}: ReLU controls over-fitting",
            figure="accuracy-by-depth",
            query="train_accuracy (of the last batch) less test_accuracy at the last step; "
            f"{activation} less relu, seed by seed",
        )
    return over_trials(
        ("over-fits-less",),
        "ReLU over-fits less than every other activation, each with its best initializer in the "
        "shallowest networks",
        trials,
        worst=operator.neg,
    )
