"""Claims on the first output: without preference it is [.1 .1 ... .1], between ten classes."""

import re

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import seed_interval
from initlab.analysis.training import CLASSES, NO_PREFERENCE
from initlab.analysis.verdicts import below

HALF_SQUARES = ((1 - 1 / CLASSES) ** 2 + (CLASSES - 1) / CLASSES**2) / 2
NUMBERS = re.compile(r"\([^()]*\)")


def first_loss_claims(
    runs: pd.DataFrame, records: pd.DataFrame, *, source: str, figure: str
) -> list[Claim]:
    """Returns a claim a family of initializers: its first loss is that of equal probabilities."""
    loss = records[records["step"] == 0].set_index("run_id")["train_loss"]
    return _claims(
        "no-preference",
        f"starts without preference between the {CLASSES} classes, with a first loss of "
        f"{NO_PREFERENCE:.4f}",
        runs,
        loss - NO_PREFERENCE,
        NO_PREFERENCE / 100,
        source=source,
        figure=figure,
        query=f"step 0: |train_loss - ln {CLASSES}|",
    )


def first_error_claims(
    runs: pd.DataFrame, start: pd.DataFrame, *, source: str, figure: str
) -> list[Claim]:
    r"""Returns a claim a family of initializers: its first squared error is that of [.1 .1 ... .1].

    With cross-entropy the gradient of a batch's mean loss with respect to a logit is
    :math:`(p_{bk} - t_{bk}) / B`, so that the summed squared error of the probabilities is
    :math:`B^2` times the summed square of that gradient, which the readout's row holds.

    Args:
        runs: the runs that count; those of another loss are left out.
        start: rows of the `layers` table, those of step 0 among them.
        source: whose, with the reference.
        figure: name of a drawing.
    """
    rows = start[start["step"] == 0].merge(runs[["run_id", "depth", "batch_size"]], on="run_id")
    readout = rows[rows["layer"] == rows["depth"]].set_index("run_id")
    square = readout["preactivation_gradient_second_moment"]
    error = CLASSES * readout["batch_size"] ** 2 * square / 2
    return _claims(
        "first-error",
        f"starts with [.1 .1 ... .1], half its summed squared error being {HALF_SQUARES:.2f}",
        runs,
        error - HALF_SQUARES,
        HALF_SQUARES / 100,
        source=source,
        figure=figure,
        query=f"step 0: |{CLASSES} batch_size^2 preactivation_gradient_second_moment of the "
        f"readout / 2 - {HALF_SQUARES:.2f}|",
    )


def _claims(
    words: str,
    said: str,
    runs: pd.DataFrame,
    off: "pd.Series[float]",
    bound: float,
    *,
    source: str,
    figure: str,
    query: str,
) -> list[Claim]:
    """Returns a claim a family: in each trial what was measured lies as near as `bound`."""
    runs = runs[runs["loss"] == "cross_entropy"]
    claims = []
    for family, of_it in runs.groupby(runs["initializer"].str.replace(NUMBERS, "", regex=True)):
        trials = []
        for key, arm in of_it.groupby(["initializer", "activation", "depth"], sort=False):
            label, activation, depth = map(str, key)
            away = arm.set_index("seed")["run_id"].map(off.abs())
            measured = seed_interval(away[np.isfinite(away)])
            lost = bool((~np.isfinite(away)).any())
            trials.append(
                make_claim(
                    (words, label, activation, f"depth-{depth}"),
                    f"{short_name(label)} with {activation} at depth {depth} {said}.",
                    source=source,
                    predicted=f"less than {bound:.2g} away",
                    measured=measured,
                    verdict="refuted" if lost else below(measured, bound),
                    figure=figure,
                    query=f"{query}; mean over seeds. A hundredth is allowed. A loss that is not "
                    "finite refutes, and is in no mean",
                )
            )
        labels = list(of_it["initializer"].unique())
        name = short_name(labels[0] if len(labels) == 1 else str(family))
        name += f" of {len(labels)} sizes" if len(labels) > 1 else ""
        claims += over_trials(
            (words, str(family)), f"{name[0].upper()}{name[1:]} {said}", trials, worst=float
        )
    return claims
