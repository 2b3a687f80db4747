"""Claims on what is left of a rectifier network's signal under Xavier's law, beside He's."""

from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import DELVING
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.analysis.selection import select
from initlab.analysis.verdicts import within

HE = "he_normal"
XAVIER = {
    "lecun_normal": "Xavier as 1/fan_in",
    "glorot_normal": "Xavier as 2/(fan_in + fan_out)",
}
SCALES = f"{DELVING}, section 2.2: a factor of 1/sqrt(2) a layer"
# The same draws are scaled, so that of the outputs only rounding is left; a gradient, relative to
# that at the readout, also depends on which classes the outputs lean to.
EXACT, NEAR = 0.01, 0.5


def claims_on_scales(
    runs: pd.DataFrame, layers: pd.DataFrame, predictions: pd.DataFrame
) -> list[Claim]:
    """Returns the claims on outputs and on the gradients of the first layer, before training.

    Args:
        runs: one trial for each model, depth and initializer.
        layers: their `layers` at step 0.
        predictions: of theory.
    """
    outputs: list[Claim] = []
    gradients: list[Claim] = []
    for (model, depth), of_it in runs.groupby(["model", "depth"], sort=False):
        where = (str(model), int(str(depth)))
        outputs += ratios(where, of_it, layers, predictions, FORWARD, where[1])
        gradients += ratios(where, of_it, layers, predictions, BACKWARD, 1)
    return [
        *over_trials(
            ("outputs",), "Beside He's law, outputs under Xavier's shrink as theory says", outputs,
            worst=lambda ratio: -ratio,
        ),
        *over_trials(
            ("gradients",), "Beside He's law, gradients under Xavier's shrink on their way back as "
            "theory says", gradients, worst=lambda ratio: -ratio,
        ),
    ]  # fmt: skip


def ratios(
    where: tuple[str, int],
    runs: pd.DataFrame,
    layers: pd.DataFrame,
    predictions: pd.DataFrame,
    statistic: str,
    layer: int,
) -> list[Claim]:
    """Returns the claims on one layer's root mean square, Xavier's over He's, of one model."""
    model, depth = where
    forward = statistic == FORWARD
    size = sizes(layers, "run_id", statistic, layer)
    expected = sizes(predictions, "trial_id", statistic, layer)
    if not forward:
        size = size - sizes(layers, "run_id", statistic, depth)
        expected = expected - sizes(predictions, "trial_id", statistic, depth)
    he = select(runs, initializer=HE)
    what = "outputs" if forward else "gradients at the first layer, beside the readout's,"
    slack = EXACT if forward else NEAR
    claims: list[Claim] = []
    for law, form in XAVIER.items():
        xavier = select(runs, initializer=law)
        ratio = (by_seed(xavier, size) - by_seed(he, size)).dropna()
        if ratio.empty or expected.empty:
            continue
        theory = 10 ** float(
            expected[xavier["trial_id"].iloc[0]] - expected[he["trial_id"].iloc[0]]
        )
        measured = seed_interval(10**ratio, log=True)
        claims.append(
            make_claim(
                (statistic_word(forward), law, model, f"depth-{depth}"),
                f"With {depth} layers of a {model}, {what} under {form} are {number(theory)} times "
                "as large as under He's law.",
                source=SCALES,
                predicted=f"{number(theory)}, within {100 * slack:g} %",
                unit="ratio of root mean squares",
                measured=measured,
                verdict=partial(within, low=theory / (1 + slack), high=theory * (1 + slack)),
                figure="forward" if forward else "backward",
                query=f"root of {statistic} of layer {layer}"
                f"{'' if forward else f' over that of layer {depth}'} at step 0, {law} over {HE}, "
                "seed by seed; geometric mean over seeds. Predicted is the same of the table "
                "`predictions`",
                subject=(f"{form}, {model}, depth {depth}",),
            )
        )
    return claims


def statistic_word(forward: bool) -> str:
    """Returns how ids of claims on a direction begin."""
    return "outputs" if forward else "gradients"


def sizes(table: pd.DataFrame, of: str, statistic: str, layer: int) -> "pd.Series[float]":
    """Returns log10 of one layer's root mean square by run or trial; NaN where it is not above 0.

    Args:
        table: `layers` of one step, or `predictions`.
        of: the column of its ids.
        statistic: a mean square.
        layer: which.
    """
    if table.empty:
        return pd.Series(dtype="float64")
    moments = table[table["layer"] == layer].set_index(of)[statistic].astype("float64")
    values = moments.where(moments > 0)
    return pd.Series(np.log10(values.to_numpy(np.float64)) / 2, index=values.index)
