"""How well filters' answers find edges, against those that Sobel and Canny find."""

import numpy as np
from jaxtyping import Bool, Float
from scipy.stats import rankdata

from initlab.analysis.filter_measures.ratio import ratio


def edge_correlation(
    answers: Float[np.ndarray, "*places out"], magnitude: Float[np.ndarray, "*places"]
) -> Float[np.ndarray, " out"]:
    """Returns Pearson's correlation of answers' magnitudes with the gradient's: -1 to 1.

    Args:
        answers: of filters, for example of `responses`; their sign does not count.
        magnitude: of the gradient at each place, by Sobel: `initlab.data.photo_edges`.

    Returns:
        One number a filter; NaN where the magnitudes do not vary.
    """
    found = np.abs(answers).reshape(-1, answers.shape[-1]).astype(np.float64)
    truth = magnitude.reshape(-1, 1).astype(np.float64)
    found, truth = (one - one.mean(axis=0) for one in (found, truth))
    lengths = np.sqrt((found**2).sum(axis=0) * (truth**2).sum(axis=0))
    product = (found * truth).sum(axis=0)
    return ratio(product, lengths)


def edge_detection(
    answers: Float[np.ndarray, "*places out"], edges: Bool[np.ndarray, "*places"]
) -> Float[np.ndarray, " out"]:
    r"""Returns how well each filter's answers tell edges from other places: 0 to 1, 1/2 by chance.

    The area under the receiver operating characteristic: the chance that of a place with an edge
    and one without, the first has the answer of greater magnitude, ties counted half,

    .. math:: \text{AUC} = \frac{R_e - n_e (n_e + 1) / 2}{n_e\, n_o}

    with :math:`R_e` the sum of the ranks of the :math:`n_e` edges among all places.

    Args:
        answers: of filters; their sign does not count.
        edges: whether there is one at each place, by Canny: `initlab.data.photo_edges`.

    Returns:
        One number a filter.

    Raises:
        ValueError: if all places are edges, or none.

    References:
        Hanley and McNeil, The meaning and use of the area under a ROC curve, 1982.
    """
    where = edges.reshape(-1)
    num_edges, num_others = int(where.sum()), int((~where).sum())
    if not num_edges or not num_others:
        raise ValueError(f"`edges` must hold both kinds of place, got {num_edges} of {where.size}.")
    ranks = rankdata(np.abs(answers).reshape(-1, answers.shape[-1]), axis=0)
    above = ranks[where].sum(axis=0) - num_edges * (num_edges + 1) / 2
    area: np.ndarray = above / (num_edges * num_others)
    return area
