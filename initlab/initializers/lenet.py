"""The law of LeNet's paper, and its tutorial's: in its text, its demonstration, its code."""

import math

from initlab.initializers.base import Initializer
from initlab.initializers.uniform import uniform_within


def lenet_uniform() -> Initializer:
    r"""Uniform weights up to one over the fan-in, as the LeNet tutorial's text has it.

    .. math:: W_{ij} \sim \mathcal{U}(-1/\text{fan\_in},\ 1/\text{fan\_in}), \qquad
              \operatorname{Var} W_{ij} = \frac{1}{3\,\text{fan\_in}^2}

    The variance falls with the square of the fan-in, so that the signal shrinks by a factor of
    about :math:`3\,\text{fan\_in}` a layer. Three formulas stand under this name in the same
    tutorial: this one in the text; :math:`1/\sqrt{\text{fan\_in}}` in the demonstration whose
    random filters look like edge detectors (`lenet_demo_uniform`); and
    :math:`\sqrt{6/(\text{fan\_in} + \text{fan\_out})}`, with the fan-out divided by the pooling
    area, in the code of the trained network (`lenet_class_uniform`).

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        Convolutional Neural Networks (LeNet), deeplearning.net tutorial, LISA lab, `lenet.txt`
        and `convolutional_mlp.py` of lisa-lab/DeepLearningTutorials.
    """
    return uniform_within(lambda fan_in, fan_out: 1.0 / fan_in)


def lenet_demo_uniform() -> Initializer:
    r"""Uniform weights up to one over the root of the fan-in, as in the LeNet tutorial's picture.

    .. math:: W_{ij} \sim \mathcal{U}(\pm 1/\sqrt{\text{fan\_in}}), \qquad
              \operatorname{Var} W_{ij} = \frac{1}{3\,\text{fan\_in}}

    The demonstration draws two filters of 9 by 9 on three colours with bound
    :math:`1/\sqrt{243} = 0.0642`, of which the text says that a random filter acts very much like
    an edge detector; its biases are :math:`\mathcal{U}(-0.5, 0.5)`. The kernel's law is that of
    `pytorch_default`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        Convolutional Neural Networks (LeNet), deeplearning.net tutorial, LISA lab, `lenet.txt`.
    """
    return uniform_within(lambda fan_in, fan_out: 1.0 / math.sqrt(fan_in))


def lenet_paper_uniform() -> Initializer:
    r"""Uniform weights up to 2.4 over the fan-in, as LeNet's own paper has them.

    .. math:: W_{ij} \sim \mathcal{U}(\pm 2.4/\text{fan\_in}), \qquad
              \operatorname{Var} W_{ij} = \frac{1.92}{\text{fan\_in}^2}

    It was chosen so that the paper's scaled tanh is used where it is neither linear nor saturated.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition,
        1998, appendix A.
    """
    return uniform_within(lambda fan_in, fan_out: 2.4 / fan_in)


def lenet_class_uniform(pool_area: int = 4) -> Initializer:
    r"""Glorot's uniform law with the fan-out divided by the pooling that follows.

    .. math:: W_{ij} \sim \mathcal{U}\Big(\pm\sqrt{\frac{6}
              {\text{fan\_in} + \lfloor\text{fan\_out}/p\rfloor}}\Big)

    What the network of the LeNet tutorial is trained with since February 2010; a month before it
    was :math:`\sqrt{3/\text{fan\_in}}`, which is `lecun_uniform`. Its dense layers have no pooling:
    `pool_area=1` is `glorot_uniform`. The recipe `lenet_tutorial_recipe` of a specification has
    each where it belongs.

    Args:
        pool_area: :math:`p`, positions that the pooling after the layer joins, positive; the
            tutorial pools two by two.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `pool_area` is not positive.

    References:
        `convolutional_mlp.py` of lisa-lab/DeepLearningTutorials.
    """
    if not pool_area >= 1:
        raise ValueError(f"`pool_area` must be at least 1, got {pool_area}.")
    return uniform_within(lambda fan_in, fan_out: math.sqrt(6.0 / (fan_in + fan_out // pool_area)))


def lenet_sigmoid_uniform() -> Initializer:
    r"""Four times the bound of `glorot_uniform`, as the tutorials draw for sigmoid units.

    .. math:: W_{ij} \sim \mathcal{U}\Big(\pm 4\sqrt{\frac{6}
              {\text{fan\_in} + \text{fan\_out}}}\Big), \qquad
              \operatorname{Var} W_{ij} = \frac{32}{\text{fan\_in} + \text{fan\_out}}

    A sigmoid is a tanh of half its input and half the height, so that its slope at zero is a
    quarter of tanh's.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        `HiddenLayer` in `mlp.py` of lisa-lab/DeepLearningTutorials.
    """
    return uniform_within(lambda fan_in, fan_out: 4.0 * math.sqrt(6.0 / (fan_in + fan_out)))
