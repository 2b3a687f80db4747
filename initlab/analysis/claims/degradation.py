"""Claims on depth: plain nets get worse with it, residual nets better."""

import operator
from collections.abc import Mapping

import pandas as pd

from initlab.analysis.claims.few_steps import after_many_steps
from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim, Verdict
from initlab.analysis.over_seeds import by_seed
from initlab.analysis.residual_arms import BATCH, HE, PLAIN, SUM, at

RESIDUAL = "He et al., Deep residual learning, arXiv:1512.03385"
DEPTH = f"{RESIDUAL}, figure 1 and section 4.2"
RATE = "each with the learning rate of the highest validation accuracy"
PARTS = {
    "train_accuracy": ("training", "mean of train_accuracy over the steps of the last quarter"),
    "test_accuracy": ("test", "test_accuracy at the last step"),
}


def claims_on_depth(
    best: pd.DataFrame, values: Mapping[str, "pd.Series[float]"], *, figure: str
) -> list[Claim]:
    """Returns the claims on what depth does to nets with batch normalization and He's weights.

    Args:
        best: of `chosen`.
        values: statistic to accuracies by run id, of training and test; a diverged run is a guess.
        figure: name of the drawing that shows them.
    """
    kept = at(best, normalization=BATCH, initializer=HE)
    worse: list[Claim] = []
    better: list[Claim] = []
    above: list[Claim] = []
    for statistic, accuracies in values.items():
        if statistic not in PARTS:
            continue
        part, query = PARTS[statistic]

        def reached(
            net: str, depth: int, by_run: "pd.Series[float]" = accuracies
        ) -> "pd.Series[float]":
            return by_seed(at(kept, net=net, depth=depth), by_run)

        for net, found in ((PLAIN, worse), (SUM, better)):
            depths = sorted(at(kept, net=net)["depth"].unique())
            if len(depths) < 2:
                continue
            least, most = int(depths[0]), int(depths[-1])
            gained = reached(net, most) - reached(net, least)
            claims = positive_claim(
                ("degrades" if net == PLAIN else "improves", part),
                f"With {most} layers the {net} ends with a {'lower' if net == PLAIN else 'higher'} "
                f"{part} accuracy than with {least}.",
                -gained if net == PLAIN else gained,
                source=DEPTH,
                unit=f"{part} accuracy {'lost' if net == PLAIN else 'gained'}",
                figure=figure,
                query=f"{query}, {RATE}, batch normalization, He's weights: depth "
                f"{least if net == PLAIN else most} less depth {most if net == PLAIN else least}, "
                "seed by seed",
                subject=(part,),
            )
            # A deeper net that starts more slowly looks like one that is worse.
            slow: Verdict = "supported" if net == PLAIN else "refuted"
            found += after_many_steps(claims, at(kept, net=net), slow)
        for depth in sorted(kept["depth"].unique()):
            above += positive_claim(
                ("above", part, f"depth-{depth}"),
                f"With {depth} layers the residual net ends with a higher {part} accuracy than the "
                "plain one.",
                reached(SUM, int(depth)) - reached(PLAIN, int(depth)),
                source=DEPTH,
                unit=f"{part} accuracy gained",
                figure=figure,
                query=f"{query}, {RATE}, batch normalization, He's weights: residual net less "
                "plain net, seed by seed",
                subject=(f"{part}, depth {depth}",),
            )
    return [
        *over_trials(
            ("degrades",), "A plain net gets worse with depth, in training and in test accuracy",
            worse, worst=operator.neg,
        ),
        *over_trials(
            ("improves",), "A residual net gets better with depth, in training and in test "
            "accuracy", better, worst=operator.neg,
        ),
        *over_trials(
            ("above",), "A residual net ends above the plain one of its depth", above,
            worst=operator.neg,
        ),
    ]  # fmt: skip
