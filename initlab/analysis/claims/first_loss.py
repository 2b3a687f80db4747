"""Claims on the first loss: a network without preference between n classes starts at ln n."""

import math

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.findings import Claim
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import seed_interval
from initlab.analysis.verdicts import below


def first_loss_claims(
    runs: pd.DataFrame, records: pd.DataFrame, *, classes: int, source: str, figure: str
) -> list[Claim]:
    """Returns a claim per initializer: its first loss is that of equal probabilities.

    Of each seed the trial counts whose loss is farthest from it. A loss that is no number is no
    evidence of equal probabilities: such an initializer is refuted.
    """
    expected = math.log(classes)
    start = records[records["step"] == 0].set_index("run_id")["train_loss"]
    claims = []
    for label, arm in runs[runs["loss"] == "cross_entropy"].groupby("initializer", sort=False):
        off = arm["run_id"].map((start - expected).abs())
        worst = off.groupby(arm["seed"]).max().dropna()
        measured = seed_interval(worst[np.isfinite(worst)])
        lost = bool((~np.isfinite(off)).any())
        claims.append(
            make_claim(
                ("no-preference", str(label)),
                f"{short_name(str(label))} starts without preference between the {classes} "
                f"classes, whichever the activation and depth: its first loss is {expected:.4f}.",
                source=source,
                predicted=f"less than {expected / 100:.3f} away, a hundredth of ln {classes}",
                measured=measured,
                verdict="refuted" if lost else below(measured, expected / 100),
                figure=figure,
                query=f"step 0: |train_loss - ln {classes}|, the greatest over activations and "
                "depths; mean over seeds. A loss that is not finite refutes, and is in no mean",
            )
        )
    return claims
