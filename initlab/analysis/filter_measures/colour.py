"""How much of a filter looks at colour and not at brightness."""

import numpy as np
from jaxtyping import Float

from initlab.analysis.filter_measures.ratio import ratio


def colour_selectivity(
    kernel: Float[np.ndarray, "height width in out"],
) -> Float[np.ndarray, " out"]:
    r"""Returns the share of each filter's power that grey images do not meet: 0 to 1.

    .. math:: \sum_{x,c} (W_{xc} - \overline{W}_x)^2 \Big/ \sum_{x,c} W_{xc}^2

    with :math:`\overline{W}_x` the mean over input channels. 0 for a filter that is the same in
    every channel, and with one channel; 1 for one that sums to zero over the channels at every tap,
    which is silent on grey images. White noise has :math:`1 - 1 / \text{in}` in expectation. NaN
    for a filter of zeros.

    References:
        Rafegas and Vanrell, Color encoding in biologically-inspired convolutional neural networks,
        2018, whose index is of answers to images; this is of the weights.
    """
    exact = kernel.astype(np.float64)
    coloured = exact - exact.mean(axis=2, keepdims=True)
    power, total = ((one**2).sum(axis=(0, 1, 2)) for one in (coloured, exact))
    return ratio(power, total)
