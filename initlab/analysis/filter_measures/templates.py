"""Whether a filter has become a given shape, wherever it lies in the window."""

import numpy as np
from jaxtyping import Float
from scipy.signal import correlate

from initlab.analysis.filter_measures.ratio import ratio


def template_match(
    kernel: Float[np.ndarray, "height width in out"],
    bank: Float[np.ndarray, "template rows columns"],
) -> Float[np.ndarray, "template out"]:
    r"""Returns the normalized correlation of each filter with each template: -1 to 1.

    .. math:: \max_s \; \frac{\sum_x W(x)\, T(x + s)}{\lVert W \rVert\, \lVert T \rVert}

    of the filter's sum over input channels and the template, means removed from both, over all
    shifts :math:`s` by whole pixels; beyond either window there is nothing. So the windows need
    not be of one size: a filter smaller than the template matches in part. 1 is the template
    itself, times anything positive. Of one shift the correlation with white noise has mean 0 and
    mean square :math:`1 / (n - 1)`, :math:`n` the taps of a filter as large as the template.

    Args:
        kernel: filters; NaN is returned for one whose sum over channels is uniform.
        bank: shapes, for example of `initlab.filters.curve`; none may be uniform.
    """
    summed = np.moveaxis(kernel.astype(np.float64).sum(axis=2), -1, 0)
    matches = [[_greatest(one, shape) for one in _centred(summed)] for shape in _centred(bank)]
    return np.array(matches)


def _centred(filters: Float[np.ndarray, "filter h w"]) -> Float[np.ndarray, "filter h w"]:
    """Returns filters less their mean, of norm 1; NaN where one is uniform."""
    centred = filters - filters.mean(axis=(1, 2), keepdims=True)
    lengths = np.sqrt((centred**2).sum(axis=(1, 2), keepdims=True))
    return ratio(centred, lengths)


def _greatest(one: Float[np.ndarray, "h w"], shape: Float[np.ndarray, "r c"]) -> float:
    """Returns the greatest correlation over all shifts."""
    return float(correlate(one, shape, mode="full", method="direct").max())
