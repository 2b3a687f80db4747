"""What theory expects at each site of a network whose layers have variances of their own."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from initlab.architectures.layers import Layer
from initlab.theory.activating import LARGEST
from initlab.theory.predict import Prediction, predict_network
from initlab.theory.signal import Signal

SITES = ("dense", "convolution", "norm", "residual")
SHORTCUT = "shortcut_"


class SitePrediction(NamedTuple):
    """What is expected at one site; what theory has no number for is NaN.

    Attributes:
        preactivation_second_moment: the mean over networks of the statistic of that name.
        activation_second_moment: the same; NaN at the last site.
        batch_correlation: correlation of two inputs' preactivations.
        preactivation_gradient_second_moment: that at the last site is 1.
        preactivation_second_moment_scatter: standard deviation of the logarithm of one network's,
            for one input.
        preactivation_gradient_second_moment_scatter: the same of the gradient of one input.
    """

    preactivation_second_moment: float
    activation_second_moment: float
    batch_correlation: float
    preactivation_gradient_second_moment: float
    preactivation_second_moment_scatter: float
    preactivation_gradient_second_moment_scatter: float


def predict_sites(layers: Sequence[Layer], inputs: Signal) -> list[SitePrediction]:
    r"""Returns what is expected at each site: after weight layers, normalizations and sums.

    Args:
        layers: descriptions of layers, in the order of the forward pass.
        inputs: what `white_inputs` or `inputs_like` returns.

    Returns:
        The sites in the order of the forward pass. From where second moments pass 1e76, or theory
        refuses, forward predictions are NaN, and then all backward ones.

    Raises:
        ValueError: if theory knows nothing of a layer, or one does not fit what it is given.

    References:
        Schoenholz et al., Deep Information Propagation, 2017, arXiv:1611.01232.
    """
    rows = predict_network(layers, inputs)
    found = []
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        if _kind(row) not in SITES:
            continue
        followed = after is not None and _kind(after) == "activation" and _beside(row, after)
        site = SitePrediction(
            row.second_moment,
            after.second_moment if after is not None and followed else math.nan,
            row.batch_correlation,
            row.gradient_second_moment,
            row.second_moment_scatter,
            row.gradient_second_moment_scatter,
        )
        if not row.second_moment < LARGEST:
            site = SitePrediction(*(math.nan,) * 3, site[3], math.nan, site[5])
        found.append(site)
    # A pool may follow the last site, as in a network whose readout is a convolution.
    last = found[-1].preactivation_gradient_second_moment if found else 1.0
    return [
        site._replace(
            preactivation_gradient_second_moment=site.preactivation_gradient_second_moment / last
        )
        for site in found
    ]


def _kind(row: Prediction) -> str:
    """Returns the kind of a layer, read off its name."""
    own = row.name.rpartition(".")[2].removeprefix(SHORTCUT)
    return own.rpartition("_")[0]


def _beside(row: Prediction, after: Prediction) -> bool:
    """Tells whether two layers follow one another in the same sequence."""
    inside, outer = (
        (one.name.rpartition(".")[0], one.name.rpartition(".")[2].startswith(SHORTCUT))
        for one in (row, after)
    )
    return inside == outer
