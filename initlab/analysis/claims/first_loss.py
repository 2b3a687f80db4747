"""Claims on the first output: without preference it is [.1 .1 ... .1], between ten classes."""

import re

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.first_error import HALF_SQUARES, first_errors
from initlab.analysis.names import capital, short_name
from initlab.analysis.over_seeds import magnitude_interval
from initlab.analysis.training import CLASSES, NO_PREFERENCE
from initlab.analysis.verdicts import below

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
        unit=f"first loss, from ln {CLASSES}",
        source=source,
        figure=figure,
        query=f"step 0: |train_loss - ln {CLASSES}|",
    )


def first_error_claims(
    runs: pd.DataFrame, start: pd.DataFrame, *, source: str, figure: str
) -> list[Claim]:
    """Returns a claim a family of initializers: its first squared error is that of [.1 .1 ... .1].

    Args:
        runs: the runs that count; those of another loss are left out.
        start: rows of the `layers` table, those of step 0 among them.
        source: whose, with the reference.
        figure: name of a drawing.
    """
    error = first_errors(runs, start)
    return _claims(
        "first-error",
        f"starts with [.1 .1 ... .1], half its summed squared error being {HALF_SQUARES:.2f}",
        runs,
        error - HALF_SQUARES,
        HALF_SQUARES / 100,
        unit=f"squared error / 2, from {HALF_SQUARES:.2f}",
        source=source,
        figure=figure,
        query=f"step 0: |half_squared_error - {HALF_SQUARES:.2f}|, being {CLASSES} batch_size^2 "
        "preactivation_gradient_second_moment of the readout / 2",
    )


def _claims(
    words: str,
    said: str,
    runs: pd.DataFrame,
    off: "pd.Series[float]",
    bound: float,
    *,
    unit: str,
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
            measured = magnitude_interval(away[np.isfinite(away)])
            lost = bool((~np.isfinite(away)).any())
            trials.append(
                make_claim(
                    (words, label, activation, f"depth-{depth}"),
                    f"{short_name(label)} with {activation} at depth {depth} {said}.",
                    source=source,
                    predicted=f"below {bound:.2g}",
                    unit=unit,
                    measured=measured,
                    verdict="refuted" if lost else below(measured, bound),
                    figure=figure,
                    query=f"{query}; geometric mean over seeds. A hundredth is allowed. A loss "
                    "that is not finite refutes, and is in no mean",
                    subject=(short_name(label), f"with {activation}"),
                )
            )
        labels = list(of_it["initializer"].unique())
        name = short_name(labels[0] if len(labels) == 1 else str(family))
        name += f" of {len(labels)} sizes" if len(labels) > 1 else ""
        depths = list(of_it["depth"].unique())
        where = f" at depth {depths[0]}" if len(depths) == 1 else ""
        claims += over_trials(
            (words, str(family)), f"{capital(name)}{where} {said}", trials, worst=float
        )
    return claims
