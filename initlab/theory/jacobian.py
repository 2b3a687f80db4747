"""The first two moments of the squared singular values of a network's Jacobian."""

from typing import NamedTuple

from initlab.initializers.arguments import require_positive
from initlab.theory.function import Phi
from initlab.theory.gaussian import expectation
from initlab.theory.meanfield import chi_1, q_star
from initlab.theory.table import table_of


class JacobianMoments(NamedTuple):
    """Mean of the squared singular values, and their variance over the square of the mean."""

    mean: float
    relative_variance: float


def jacobian_moments(
    phi: Phi, weight_variance: float, bias_variance: float, depth: int, *, orthogonal: bool
) -> JacobianMoments:
    r"""Returns the moments for `depth` layers of equal, large width at `q_star`.

    The mean is :math:`\chi_1^L`, the relative variance
    :math:`L (\mu_2 / \mu_1^2 - 1 - s_1)` with :math:`\mu_k = E[\phi'(\sqrt{q^*} z)^{2k}]`, and
    :math:`s_1` = 0 for orthogonal weights and -1 for Gaussian ones.

    Args:
        phi: an activation's name, or a function of one scalar written in JAX.
        weight_variance: variance of the weights times their fan-in, positive.
        bias_variance: variance of the biases, not negative.
        depth: number of layers, each a weight matrix and the nonlinearity.
        orthogonal: whether the weights are orthogonal matrices, rather than Gaussian.

    Raises:
        ValueError: if a number is out of its range, q grows without bound, or the function cannot
            be integrated or jumps.

    References:
        Pennington, Schoenholz and Ganguli, Resurrecting the sigmoid in deep learning through
        dynamical isometry, 2017, arXiv:1711.04735, section 2.5.
    """
    require_positive("depth", depth)
    q, table = q_star(phi, weight_variance, bias_variance), table_of(phi)
    first = expectation(table, q, "slope_second")
    if first == 0:
        raise ValueError(f"the slope of `{table.name}` is zero at q = {q:g}: its Jacobian is too.")
    spread = expectation(table, q, "slope_fourth") / first**2 - 1
    mean = chi_1(phi, weight_variance, bias_variance) ** depth
    return JacobianMoments(mean, depth * (spread + (0.0 if orthogonal else 1.0)))
