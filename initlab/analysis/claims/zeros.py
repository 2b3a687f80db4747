"""Claims on kernels of zeros: no signal, no gradient, and a guess in the end."""

import math
from functools import partial

import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import FACTS, SETTING_UP, WEIGHTS
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.guessing import chance, no_preference, num_outputs
from initlab.analysis.intervals import Interval
from initlab.analysis.over_seeds import (
    by_seed,
    magnitude_interval,
    rank_interval,
    seed_interval,
    share_interval,
)
from initlab.analysis.profiles import FORWARD
from initlab.analysis.selection import select
from initlab.analysis.training import last_loss
from initlab.analysis.verdicts import agrees, always, within
from initlab.spec.datasets import DATASETS

ZERO_AT_ZERO = ("identity", "relu", "leaky_relu", "tanh", "elu", "selu", "gelu", "silu")


def claims_on_zeros(
    grid: pd.DataFrame, records: pd.DataFrame, start: pd.DataFrame, *, depth: int
) -> list[Claim]:
    """Never all zeros: no signal at any depth, and a loss that stays, told of one depth."""
    silent, stuck = [], []
    zeros = select(grid, initializer="zeros")
    if zeros.empty:
        return []
    for activation, runs in zeros[zeros["activation"].isin(ZERO_AT_ZERO)].groupby("activation"):
        signal = by_seed(runs, start.groupby("run_id")[FORWARD].max())
        if len(signal):
            silent.append(no_signal(str(activation), signal))
        runs = select(runs, depth=depth)
        if len(loss := by_seed(runs, last_loss(runs, records))):
            stuck.append(loss_stays(str(activation), runs, seed_interval(loss)))
    return [
        *over_trials(
            ("zeros-no-signal",),
            "All zeros: no signal at all reaches any layer, where the activation is 0 at 0",
            silent,
            worst=float,
        ),
        *over_trials(
            ("zeros-loss-stays",),
            f"All zeros at depth {depth}: training leaves the loss at ln {num_outputs(zeros)}, "
            "where the activation is 0 at 0",
            stuck,
            worst=lambda loss: abs(loss - no_preference(zeros)),
        ),
    ]


def no_signal(activation: str, signal: "pd.Series[float]") -> Claim:
    """All zeros, and a nonlinearity that is zero at zero: every preactivation is zero."""
    return make_claim(
        ("zeros-no-signal", activation),
        f"All zeros with {activation}: no signal at all reaches any layer.",
        source=f"{SETTING_UP}. {FACTS}",
        predicted="0 in every run",
        unit="mean square",
        measured=magnitude_interval(signal),
        verdict=always((signal == 0).tolist()),
        figure="profiles-forward",
        query=f"step 0: greatest {FORWARD} over layers and depths; mean over seeds",
    )


def loss_stays(activation: str, runs: pd.DataFrame, measured: Interval) -> Claim:
    """All zeros: only the output's bias moves, by how often each class occurs."""
    expected, depth = no_preference(runs), int(runs["depth"].iloc[0])
    return make_claim(
        ("zeros-loss-stays", activation),
        f"All zeros with {activation} at depth {depth}: training leaves the loss at "
        f"ln {num_outputs(runs)}.",
        source=f"{SETTING_UP}. {FACTS}, only the output's bias moves, by how often each class "
        "occurs",
        predicted=f"{expected:.4f} within 1 %",
        unit="training loss",
        measured=measured,
        verdict=partial(within, low=0.99 * expected, high=1.01 * expected),
        figure="training",
        query="train_loss at the last step; mean over seeds",
    )


def nothing_moves(activation: str, runs: pd.DataFrame, layers: pd.DataFrame) -> Claim:
    """All zeros, and a nonlinearity that is zero at zero: no kernel ever gets a gradient."""
    inner = layers[layers["layer"] < layers["depth"]]
    rank = by_seed(runs, inner.groupby("run_id")["kernel_gradient_rank"].max())
    size = layers[["kernel_min", "kernel_max"]].abs().max(axis=1)
    largest = by_seed(runs, size.groupby(layers["run_id"]).max())
    return make_claim(
        ("zeros-stand-still", activation),
        f"All zeros with {activation}: no weight ever moves, only the output's bias does.",
        source=f"{WEIGHTS}. {FACTS}, neither signal nor gradient passes a kernel of zeros",
        predicted="0 in every run",
        unit="effective rank of gradients",
        measured=rank_interval(rank),
        verdict=always(((rank == 0) & (largest.reindex(rank.index) == 0)).tolist()),
        figure="symmetry",
        query="greatest kernel_gradient_rank over the hidden layers and all measured steps; mean "
        "over seeds. A |kernel_min| or |kernel_max| above 0, in any layer at any step, refutes too",
    )


def gradients_climb_down(
    activation: str, runs: pd.DataFrame, layers: pd.DataFrame
) -> dict[str, Claim]:
    """All zeros, and a nonlinearity that is not zero at zero: one more layer learns each step."""
    layers = ranks_from_the_start(layers)
    if layers.empty:
        return {}
    moved = layers[layers["kernel_gradient_rank"] > 0]
    first = moved.groupby(["run_id", "layer"])["step"].min()
    place = layers[["run_id", "layer", "depth"]].drop_duplicates()
    place["first"] = first.reindex(pd.MultiIndex.from_frame(place[["run_id", "layer"]])).to_numpy()
    # A layer that never learns is as late as the run is long.
    place["first"] = place["first"].fillna(place["run_id"].map(runs.set_index("run_id")["steps"]))
    late = (place["first"] - (place["depth"] - place["layer"])).abs()
    off = by_seed(runs, late.groupby(place["run_id"]).max())
    claim = make_claim(
        ("zeros-learn-downwards", activation),
        f"All zeros with {activation} do learn: the gradient reaches layer l at step depth - l.",
        source=FACTS,
        predicted="0 in every run",
        unit="steps early or late",
        measured=rank_interval(off),
        verdict=always((off == 0).tolist()),
        figure="symmetry",
        query="first step with kernel_gradient_rank > 0, less depth - layer; greatest over layers; "
        "mean over seeds. Runs whose ranks were not measured at every step from 0 to depth - 1 are "
        "left out",
    )
    return {"zeros-learn-downwards": claim}


def ranks_from_the_start(layers: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows of runs whose ranks were measured at every step from 0 to depth - 1."""
    known = layers[layers["kernel_gradient_rank"].notna() & (layers["step"] < layers["depth"])]
    steps = known.groupby("run_id")["step"].nunique()
    return layers[layers["run_id"].map(steps) == layers["depth"]]


def guess(activation: str, runs: pd.DataFrame, values: "pd.Series[float]") -> Claim:
    """A network of zeros answers one class for every image: it scores that class's share."""
    images = min(DATASETS[str(name)].test for name in runs["dataset"])
    share = chance(runs)
    scatter = 3 * math.sqrt(share * (1 - share) / images)
    return make_claim(
        ("zeros-guess", activation),
        f"All zeros with {activation} end at the accuracy of a guess.",
        source=WEIGHTS,
        predicted=f"{share:g} within {scatter:.3f}",
        unit="test accuracy",
        measured=share_interval(values),
        verdict=partial(agrees, low=share - scatter, high=share + scatter),
        figure="accuracy",
        query="test_accuracy at the last step; mean over seeds. One class is answered for every "
        "image, so that this is that class's share of the test part. The range is three standard "
        f"deviations of such a share among {images:,} images; more seeds do not narrow it, for "
        "they share the test part",
    )
