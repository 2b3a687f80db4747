"""How many layers it takes for q, for c and for the gradient to settle, or to be lost."""

import math

from initlab.theory.function import Phi
from initlab.theory.meanfield import chi_1, chi_c, chi_q
from initlab.theory.scan import NOISE


def xi_q(phi: Phi, weight_variance: float, bias_variance: float) -> float:
    r"""Returns the layers over which q nears `q_star` by a factor e: :math:`-1 / \ln \chi_q`.

    Infinity where the slope is 1 (q then settles like a power of depth, or not at all) or more.
    0 where the slope is not positive: it settles at once.

    Args:
        phi: an activation's name, or a function of one scalar written in JAX.
        weight_variance: variance of the weights times their fan-in, positive.
        bias_variance: variance of the biases, not negative.

    Raises:
        ValueError: if a number is out of its range, or the function cannot be integrated or jumps.

    References:
        Schoenholz et al., Deep Information Propagation, 2017, arXiv:1611.01232, section 3.
    """
    return _layers(chi_q(phi, weight_variance, bias_variance))


def xi_c(phi: Phi, weight_variance: float, bias_variance: float) -> float:
    r"""Returns the layers over which c nears `c_star` by a factor e: :math:`-1 / \ln \chi_c`.

    chi_c is the slope of the c map at `c_star`, chi_1 in the ordered phase. Networks train up to a
    depth of about six times this. Infinity at the critical point, where c settles like a power of
    depth, and where the slope is above 1. Arguments, errors and reference as for `xi_q`.
    """
    return _layers(chi_c(phi, weight_variance, bias_variance))


def xi_gradient(phi: Phi, weight_variance: float, bias_variance: float) -> float:
    r"""Returns the layers over which the gradient's mean square changes by a factor e.

    :math:`1 / |\ln \chi_1|`: it vanishes below chi_1 = 1 and explodes above. Infinity at the
    critical point. Arguments, errors and reference as for `xi_q`.
    """
    chi = chi_1(phi, weight_variance, bias_variance)
    if chi == 0:
        return 0.0
    return math.inf if abs(chi - 1) <= NOISE else 1 / abs(math.log(chi))


def _layers(slope: float) -> float:
    if slope <= 0:
        return 0.0
    return math.inf if slope >= 1 - NOISE else -1 / math.log(slope)
