"""Claims on the directions in which units that start alike are pulled: one, or one a tap."""

import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import DERIVED, FACTS
from initlab.analysis.filters import TAPS, of_filters
from initlab.analysis.findings import Claim
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import by_seed, rank_interval
from initlab.analysis.verdicts import always


def directions_by_layer(
    label: str,
    activation: str,
    runs: pd.DataFrame,
    hidden: pd.DataFrame,
    last: pd.DataFrame,
    lower: pd.DataFrame,
) -> dict[str, Claim]:
    """Returns the claims on the ranks of gradients beneath a readout of its own.

    Filters of the last hidden layer see copies of one channel at each of their taps, and each is
    handed back errors of its own at every place: the gradient's rows are alike within a tap.
    """
    given = (label, activation, runs)
    if not of_filters(runs):
        return {"one-direction": one_direction(*given, hidden)}
    found = {"directions-of-taps": a_direction_a_tap(*given, last)}
    if len(lower):
        found["one-direction-below"] = one_direction(*given, lower, below=True)
    return found


def a_direction_a_tap(label: str, activation: str, runs: pd.DataFrame, last: pd.DataFrame) -> Claim:
    """The last hidden layer's gradient has more than one direction, and at most one a tap."""
    ranks = last.groupby("run_id")["kernel_gradient_rank"].max()
    most, taps = by_seed(runs, ranks), TAPS.get(str(runs["model"].iloc[0]), 1)
    return make_claim(
        ("directions-of-taps", label, activation),
        f"{short_name(label)} with {activation}: the last hidden layer's gradient has several "
        f"directions, at most {taps}.",
        source=DERIVED,
        predicted=f"1.5 to {taps} in every run",
        unit="effective rank",
        measured=rank_interval(most),
        verdict=always(most.between(1.5, taps).tolist()),
        figure="layers",
        query="greatest kernel_gradient_rank of the last hidden layer over measured steps; mean "
        "over seeds",
    )


def one_direction(
    label: str,
    activation: str,
    runs: pd.DataFrame,
    layers: pd.DataFrame,
    *,
    below: bool = False,
) -> Claim:
    """All units are pulled the same way: the gradients of hidden kernels have rank one."""
    ranks = layers.groupby("run_id")["kernel_gradient_rank"].agg(["min", "max"])
    most = by_seed(runs, ranks["max"])
    first = int(layers["step"].min()) if len(layers) else 0
    where = "each layer's gradient below the last" if below else "each hidden layer's gradient"
    return make_claim(
        ("one-direction-below" if below else "one-direction", label, activation),
        f"{short_name(label)} with {activation}: from step {first} on, {where} has one direction "
        "only.",
        source=FACTS,
        predicted="at most 1, rounded",
        unit="effective rank",
        measured=rank_interval(most),
        verdict=always((most < 1.5).tolist()),
        figure="layers" if below else "symmetry",
        query=f"greatest kernel_gradient_rank over {'those' if below else 'hidden'} layers and "
        f"measured steps from {first} on; mean over seeds. A dead layer has rank 0",
    )
