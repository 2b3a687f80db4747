"""Claims on a nonlinearity that comes again after max pooling: does it change anything?"""

from functools import partial
from typing import cast

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import ADDED, IDLE
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import magnitude_interval
from initlab.analysis.selection import select
from initlab.analysis.verdicts import above, always

ROUNDED = 1e-5  # of the loss: what the order of float32 sums may leave
RECTIFIER = "relu"
PAIR = ["activation", "learning_rate", "seed"]
QUERY = (
    "train_loss at every measured step of two runs that differ in after_pooling alone: greatest "
    "difference over the loss; greatest over the learning rates, by seed"
)


def twin_differences(pairs: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Returns how far the losses of twins come apart: `PAIR` and `value`, of the loss.

    Args:
        pairs: of `contrast(runs, "after_pooling")`.
        records: the `steps` table.
    """
    losses = records[["run_id", "step", "train_loss"]].merge(
        pairs[["run_id", "choice", *PAIR]], on="run_id"
    )
    wide = losses.pivot_table(index=[*PAIR, "step"], columns="choice", values="train_loss")
    if wide.shape[1] < 2:
        return pd.DataFrame(columns=[*PAIR, "value"])
    apart = (wide.iloc[:, 0] - wide.iloc[:, 1]).abs() / wide.max(axis=1)
    return apart.groupby(PAIR).max().rename("value").reset_index()


def claims_on_idle_layers(pairs: pd.DataFrame, records: pd.DataFrame) -> list[Claim]:
    """Returns the claims that a rectifier there changes nothing, and that another one does.

    Args:
        pairs: of `contrast(runs, "after_pooling")`.
        records: the `steps` table.
    """
    found = twin_differences(pairs, records)
    claims: list[Claim] = []
    for activation in cast("list[str]", found["activation"].unique().tolist()):
        by_seed = select(found, activation=activation).groupby("seed")["value"].max()
        rectifies = activation == RECTIFIER
        measured = magnitude_interval(by_seed)
        same = always((np.asarray(by_seed) <= ROUNDED).tolist())
        claims.append(
            make_claim(
                ("idle", activation),
                f"After max pooling of what {activation} put out, {activation} once more "
                f"{'changes nothing' if rectifies else 'changes the loss'}.",
                source=IDLE if rectifies else f"{ADDED}: another nonlinearity, to see a difference",
                predicted=f"{'at most' if rectifies else 'above'} {ROUNDED:g} at every step",
                unit="of the training loss",
                measured=measured,
                verdict=same if rectifies else partial(above, bound=ROUNDED),
                figure="idle",
                query=QUERY,
                subject=(activation,),
            )
        )
    return claims
