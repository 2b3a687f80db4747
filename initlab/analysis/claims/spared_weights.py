"""Claims on what spares pretrained weights: heads of zeros, and slower learning rates."""

import math
import operator

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.sources import HEADS, SLOW_OLD
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.new_heads import HE, TASKS, ZEROS
from initlab.analysis.over_seeds import seeds_at
from initlab.analysis.selection import select


def claims_on_movement(
    runs: pd.DataFrame, moved: "pd.Series[float]", test: "pd.Series[float]"
) -> list[Claim]:
    """Returns the claims on what distorts pretrained weights, and whether sparing them costs.

    Args:
        runs: of `with_heads`.
        moved: relative movement of the first layer's filters, by run id.
        test: test accuracy by run id.
    """
    known = moved[moved > 0]
    logs = pd.Series(np.log10(known.to_numpy(np.float64)), index=known.index)
    calm: list[Claim] = []
    slow: list[Claim] = []
    free: list[Claim] = []
    for loss, words in TASKS.items():
        here = select(runs, loss=loss, removed=1)
        rates = sorted(here["learning_rate"].unique())
        plain = select(here, multiplier=1.0)
        calm += positive_claim(
            ("calm", words),
            f"With {words} pretrained filters move less below a new layer of zeros than below one "
            "of He's law, at the same learning rates.",
            seeds_at(plain, logs, head=HE) - seeds_at(plain, logs, head=ZEROS),
            source=HEADS,
            unit="powers of ten of the relative movement",
            figure="movement",
            query="log10 of the mean over the first layer's filters of how far training moved "
            "them, over their length, mean over learning rates; he_normal less zeros, seed by seed",
            subject=(words,),
        )
        for times in sorted(one for one in here["multiplier"].unique() if one > 1):
            pairs = [
                (low, high)
                for low in rates
                for high in rates
                if math.isclose(low * times, high, rel_tol=1e-6)
            ]
            for low, high in pairs:
                quick = select(here, head=HE, multiplier=1.0, learning_rate=high)
                spared = select(here, head=HE, multiplier=times, learning_rate=low)
                subject = (f"{words}, head at {high:g}, the rest at {low:g}",)
                slow += positive_claim(
                    ("slow", words, f"{high:g}"),
                    f"With {words} and a head that learns at {high:g} pretrained filters move less "
                    f"where they learn at {low:g} than where at {high:g} too.",
                    seeds_at(quick, logs) - seeds_at(spared, logs),
                    source=SLOW_OLD,
                    unit="powers of ten of the relative movement",
                    figure="movement",
                    query="log10 of the relative movement, multiplier 1 less multiplier "
                    f"{times:g} at a learning rate {times:g} times lower, seed by seed",
                    subject=subject,
                )
                free += positive_claim(
                    ("spared", words, f"{high:g}"),
                    f"With {words} and a head that learns at {high:g} a net ends higher where the "
                    f"pretrained layers learn at {low:g} than where at {high:g} too.",
                    seeds_at(spared, test) - seeds_at(quick, test),
                    source=SLOW_OLD,
                    unit="test accuracy more",
                    figure="rates",
                    query=f"test_accuracy at the last step, multiplier {times:g} at a learning "
                    f"rate {times:g} times lower less multiplier 1, seed by seed",
                    subject=subject,
                )
    return [
        *over_trials(("calm",), "A head of zeros spares the pretrained weights", calm,
            worst=operator.neg),
        *over_trials(("slow",), "Smaller learning rates spare the pretrained weights", slow,
            worst=operator.neg),
        *over_trials(("spared",), "Nets whose pretrained weights are spared end higher", free,
            worst=operator.neg),
    ]  # fmt: skip
