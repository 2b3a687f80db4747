"""The laws of networks of sines, SIREN: one for the first layer, one for those after it."""

import math

from initlab.initializers.arguments import require_positive
from initlab.initializers.base import Initializer
from initlab.initializers.uniform import uniform_within


def siren_first(folded_omega: float = 1.0) -> Initializer:
    r"""The first layer of a network of sines.

    .. math:: W_{ij} \sim \mathcal{U}(\pm w/\text{fan\_in})

    SIREN computes :math:`\sin(\omega x W)` with :math:`\omega = 30` and :math:`w = 1`. A sine
    without a frequency of its own, as the lab's `sin`, has it folded into the weights:
    :math:`w = \omega`.

    Args:
        folded_omega: :math:`w`, dimensionless, positive.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `folded_omega` is not positive and finite.

    References:
        Sitzmann et al., Implicit Neural Representations with Periodic Activation Functions
        (arXiv:2006.09661), section 3.2; `first_layer_sine_init` in vsitzmann/siren.
    """
    require_positive("folded_omega", folded_omega)
    return uniform_within(lambda fan_in, fan_out: folded_omega / fan_in)


def siren_hidden(omega: float = 30.0) -> Initializer:
    r"""The other layers of a network of sines, the readout among them.

    .. math:: W_{ij} \sim \mathcal{U}\big(\pm\sqrt{6/\text{fan\_in}} / \omega\big)

    Inside :math:`\sin(\omega x W)` the preactivation then has variance one, for activations of
    second moment one half. For a sine without a frequency of its own, as the lab's `sin`, take
    `omega=1.0`, which is `he_uniform`.

    Args:
        omega: :math:`\omega`, the frequency that multiplies the preactivation, positive.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `omega` is not positive and finite.

    References:
        Sitzmann et al., Implicit Neural Representations with Periodic Activation Functions
        (arXiv:2006.09661), section 3.2; `sine_init` in vsitzmann/siren.
    """
    require_positive("omega", omega)
    return uniform_within(lambda fan_in, fan_out: math.sqrt(6.0 / fan_in) / omega)
