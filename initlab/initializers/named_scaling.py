"""Laws whose variance is a constant over a fan: LeCun's, Glorot's and He's."""

from initlab.initializers.arguments import require_finite
from initlab.initializers.base import Initializer
from initlab.initializers.fans import Fan
from initlab.initializers.variance_scaling import Variance, truncated_normal_of, uniform_of


def _lecun(fan_in: Fan, fan_out: Fan) -> float:
    del fan_out
    return 1.0 / fan_in


def _glorot(fan_in: Fan, fan_out: Fan) -> float:
    return 2.0 / (fan_in + fan_out)


def _he(fan_in: Fan, fan_out: Fan) -> float:
    del fan_out
    return 2.0 / fan_in


def _he_leaky(negative_slope: float) -> Variance:
    require_finite("negative_slope", negative_slope)

    def variance(fan_in: Fan, fan_out: Fan) -> float:
        del fan_out
        return 2.0 / ((1.0 + negative_slope**2) * fan_in)

    return variance


def lecun_normal() -> Initializer:
    r"""Truncated Gaussian weights of variance :math:`1/\text{fan\_in}`.

    Keeps the variance of a linear layer. The Gaussian is cut at two standard deviations and
    widened by :math:`1/0.8796`, so that the stated variance is the realised one, as in JAX and
    Keras.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 4.6; Klambauer et al.,
        Self-Normalizing Neural Networks (arXiv:1706.02515), for SELU.
    """
    return truncated_normal_of(_lecun)


def lecun_uniform() -> Initializer:
    r"""Uniform weights of variance :math:`1/\text{fan\_in}`.

    .. math:: W_{ij} \sim \mathcal{U}(\pm\sqrt{3/\text{fan\_in}})

    Caffe's `xavier` filler is this law.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 4.6.
    """
    return uniform_of(_lecun)


def glorot_normal() -> Initializer:
    r"""Truncated Gaussian weights of variance :math:`2/(\text{fan\_in} + \text{fan\_out})`.

    A compromise between keeping the variance of the signal and that of the gradient. Cut at two
    standard deviations and corrected, so that the stated variance is the realised one.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
        networks (AISTATS 2010), equation 12.
    """
    return truncated_normal_of(_glorot)


def glorot_uniform() -> Initializer:
    r"""Uniform weights of variance :math:`2/(\text{fan\_in} + \text{fan\_out})`.

    .. math:: W_{ij} \sim \mathcal{U}(\pm\sqrt{6/(\text{fan\_in} + \text{fan\_out})})

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
        networks (AISTATS 2010), equation 16.
    """
    return uniform_of(_glorot)


def he_normal() -> Initializer:
    r"""Truncated Gaussian weights of variance :math:`2/\text{fan\_in}`.

    Keeps the second moment of a ReLU network. Cut at two standard deviations and corrected, so
    that the stated variance is the realised one; `fan_in_normal(2.0)` is the same without a cut.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        He et al., Delving Deep into Rectifiers (arXiv:1502.01852), equation 10.

    Example:
        >>> import jax
        >>> kernel = he_normal()(jax.random.key(0), (1000, 1000))
        >>> round(1000 * float(kernel.var()), 1)
        2.0
    """
    return truncated_normal_of(_he)


def he_uniform() -> Initializer:
    r"""Uniform weights of variance :math:`2/\text{fan\_in}`.

    .. math:: W_{ij} \sim \mathcal{U}(\pm\sqrt{6/\text{fan\_in}})

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        He et al., Delving Deep into Rectifiers (arXiv:1502.01852), equation 10.
    """
    return uniform_of(_he)


def he_leaky_normal(negative_slope: float) -> Initializer:
    r"""Truncated Gaussian weights of variance :math:`2/((1 + a^2)\,\text{fan\_in})`.

    Keeps the second moment of a network of leaky ReLUs, :math:`\max(x, 0) + a \min(x, 0)`. Cut at
    two standard deviations and corrected. PyTorch's `kaiming_normal_(a=a)` is the same without a
    cut, `variance_scaling(2 / (1 + a^2), "fan_in", "normal")` here.

    Args:
        negative_slope: :math:`a`, the slope below zero, finite. 0 is `he_normal`, 1 is
            `lecun_normal`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `negative_slope` is not finite.

    References:
        He et al., Delving Deep into Rectifiers (arXiv:1502.01852), equation 15.
    """
    return truncated_normal_of(_he_leaky(negative_slope))


def he_leaky_uniform(negative_slope: float) -> Initializer:
    r"""Uniform weights of variance :math:`2/((1 + a^2)\,\text{fan\_in})`.

    .. math:: W_{ij} \sim \mathcal{U}\big(\pm\sqrt{6/((1 + a^2)\,\text{fan\_in})}\big)

    PyTorch's `kaiming_uniform_(a=a)`; its default layers are this law at :math:`a = \sqrt 5`,
    which is `pytorch_default`.

    Args:
        negative_slope: :math:`a`, the slope below zero, finite. 0 is `he_uniform`, 1 is
            `lecun_uniform`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `negative_slope` is not finite.

    References:
        He et al., Delving Deep into Rectifiers (arXiv:1502.01852), equation 15; `torch/nn/init.py`.
    """
    return uniform_of(_he_leaky(negative_slope))
