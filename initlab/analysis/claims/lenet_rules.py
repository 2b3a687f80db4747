"""Claims on the three formulas that are called the LeNet tutorial's."""

import math
import operator
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.architecture_arms import CODE, PICTURE, TEXT, log_change
from initlab.analysis.claims.degradation import RATE
from initlab.analysis.claims.few_steps import after_many_steps
from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.plan_signals import TWICE, UNIT, change
from initlab.analysis.claims.plan_training import within_steps
from initlab.analysis.claims.sources import ADDED, COMMON
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import by_seed, seed_interval, share_interval
from initlab.analysis.profiles import VARIANCES
from initlab.analysis.run_rows import weight_rows
from initlab.analysis.selection import select
from initlab.analysis.verdicts import above, agrees, below, within
from initlab.analysis.weight_scales import TRAINED
from initlab.architectures.rows import Row

STALLED = 0.2  # of test accuracy: twice a guess
UNIFORM = 0.8  # variance of the square of a uniform number over its square mean: 9 / 5 - 1
POOL = 4  # places that the tutorial pools
TUTORIAL = (
    f"{COMMON}, of the deeplearning.net tutorial on LeNet: uniform in [-1/fan-in, 1/fan-in], the "
    f"fan-in being input maps times receptive field. {ADDED}: its picture has 1/sqrt(fan-in), and "
    "its code sqrt(6 / (fan-in + fan-out / pool))"
)


def _fans(row: Row) -> tuple[int, int]:
    *window, inputs, outputs = row.kernel_shape or ()
    taps = math.prod(window)
    return taps * inputs, taps * outputs


def _coded(row: Row) -> float:
    """Returns the bound in the tutorial's code: a dense layer has no pooling after it."""
    fan_in, fan_out = _fans(row)
    return math.sqrt(6 / (fan_in + (fan_out // POOL if row.kind == "conv" else fan_out)))


BOUNDS: dict[str, Callable[[Row], float]] = {
    TEXT: lambda row: 1 / _fans(row)[0],
    PICTURE: lambda row: 1 / math.sqrt(_fans(row)[0]),
    CODE: _coded,
}


def claims_on_rules(
    first: pd.DataFrame, start: pd.DataFrame, best: pd.DataFrame, test: "pd.Series[float]"
) -> list[Claim]:
    """Returns the claims on the tutorial's rule as its text, its picture and its code have it.

    Args:
        first: of `with_arms` and `once`.
        start: of `by_weight_layer`, at step 0.
        best: of `architecture_arms.chosen`.
        test: test accuracy at the end, by run id; a diverged run is a guess.
    """
    drawn: list[Claim] = []
    carried: list[Claim] = []
    ends: dict[str, list[Claim]] = {"stalls": [], "trains": []}
    for arm, bound in BOUNDS.items():
        runs = select(first, model="lenet", arm=arm)
        if runs.empty:
            continue
        rows = weight_rows(runs.iloc[0].to_dict())
        drawn += [_drawn(arm, runs, start, row, bound(row)) for row in rows]
        carried += _carried(arm, runs, start, [bound(row) for row in rows], rows)
        ends["stalls" if arm == TEXT else "trains"] += _end(arm, best, test)
    return [
        *over_trials(
            ("rule-drawn",), "The three formulas draw the variances that they say", drawn,
            worst=lambda ratio: abs(math.log(ratio)),
        ),
        *over_trials(
            ("rule-signal",), "Each hands on as much of the signal as its variance says, within a "
            "factor of two a layer", carried, worst=abs,
        ),
        *over_trials(
            ("rule-stalls",), "LeNet does not train by the rule of the tutorial's text",
            ends["stalls"], worst=float,
        ),
        *over_trials(
            ("rule-trains",), "It trains by the formulas of the picture and of the code",
            ends["trains"], worst=operator.neg,
        ),
    ]  # fmt: skip


def _drawn(arm: str, runs: pd.DataFrame, start: pd.DataFrame, row: Row, bound: float) -> Claim:
    """One layer's kernel has the variance of its bound."""
    here = start[start["layer"] == row.here.layer].set_index("run_id")["kernel_variance"]
    ratio = by_seed(runs, here / (bound**2 / 3))
    entries = math.prod(row.kernel_shape or ())
    reach = 3 * math.sqrt(UNIFORM / (entries * max(len(ratio), 1)))
    measured = seed_interval(ratio)
    return make_claim(
        ("rule-drawn", arm, row.name),
        f"By the {arm} the weights of {row.name} have the variance of a uniform law up to "
        f"{number(bound)}.",
        source=TUTORIAL,
        predicted=f"1, within {number(reach)}",
        unit="times the variance of the formula",
        measured=measured,
        verdict=partial(agrees, low=1 - reach, high=1 + reach),
        figure="rules",
        query=f"kernel_variance of {row.name} at step 0 over a third of the square of the bound, "
        f"fan-in {_fans(row)[0]}, fan-out {_fans(row)[1]}; mean over seeds. The range is three "
        f"standard deviations of the variance of {entries:,} uniform numbers in each seed",
        subject=(arm, row.name),
    )


def _carried(
    arm: str,
    runs: pd.DataFrame,
    start: pd.DataFrame,
    bounds: Sequence[float],
    rows: Sequence[Row],
) -> list[Claim]:
    """The variance changes a layer as the weight variances say, for a tanh near zero."""
    values = by_seed(runs, log_change(start, VARIANCES["forward"]))
    if values.empty:
        return []
    pairs = list(zip(bounds, rows, strict=True))[1:]
    place = float(np.mean([math.log10(_fans(row)[0] * bound**2 / 3) for bound, row in pairs]))
    measured = seed_interval(values)
    return [
        make_claim(
            ("rule-signal", arm),
            f"By the {arm} the variance changes a layer as the weight variances of LeNet say, "
            "within a factor of two.",
            source=f"{ADDED}: near zero tanh is the identity, and a layer multiplies the variance "
            "by its weight variance; average pooling takes up to three quarters of it twice",
            predicted=f"{number(place)}, within {number(TWICE)}",
            unit=UNIT,
            measured=measured,
            verdict=partial(within, low=place - TWICE, high=place + TWICE),
            figure="rules",
            query=f"{change(VARIANCES['forward'])}; mean over seeds",
            subject=(f"{arm}: {number(place)} expected,",),
        )
    ]


def _end(arm: str, best: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """What LeNet comes to by one formula."""
    runs = select(best, model="lenet", arm=arm)
    if (values := by_seed(runs, test)).empty:
        return []
    measured = share_interval(values)
    stalls = arm == TEXT
    claim = make_claim(
        ("rule-stalls" if stalls else "rule-trains", arm),
        f"LeNet {'stalls' if stalls else 'trains'} by the {arm}{within_steps(runs)}.",
        source=TUTORIAL,
        predicted=f"below {number(STALLED)}" if stalls else f"above {number(TRAINED)}",
        unit="test accuracy",
        measured=measured,
        verdict=partial(below, bound=STALLED) if stalls else partial(above, bound=TRAINED),
        figure="accuracy",
        query=f"test_accuracy at the last step, {RATE} (a diverged run: a guess); mean over seeds",
        subject=(arm,),
    )
    return after_many_steps([claim], runs, "supported" if stalls else "refuted")
