"""Claims on what accuracy the kind of pooling, the kernel size and padding come to."""

import operator

import pandas as pd

from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.sources import KERNELS, POOLING, UNPADDED
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.contrasts import seeds_of
from initlab.analysis.findings import Claim

QUERY = (
    "test_accuracy at the last step, each with the learning rate of its highest mean validation "
    "accuracy (a diverged run: a guess)"
)
MORE = "test accuracy more"
RIVALS = ("average", "norm")
ODD, LEAST, SMALLER = (3, 5), 3, (1, 2)


def claims_on_pooling(own: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """Returns the claim that max pooling ends higher than its rivals.

    Args:
        own: one trial for each kind of pooling, of `contrasts.chosen`.
        test: test accuracy by run id.
    """
    found: list[Claim] = []
    for rival in RIVALS:
        found += positive_claim(
            ("max", rival),
            f"With max pooling test accuracy ends higher than with {rival} pooling.",
            seeds_of(own, test, "max") - seeds_of(own, test, rival),
            source=POOLING,
            unit=MORE,
            figure="pooling",
            query=f"{QUERY}, max less {rival}, seed by seed",
            subject=(f"over {rival}",),
        )
    return over_trials(("max",), "Max pooling works best", found, worst=operator.neg)


def claims_on_kernels(own: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """Returns the claims that odd kernels serve better, and that 3 is the least meaningful size.

    Args:
        own: one trial for each kernel size.
        test: test accuracy by run id.
    """
    ends = {int(size): seeds_of(own, test, size) for size in own["choice"].unique()}
    odd: list[Claim] = []
    for size in ODD:
        if not {size - 1, size, size + 1} <= set(ends):
            continue
        odd += positive_claim(
            ("odd", str(size)),
            f"Kernels of {size} by {size} end with a higher test accuracy than the mean of those "
            f"of {size - 1} and of {size + 1}.",
            ends[size] - (ends[size - 1] + ends[size + 1]) / 2,
            source=KERNELS,
            unit=MORE,
            figure="kernels",
            query=f"{QUERY}, kernel_size {size} less the mean of its even neighbours, seed by seed",
            subject=(f"{size} by {size}",),
        )
    least: list[Claim] = []
    for size in (one for one in SMALLER if {one, LEAST} <= set(ends)):
        least += positive_claim(
            ("least", str(size)),
            f"Kernels of {LEAST} by {LEAST} end with a higher test accuracy than those of {size} "
            f"by {size}.",
            ends[LEAST] - ends[size],
            source=KERNELS,
            unit=MORE,
            figure="kernels",
            query=f"{QUERY}, kernel_size {LEAST} less kernel_size {size}, seed by seed",
            subject=(f"over {size} by {size}",),
        )
    return [
        *over_trials(("odd",), "Odd kernels serve better than even ones", odd,
            worst=operator.neg),
        *over_trials(("least",), f"Kernels of {LEAST} by {LEAST} serve better than smaller ones",
            least, worst=operator.neg),
    ]  # fmt: skip


def claims_on_padding_by_depth(own: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """Returns the claims that nets without padding end lower, and the more so the deeper they are.

    Args:
        own: one trial for each padding and depth.
        test: test accuracy by run id.
    """
    depths = sorted(map(int, own["depth"].unique()))
    gained = {
        depth: seeds_of(own, test, "same", depth=depth) - seeds_of(own, test, "valid", depth=depth)
        for depth in depths
    }
    lower: list[Claim] = []
    for depth, values in gained.items():
        lower += positive_claim(
            ("unpadded", f"depth-{depth}"),
            f"Without padding a net of depth {depth} ends with a lower test accuracy.",
            values,
            source=UNPADDED,
            unit="test accuracy lost",
            figure="padding",
            query=f"{QUERY}, padding same less padding valid, seed by seed",
            subject=(f"depth {depth}",),
        )
    claims = over_trials(("unpadded",), "Nets without padding end lower", lower, worst=operator.neg)
    if len(depths) < 2:
        return claims
    return claims + positive_claim(
        ("shrinking",),
        f"Without padding a net of depth {depths[-1]} loses more test accuracy than one of depth "
        f"{depths[0]}.",
        gained[depths[-1]] - gained[depths[0]],
        source=UNPADDED,
        unit="test accuracy lost more",
        figure="padding",
        query=f"{QUERY}, padding same less padding valid, depth {depths[-1]} less depth "
        f"{depths[0]}, seed by seed",
    )
