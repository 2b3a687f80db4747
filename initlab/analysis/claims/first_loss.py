"""Claims on the first output: without preference between ten classes it is [.1 .1 ... .1]."""

import re
from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.first_error import first_errors, half_squares
from initlab.analysis.guessing import no_preference, num_outputs
from initlab.analysis.names import capital, short_name
from initlab.analysis.over_seeds import magnitude_interval
from initlab.analysis.verdicts import below

NUMBERS = re.compile(r"\([^()]*\)")


def first_loss_claims(
    runs: pd.DataFrame, records: pd.DataFrame, *, source: str, figure: str
) -> list[Claim]:
    """Returns a claim a family of initializers: its first loss is that of equal probabilities."""
    if runs.empty:
        return []
    loss = records[records["step"] == 0].set_index("run_id")["train_loss"]
    logits, expected = num_outputs(runs), no_preference(runs)
    return _claims(
        "no-preference",
        f"starts without preference between the {logits} classes, with a first loss of "
        f"{expected:.4f}",
        runs,
        loss - expected,
        expected / 100,
        unit=f"first loss, from ln {logits}",
        source=source,
        figure=figure,
        query=f"step 0: |train_loss - ln {logits}|",
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
    if runs.empty:
        return []
    error, expected, logits = first_errors(runs, start), half_squares(runs), num_outputs(runs)
    each = f"{1 / logits:.3g}".removeprefix("0")
    return _claims(
        "first-error",
        f"starts with [{each} {each} ... {each}], half its summed squared error being "
        f"{expected:.3g}",
        runs,
        error - expected,
        expected / 100,
        unit=f"squared error / 2, from {expected:.3g}",
        source=source,
        figure=figure,
        query=f"step 0: |half_squared_error - {expected:.3g}|, being {logits} batch_size^2 "
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
                    verdict="refuted" if lost else partial(below, bound=bound),
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
