"""How undecided networks are before training: the entropy of their predictions."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy.special import log_softmax

from initlab.analysis.layer_outputs import can_be_passed, logits_of
from initlab.analysis.seen_images import seen_images

type Checkpoint = Callable[[str], Mapping[str, np.ndarray[Any, np.dtype[Any]]]]

STATISTIC = "prediction_entropy"
EVERY = 4  # of the test images one is looked at


def prediction_entropy(logits: Float[np.ndarray, "image output"]) -> float:
    r"""Returns the mean entropy of the predictions, in nats: 0 to :math:`\ln K`.

    .. math:: H = -\frac1B \sum_b \sum_k p_{bk} \ln p_{bk}

    :math:`\ln K` is no preference between :math:`K` classes, 0 one class for certain.
    """
    logs = log_softmax(logits.astype(np.float64), axis=1)
    return float(-(np.exp(logs) * logs).sum(axis=1).mean())


def first_entropies(runs: pd.DataFrame, checkpoint: Checkpoint) -> "pd.Series[float]":
    """Returns the entropy of each drawn network's predictions on the test part, by run id.

    Args:
        runs: those of no steps whose model was kept count, of `layer_outputs.can_be_passed`.
        checkpoint: `results.checkpoint`.
    """
    drawn = can_be_passed(runs[runs["steps"] == 0])
    found = {}
    for _, run in drawn.iterrows():
        if kept := checkpoint(str(run["run_id"])):
            inputs = seen_images(run, every=EVERY).test.images
            found[run["run_id"]] = prediction_entropy(logits_of(kept, inputs))
    return pd.Series(found, dtype="float64")
