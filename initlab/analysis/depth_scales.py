"""Depth scales, read off what theory expects of each layer: where a signal is lost."""

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from initlab.analysis.filters import hidden_fan
from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.analysis.verdicts import weight_variance

CORRELATION = "batch_correlation"
COLUMN = ("activation", "initializer")
SETTLED = 1e-3  # of the logarithm of q a layer, below which q has come to its fixed point
DIGITS = 1e-9  # differences of correlations below it are rounded

type Numbers = npt.NDArray[np.float64]


def depth_scales(runs: pd.DataFrame, predictions: pd.DataFrame) -> pd.DataFrame:
    r"""Returns the depth scale of each activation and initializer, as theory has it.

    Read off the deepest network that has predictions, where its layers have settled. The gradient's
    factor a layer is :math:`\chi_1`. Where it is at most 1 two inputs grow alike, and
    :math:`\xi_c = -1 / \ln \chi_1`. Where it is more and q has a fixed point, they settle at a
    correlation below 1, and :math:`\xi_c = -1 / \ln \chi_c`, with :math:`\chi_c` the factor by
    which the correlation's steps shrink. Where q grows without bound (ReLU) the scale is that
    of the gradient, :math:`1 / |\ln \chi_1|`.

    Args:
        runs: the runs that count, of one model and width.
        predictions: the table of that name.

    Returns:
        One row an activation and initializer: `weight_variance`, `gradient_factor` and `xi` (in
        layers, infinite at a factor of 1); none where theory or the law has no number.

    References:
        Schoenholz et al., Deep Information Propagation, 2017, arXiv:1611.01232.
    """
    trials = runs[[*COLUMN, "depth", "model", "width", "trial_id"]].drop_duplicates()
    trials = trials[trials["trial_id"].isin(predictions["trial_id"])]
    rows = []
    for (activation, label), of_it in trials.groupby(list(COLUMN), sort=False):
        deepest = of_it.sort_values("depth", kind="stable").iloc[-1:]
        fan = hidden_fan(deepest)
        variance = None if fan is None else weight_variance(str(label), fan)
        sites = predictions[predictions["trial_id"].isin(deepest["trial_id"])].sort_values("site")
        if variance is None or len(sites) < 4:
            continue
        factor, xi = _scale(*(sites[n].to_numpy() for n in (FORWARD, CORRELATION, BACKWARD)))
        row = {"activation": activation, "initializer": label, "weight_variance": variance}
        rows.append(row | {"gradient_factor": factor, "xi": xi})
    names = [*COLUMN, "weight_variance", "gradient_factor", "xi"]
    table = pd.DataFrame(rows, columns=names).dropna()
    return table.sort_values(["activation", "weight_variance"], ignore_index=True)


def signed_rate(scales: pd.DataFrame) -> Numbers:
    """Returns 1 / xi, below 0 where the gradient vanishes: it crosses 0 at the critical point."""
    sign = np.sign(np.log(scales["gradient_factor"].to_numpy(np.float64)))
    return np.asarray(sign / scales["xi"].to_numpy(np.float64), np.float64)


def critical_point(scales: pd.DataFrame) -> float:
    """Returns the weight variance at which the gradient's factor is 1, of one activation.

    Between two initializers the factor is taken for a power of the weight variance, as it is with
    ReLU; NaN where the factor of all is above 1 or below it.
    """
    ordered = scales.sort_values("weight_variance")
    logs = np.log(ordered["gradient_factor"].to_numpy(np.float64))
    if not len(logs) or logs[0] > 0 or logs[-1] < 0:
        return math.nan
    variances = np.log(ordered["weight_variance"].to_numpy(np.float64))
    return float(np.exp(np.interp(0.0, logs, variances)))


def _scale(q: Numbers, c: Numbers, gradient: Numbers) -> tuple[float, float]:
    """Returns the gradient's factor a layer, and the depth scale, of settled hidden layers."""
    hidden = len(q) - 1
    first = hidden // 2
    chi = (gradient[first - 1] / gradient[hidden - 1]) ** (1 / (hidden - first))
    if not math.isfinite(chi) or chi <= 0:
        return math.nan, math.nan
    logarithm = 0.0 if math.isclose(chi, 1.0, abs_tol=1e-9) else math.log(chi)
    own = 1 / abs(logarithm) if logarithm else math.inf
    if logarithm <= 0 or abs(math.log(q[hidden - 1] / q[hidden - 2])) > SETTLED:
        return float(chi), own
    return float(chi), _correlation_scale(c[:hidden])


def _correlation_scale(c: Numbers) -> float:
    """Returns the scale over which correlations settle, out of the last steps that have digits.

    The factor between two steps comes to its limit in proportion to the steps: the limit is where
    the line through the last two factors has a step of 0.
    """
    steps = np.abs(np.diff(c))
    known = np.flatnonzero(steps > DIGITS)
    if len(known) < 3:
        return math.nan
    first, middle, last = steps[known[-1] - 2 : known[-1] + 1]
    before, after = middle / first, last / middle
    factor = after - (before - after) * last / (middle - last)
    return -1 / math.log(factor) if 0 < factor < 1 else math.nan
