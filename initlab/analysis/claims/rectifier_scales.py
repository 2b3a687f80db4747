"""Claims on what is left of a rectifier network's signal under Xavier's law, beside He's."""

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
# The same draws are scaled, so that of the outputs only rounding is left; a gradient also depends
# on what the readout says, a softmax of outputs that are not small under He's law.
EXACT, NEAR = 0.01, 0.25


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
            ("gradients",), "Beside He's law, the first layer's gradients under Xavier's shrink as "
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
    size, expected = sizes(layers, statistic, layer), predicted(predictions, statistic, layer)
    he = select(runs, initializer=HE)
    forward = statistic == FORWARD
    what = "outputs" if forward else "gradients of the first layer"
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
                verdict=within(measured, theory / (1 + slack), theory * (1 + slack)),
                figure="forward" if forward else "backward",
                query=f"root of {statistic} of layer {layer} at step 0, {law} over {HE}, seed by "
                "seed; geometric mean over seeds. Predicted is the same of the table `predictions`",
                subject=(f"{form}, {model}, depth {depth}",),
            )
        )
    return claims


def statistic_word(forward: bool) -> str:
    """Returns how ids of claims on a direction begin."""
    return "outputs" if forward else "gradients"


def sizes(layers: pd.DataFrame, statistic: str, layer: int) -> "pd.Series[float]":
    """Returns log10 of one layer's root mean square, by run id; NaN where it is not above 0."""
    rows = layers[layers["layer"] == layer].set_index("run_id")[statistic]
    return half_log(rows)


def predicted(predictions: pd.DataFrame, statistic: str, layer: int) -> "pd.Series[float]":
    """Returns the same of theory, by trial id."""
    if predictions.empty:
        return pd.Series(dtype="float64")
    rows = predictions[predictions["layer"] == layer].set_index("trial_id")[statistic]
    return half_log(rows)


def half_log(moments: "pd.Series[float]") -> "pd.Series[float]":
    """Returns half the logarithm of mean squares to the base of ten."""
    values = moments.astype("float64").where(moments > 0)
    return pd.Series(np.log10(values.to_numpy(np.float64)) / 2, index=values.index)
