"""Claims on the taps of filters that stay copies: padding and images set them apart."""

import pandas as pd

from initlab.analysis.arms import ARMS, kind
from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import DERIVED
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.claims.zeros import ZERO_AT_ZERO
from initlab.analysis.filters import images_seen
from initlab.analysis.findings import Claim
from initlab.analysis.names import activation_order, short_name
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.selection import hidden, select
from initlab.analysis.taps import EVENNESS, evenness
from initlab.analysis.verdicts import always

ROUNDED, ALIKE = 1e-3, 1e-5
QUERY = (
    "kernel_min over kernel_max of the last hidden layer, or the other way round, the one of "
    "greater magnitude below"
)


def claims_on_taps(runs: pd.DataFrame, layers: pd.DataFrame) -> list[Claim]:
    """Taps part where filters do not.

    Args:
        runs: of convolutional networks with kernels of 3 by 3 that keep the image's size.
        layers: rows of the `layers` table with `kernel_min` and `kernel_max`.
    """
    rows = hidden(runs, layers)
    rows = rows[rows["layer"] == rows["depth"] - 1]
    rows = rows.assign(even=evenness(rows)).dropna(subset="even")
    first: list[Claim] = []
    later: list[Claim] = []
    for activation in sorted(runs["activation"].unique(), key=activation_order):
        for label, arm in select(runs, activation=activation).groupby("initializer", sort=False):
            of_arm = rows[rows["run_id"].isin(arm["run_id"])].sort_values("step")
            what, given = kind(str(label)), (str(label), str(activation), arm)
            if what == "zeros" and activation not in ZERO_AT_ZERO:
                met = of_arm[of_arm["step"] == 2]
                first += _first_update(*given, by_seed(arm, met.set_index("run_id")["even"]))
            elif what == "constant":
                end = by_seed(arm, of_arm.groupby("run_id")["even"].last())
                later += _taps_part(*given, end)
    return [
        *over_trials(
            ("taps-of-padding",),
            f"{ARMS['zeros']}, where the activation is not 0 at 0: zero padding alone sets the "
            "taps of the first filters that move apart, the corner at ((H - 1) / H)² of the centre",
            first,
            worst=lambda even: -even,
        ),
        *over_trials(
            ("taps-part",),
            f"{ARMS['constant']}: the taps of the last hidden layer's filters part in training",
            later,
            worst=float,
        ),
    ]


def _first_update(
    label: str, activation: str, runs: pd.DataFrame, values: "pd.Series[float]"
) -> list[Claim]:
    """Every activation is the same number, and outside of the image it is 0: so many are met."""
    if values.empty:
        return []
    side = images_seen(runs)[0]
    expected = ((side - 1) / side) ** 2
    return [
        make_claim(
            ("taps-of-padding", label, activation),
            f"{short_name(label)} with {activation}: after their first update the last hidden "
            f"layer's filters have {expected:.4f} at a corner of what they have at the centre.",
            source=DERIVED,
            predicted=f"{expected:.6f} within {ROUNDED:g} in every run",
            unit="least over greatest weight",
            measured=seed_interval(values),
            verdict=always(((values - expected).abs() <= ROUNDED).tolist()),
            figure="taps",
            query=f"step 2: {EVENNESS}, being {QUERY}; mean over seeds",
        )
    ]


def _taps_part(
    label: str, activation: str, runs: pd.DataFrame, values: "pd.Series[float]"
) -> list[Claim]:
    """Taps meet other pixels, and fewer at the border: their gradients differ."""
    if values.empty:
        return []
    return [
        make_claim(
            ("taps-part", label, activation),
            f"{short_name(label)} with {activation}: the taps of the last hidden layer's filters "
            "part in training.",
            source=DERIVED,
            predicted=f"below 1 by more than {ALIKE:g} in every run",
            unit="least over greatest weight",
            measured=seed_interval(values),
            verdict=always((values < 1 - ALIKE).tolist()),
            figure="taps",
            query=f"last measured step: {EVENNESS}, being {QUERY}; mean over seeds",
        )
    ]
