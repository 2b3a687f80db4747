"""Claims on what padding, dropout and pooling do to the signal before any training."""

import math
from collections.abc import Mapping
from functools import partial

import pandas as pd

from initlab.analysis.choice_factors import AFTER, Factor, is_critical
from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import MEAN_FIELD, NOISE, PADDING
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import seed_interval
from initlab.analysis.profiles import FORWARD
from initlab.analysis.verdicts import agrees, rectifier_increment, slope_scatter, within

NEAR = 0.01  # of a share, that paired networks may be off by
SLACK = 1.1  # times what theory says of pooling, up or down
PER_LAYER = "factor per layer"
HE = 2.0


def _away(factor: float) -> float:
    return abs(math.log(factor)) if factor > 0 else math.inf


def claims_on_padded_windows(factors: Mapping[int, Factor]) -> list[Claim]:
    """Returns the claim that zero padding leaves each kernel size its share of the mean square.

    Args:
        factors: of `padded_factors`.
    """
    found: list[Claim] = []
    for taps, one in factors.items():
        measured = seed_interval(one.measured, log=True)
        found.append(
            make_claim(
                ("zeros", str(taps)),
                f"Zero padding leaves kernels of {taps} by {taps} {one.expected:.4f} of the mean "
                "square a layer.",
                source=PADDING,
                predicted=f"{one.expected:.4f}, within {NEAR:g}",
                unit=PER_LAYER,
                measured=measured,
                verdict=partial(within, low=one.expected - NEAR, high=one.expected + NEAR),
                figure="padded",
                query=f"step 0, linear networks: exp of the least-squares slope of ln {FORWARD} "
                "against layer over the later half of the hidden layers, padding same over padding "
                "circular with the same weights, seed by seed; geometric mean",
                subject=(one.label,),
            )
        )
    return over_trials(
        ("zeros",), "Zero padding takes its share of the mean square a layer", found, worst=_away
    )


def claims_on_noisy_signals(
    factors: Mapping[tuple[float, float], Factor], runs: pd.DataFrame
) -> list[Claim]:
    """Returns the claims that dropout divides by the share kept, and moves the critical point.

    Args:
        factors: of `noisy_factors`.
        runs: the networks, of one width and depth.
    """
    grows: list[Claim] = []
    holds: list[Claim] = []
    for (rate, variance), one in factors.items():
        if rate and (is_critical(rate, variance) or math.isclose(variance, HE)):
            claim = _noisy(rate, variance, one, runs)
            (holds if is_critical(rate, variance) else grows).append(claim)
    return [
        *over_trials(("noise-grows",), "Under He's weights dropout divides the mean square by the "
            "share kept in every layer", grows, worst=_away),
        *over_trials(("noise-critical",), "With weights of variance 2 times the share kept over "
            "the fan-in, dropout leaves the mean square", holds, worst=_away),
    ]  # fmt: skip


def _noisy(rate: float, variance: float, one: Factor, runs: pd.DataFrame) -> Claim:
    """Returns the claim on the factor of one rate and weight variance."""
    width, layers = int(runs["width"].iloc[0]), int(runs["depth"].iloc[0]) - 1
    drift, scatter = rectifier_increment(width)
    # Masks make the fourth moment of a rectified Gaussian 6 / keep times its squared second.
    more = (6 / (1 - rate) - 1) / 5
    reach = 3 * math.sqrt(more * scatter * slope_scatter(layers) / len(one.measured))
    low, high = (one.expected * math.exp(end) for end in (more * drift - reach, reach))
    measured = seed_interval(one.measured, log=True)
    critical = is_critical(rate, variance)
    return make_claim(
        ("noise-critical" if critical else "noise-grows", f"{rate:g}"),
        f"With dropout {rate:g} and a weight variance of {variance:g} over the fan-in the mean "
        f"square is multiplied by {one.expected:.4g} a layer.",
        source=NOISE,
        predicted=f"{one.expected:.4g}; of {len(one.measured)} such nets {low:.4g} to {high:.4g}",
        unit=PER_LAYER,
        measured=measured,
        verdict=partial(agrees, low=low, high=high),
        figure="noisy",
        query=f"step 0, as in training: exp of the least-squares slope of ln {FORWARD} against "
        "layer over the hidden layers; geometric mean over seeds. Allowed are the typical decay of "
        "finite width and three standard deviations of the mean, both at most "
        f"{more:.3g} times those of networks without dropout",
        subject=(f"dropout {rate:g}",),
    )


def claims_on_pooled_squares(factors: Mapping[str, Factor]) -> list[Claim]:
    """Returns the claim that pooling changes the mean square by what theory expects.

    Args:
        factors: of `pooled_factors`; kinds that theory has no number for are passed over.
    """
    known = {kind: one for kind, one in factors.items() if math.isfinite(one.expected)}
    found: list[Claim] = []
    for kind, one in known.items():
        measured = seed_interval(one.measured, log=True)
        found.append(
            make_claim(
                ("square", kind),
                f"{kind.capitalize()} pooling multiplies the mean square of rectified values by "
                "what theory expects of windows of correlated places.",
                source=f"{MEAN_FIELD}; maxima by integration over correlated places",
                predicted=f"{one.expected:.4g}, within a factor of {SLACK:g}",
                unit="times the mean square without pooling",
                measured=measured,
                verdict=partial(within, low=one.expected / SLACK, high=one.expected * SLACK),
                figure="pooled",
                query=f"step 0: {FORWARD} of {AFTER} over that of the same seed without pooling; "
                "geometric mean over seeds",
                subject=(kind,),
            )
        )
    return over_trials(
        ("square",), "Pooling changes the mean square by what theory expects", found, worst=_away
    )
