"""Claims on signals in papers' nets before training: held, or as half the weight variance says."""

import math
from functools import partial

import pandas as pd

from initlab.analysis.architecture_arms import (
    HE,
    PUBLISHED,
    READ_OTHERWISE,
    log_change,
)
from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import ADDED
from initlab.analysis.claims.sources import HE as HE_2015
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.half_variances import half_variances
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.predicted import SQUARES
from initlab.analysis.profiles import VARIANCES
from initlab.analysis.selection import select
from initlab.analysis.verdicts import below, within

TWICE = math.log10(2)
NEAR = math.log10(1.1)
HALVES = f"{HE_2015}: a layer of rectifiers multiplies the variance by half its weight variance"
THEORY = f"{ADDED}: the mean-field recursion through convolutions, pooling and normalization"
UNIT = "powers of ten a layer"
SIGNAL = {"forward": "signal", "backward": "gradient"}
PLAIN_LAWS = (("zfnet", PUBLISHED), ("nin", PUBLISHED), ("vgg11", READ_OTHERWISE))


def change(statistic: str) -> str:
    """Returns how the change of a statistic a layer is computed, in words."""
    return (
        f"log10 of {statistic} at the readout over that at the first weight layer, over the "
        "layers between, at step 0 (mean of layers side by side)"
    )


def claims_on_signals(
    first: pd.DataFrame, start: pd.DataFrame, expected: pd.DataFrame
) -> list[Claim]:
    """Returns the claims on nets before training.

    Args:
        first: of `with_arms` and `once`.
        start: of `by_weight_layer`, at step 0.
        expected: theory's rows, of `by_weight_layer` with `trial_id` for `run_id`.
    """
    return [
        *_holding(first, start),
        *_vanishing(first, start),
        *_by_halves(first, start),
        *_predicted(first, start, expected),
    ]


def _within(
    words: tuple[str, ...],
    statement: str,
    runs: pd.DataFrame,
    values: "pd.Series[float]",
    *,
    place: float,
    room: float,
    source: str,
    query: str,
    subject: tuple[str, ...],
) -> Claim:
    """Returns the claim that a net's change a layer lies within `room` of `place`.

    Args:
        words: of which its id is made.
        statement: what it says.
        runs: of one net and arm.
        values: the change by seed, in powers of ten.
        place: where it is expected.
        room: how far from there it may lie.
        source: whose statement it is.
        query: how the change is computed.
        subject: what the answer calls it.
    """
    measured = seed_interval(values)
    return make_claim(
        words,
        statement,
        source=source,
        predicted=f"{number(place)}, within {number(room)}",
        unit=UNIT,
        measured=measured,
        verdict=partial(within, low=place - room, high=place + room),
        figure=f"signal-{runs['model'].iloc[0]}",
        query=query,
        subject=subject,
    )


def _holding(first: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """He's law holds the variance both ways, within a factor of two a layer."""
    found: list[Claim] = []
    for direction, statistic in VARIANCES.items():
        trials: list[Claim] = []
        changes = log_change(start, statistic)
        for net, runs in select(first, arm=HE).groupby("net", sort=False):
            if (values := by_seed(runs, changes)).empty:
                continue
            trials.append(
                _within(
                    ("holds", direction, str(net)),
                    f"With He's weights {net} without batch normalization holds the variance of "
                    f"its {SIGNAL[direction]}, within a factor "
                    "of two a layer.",
                    runs,
                    values,
                    place=0.0,
                    room=TWICE,
                    source=HE_2015,
                    query=f"{change(statistic)}; mean over seeds",
                    subject=(f"{net}",),
                )
            )
        found += over_trials(
            ("holds", direction),
            f"He's weights hold the variance {direction} in every family",
            trials,
            worst=abs,
        )
    return found


def _vanishing(first: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """A fixed deviation, in narrow nets, loses more than half of the variance a layer."""
    trials: list[Claim] = []
    changes = log_change(start, VARIANCES["forward"])
    for model, arm in PLAIN_LAWS:
        runs = select(first, model=model, arm=arm)
        if (values := by_seed(runs, changes)).empty:
            continue
        measured = seed_interval(values)
        net = runs["net"].iloc[0]
        trials.append(
            make_claim(
                ("vanishes", model, arm),
                f"{net} with the deviation of its paper ({arm}) and without a normalization of "
                "units loses more than half of the variance a layer.",
                source=f"{ADDED}: a deviation that does not know the fan-in, in nets an eighth "
                "as wide as the paper's; half the weight variance is below a quarter in most "
                "layers",
                predicted=f"below {number(-TWICE)}",
                unit=UNIT,
                measured=measured,
                verdict=partial(below, bound=-TWICE),
                figure=f"signal-{model}",
                query=f"{change(VARIANCES['forward'])}; mean over seeds",
                subject=(f"{net}, {arm}",),
            )
        )
    return over_trials(
        ("vanishes",), "Fixed deviations lose the signal in narrow nets", trials, worst=float
    )


def _by_halves(first: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """The change is that of half the weight variances, layer by layer, of laws without norm."""
    trials: list[Claim] = []
    changes = log_change(start, VARIANCES["forward"])
    for (net, arm), runs in first.groupby(["net", "arm"], sort=False):
        place = half_variances(runs.iloc[0].to_dict())
        values = by_seed(runs, changes)
        if not math.isfinite(place) or values.empty:
            continue
        trials.append(
            _within(
                ("halves", str(net), str(arm)),
                f"In {net}, {arm}, the variance changes a layer as half the weight variances say, "
                "within a factor of two.",
                runs,
                values,
                place=place,
                room=TWICE,
                source=HALVES,
                query=f"{change(VARIANCES['forward'])}; mean over seeds. Predicted: mean of log10 "
                "of half the fan-in times the law's variance, over all weight layers but the first",
                subject=(f"{net}, {arm}: {number(place)} expected,",),
            )
        )
    return over_trials(
        ("halves",),
        "Half the weight variance tells where the signal goes, within a factor of two a layer",
        trials,
        worst=abs,
    )


def _predicted(first: pd.DataFrame, start: pd.DataFrame, expected: pd.DataFrame) -> list[Claim]:
    """The variance changes as theory says of the mean square, where it has a number."""
    found: list[Claim] = []
    for direction, statistic in VARIANCES.items():
        trials: list[Claim] = []
        changes, theory = (
            log_change(start, statistic),
            log_change(expected, SQUARES[statistic]),
        )
        for (net, arm), runs in first.groupby(["net", "arm"], sort=False):
            place = float(theory.get(runs["trial_id"].iloc[0], math.nan))
            values = by_seed(runs, changes)
            if not math.isfinite(place) or values.empty:
                continue
            trials.append(
                _within(
                    ("predicted", direction, str(net), str(arm)),
                    f"In {net}, {arm}, the variance of the {SIGNAL[direction]} changes a layer as "
                    "theory predicts of the mean square, within a tenth.",
                    runs,
                    values,
                    place=place,
                    room=NEAR,
                    source=THEORY,
                    query=f"{change(statistic)}; mean over seeds",
                    subject=(f"{net}, {arm}, {direction}: {number(place)} expected,",),
                )
            )
        found += over_trials(
            ("predicted", direction),
            f"The {SIGNAL[direction]} goes where theory predicts, where it has a number",
            trials,
            worst=abs,
        )
    return found
