"""Claims on how many of the values that it is given pooling drops."""

import math
from functools import partial

import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import POOLING
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.data_part import data_part
from initlab.analysis.filters import images_seen
from initlab.analysis.findings import Claim
from initlab.analysis.intervals import Interval
from initlab.analysis.selection import select
from initlab.analysis.verdicts import within
from initlab.architectures.families import FAMILIES
from initlab.architectures.recipe import Recipe
from initlab.architectures.rows import Row
from initlab.architectures.walk import walk

DROPS = 0.75


def claims_on_dropped_values(own: pd.DataFrame) -> list[Claim]:
    """Returns the claim that 2 by 2 max pooling drops 75 % of the values, pool by pool.

    Args:
        own: runs of `textbook`, those of max pooling among them.
    """
    runs = select(own, choice="max")
    if runs.empty:
        return []
    n = int(runs["seed"].nunique())
    found: list[Claim] = []
    before = 0
    for row in _rows(runs):
        if row.kind != "pool":
            before = math.prod(row.here.shape)
            continue
        side = round((before / row.here.shape[-1]) ** 0.5)
        share = 1 - math.prod(row.here.shape) / before
        measured = Interval(share, share, share, n)
        found.append(
            make_claim(
                ("drops", row.name),
                f"Max pooling of {side} by {side} values, 2 by 2, drops 75 % of them.",
                source=POOLING,
                predicted=f"{DROPS:g}",
                unit="share of the values",
                measured=measured,
                verdict=partial(within, low=DROPS, high=DROPS),
                figure="pooling",
                query=f"values of {row.name} over those of the layer before, less from 1: counted "
                "in the plan of the network, and the same for every seed",
                subject=(f"{side} by {side}",),
            )
        )
    return over_trials(
        ("drops",), "Max pooling of 2 by 2 drops 75 % of the activations", found,
        worst=partial(_off, DROPS),
    )  # fmt: skip


def _off(wanted: float, measured: float) -> float:
    return abs(measured - wanted)


def _rows(runs: pd.DataFrame) -> tuple[Row, ...]:
    """Returns the rows of the network that these runs, of one trial or several alike, train."""
    run = runs.iloc[0]
    shape = images_seen(runs)
    classes = data_part(run.to_dict()).classes
    recipe = Recipe(shape, classes, int(run["depth"]), int(run["width"]), pooling=run["choice"])
    return walk(FAMILIES[run["model"]].layers(recipe), shape)
