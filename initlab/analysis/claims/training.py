"""Claims on what training comes to: whose signal holds trains, and who over-fits."""

import math
import operator
from functools import partial

import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import COMMON, HE
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.filters import hidden_fan, of_filters
from initlab.analysis.findings import Claim
from initlab.analysis.guessing import chance
from initlab.analysis.intervals import Interval
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import by_seed, share_interval
from initlab.analysis.selection import select
from initlab.analysis.training import final_accuracy, shallow_best
from initlab.analysis.verdicts import above, below, weight_variance


def claims_on_training(
    grid: pd.DataFrame,
    records: pd.DataFrame,
    factors: pd.DataFrame,
    accuracy: "pd.Series[float]",
) -> list[Claim]:
    """Whose signal holds trains; which laws train deep rectifiers; and who over-fits."""
    return [
        *claims_on_whose_signal_holds(grid, factors, accuracy),
        *claims_on_deep_rectifiers(grid, accuracy),
        *claims_on_over_fitting(grid, records, accuracy),
    ]


def claims_on_whose_signal_holds(
    grid: pd.DataFrame, factors: pd.DataFrame, accuracy: "pd.Series[float]"
) -> list[Claim]:
    """Networks train whose signal holds, both ways."""
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
            "higher accuracy, in the mean over trials, than those whose signal does not.",
            held - lost,
            source=HE,
            unit="test accuracy more",
            figure="accuracy-by-depth",
            query="test_accuracy at the last step (a diverged run: a guess), mean over trials "
            "whose mean square stays within a factor of ten over the hidden layers forward and "
            "backward, less mean over all others, seed by seed",
        )
    return over_trials(
        ("trains-if-it-holds",),
        "Networks whose signal holds both ways before training end with a higher accuracy than "
        "those whose signal does not, in the mean over trials, at every depth",
        trials,
        worst=operator.neg,
    )


def claims_on_deep_rectifiers(grid: pd.DataFrame, accuracy: "pd.Series[float]") -> list[Claim]:
    """With ReLU at depth 20 and beyond, a law trains if its factor per layer is one.

    Laws without a closed form, such as those of another weight mean than zero, have no factor to
    be judged by: they are in neither claim, as the statements say.
    """
    trains: list[Claim] = []
    fails: list[Claim] = []
    deep = grid[(grid["activation"] == "relu") & (grid["depth"] >= 20)]
    for (_, label), runs in deep.groupby(["depth", "initializer"], sort=True):
        fan = hidden_fan(runs)
        variance = None if fan is None else weight_variance(str(label), fan)
        if variance is None or (values := by_seed(runs, accuracy)).empty:
            continue
        holds = math.isclose(variance, 2.0, rel_tol=1e-3)  # gains are given in decimals
        depth, measured = int(runs["depth"].iloc[0]), share_interval(values)
        bound = 2 * chance(runs)
        trial = deep_rectifier(str(label), depth, variance / 2, measured, bound, holds=holds)
        (trains if holds else fails).append(trial)
    where = (
        "relu networks of 20 layers and more within these steps (of the laws whose factor has a "
        "closed form: weights of zero mean)"
    )
    bare = "factor per layer, the padding's left out," if of_filters(grid) else "factor per layer"
    return [
        *over_trials(
            ("trains",), f"Laws whose {bare} is 1 train {where}", trains,
            worst=operator.neg,
        ),
        *over_trials(
            ("fails",), f"Laws whose {bare} is not 1 do not train {where}", fails,
            worst=float,
        ),
    ]  # fmt: skip


def deep_rectifier(
    label: str, depth: int, factor: float, measured: Interval, bound: float, *, holds: bool
) -> Claim:
    """Returns the claim that one law trains a deep relu network to `bound`, or that it does not."""
    return make_claim(
        ("trains" if holds else "fails", f"depth-{depth}", label),
        f"{short_name(label)} {'trains' if holds else 'does not train'} a relu network of depth "
        f"{depth} within these steps.",
        source=HE,
        predicted=f"{'above' if holds else 'below'} {bound:g}",
        unit="test accuracy",
        measured=measured,
        verdict=partial(above, bound=bound) if holds else partial(below, bound=bound),
        figure="accuracy-by-depth",
        query="test_accuracy at the last step (a diverged run: a guess); mean over seeds. "
        f"{bound:g} is twice that of a guess; half the weight variance is {factor:.4g}",
        subject=(short_name(label), f"at depth {depth}"),
    )


def claims_on_over_fitting(
    grid: pd.DataFrame, records: pd.DataFrame, accuracy: "pd.Series[float]"
) -> list[Claim]:
    """ReLU controls over-fitting: its training accuracy is less far above its test accuracy."""
    best = shallow_best(grid, records)
    if best.empty:
        return []
    gap = final_accuracy(best, records, statistic="train_accuracy") - accuracy
    relu = by_seed(select(best, activation="relu"), gap)
    trials = []
    for activation, runs in best[best["activation"] != "relu"].groupby("activation"):
        trials += positive_claim(
            ("over-fits-less-than", str(activation)),
            f"ReLU over-fits less than {activation}, each with its best initializer at depth "
            f"{best['depth'].iloc[0]}.",
            by_seed(runs, gap) - relu,
            source=f"{COMMON}: ReLU controls over-fitting",
            unit="accuracy, training less test",
            figure="over-fitting",
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
