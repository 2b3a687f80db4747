"""The fixed scales that convolutional nets were published with, and how they were read since.

None knows the width: a convolution of 3 by 3 on 512 channels has weight variance times fan-in
46.08 under VGG's paper and 0.4608 under its ports, where ReLU keeps a signal at 2.
"""

from initlab.initializers.base import Initializer
from initlab.initializers.constant import constant
from initlab.initializers.gaussian import normal


def alexnet_normal() -> Initializer:
    r"""AlexNet's law: :math:`W_{ij} \sim \mathcal{N}(0, 0.01^2)` in every layer.

    Its biases are one in the second, fourth and fifth convolution and in the dense hidden layers,
    else zero.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape.

    References:
        Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural
        Networks (NIPS 2012), section 5.
    """
    return normal(stddev=0.01)


def caffenet_dense_normal() -> Initializer:
    r"""The dense hidden layers of Caffe's AlexNet: :math:`W_{ij} \sim \mathcal{N}(0, 0.005^2)`.

    Caffe's models keep AlexNet's 0.01 for the convolutions and the readout, and halve it in `fc6`
    and `fc7`; where AlexNet has biases of one, `bvlc_alexnet` has 0.1.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape.

    References:
        `bvlc_alexnet` and `bvlc_reference_caffenet` of Caffe's model zoo.
    """
    return normal(stddev=0.005)


def vgg_normal() -> Initializer:
    r"""VGG's law as its paper has it, variance 0.01: :math:`W_{ij} \sim \mathcal{N}(0, 0.1^2)`.

    Biases are zero. The deep nets of the paper took their first layers from a trained shallow one.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape.

    References:
        Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition
        (arXiv:1409.1556), section 3.1.
    """
    return normal(stddev=0.1)


def vgg_port_normal() -> Initializer:
    r"""VGG's law as many ports have it, its variance read as a standard deviation.

    .. math:: W_{ij} \sim \mathcal{N}(0, 0.01^2)

    A hundredth of the variance that the paper states, see `vgg_normal`.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape.
    """
    return normal(stddev=0.01)


def nin_normal() -> Initializer:
    r"""NIN's law by its authors' code: :math:`W_{ij} \sim \mathcal{N}(0, 0.05^2)` in every layer.

    Biases are zero. The paper itself says nothing of it.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape.

    References:
        Lin, Chen and Yan, Network in network (arXiv:1312.4400); `initW` in the authors'
        `cuda-convnet/NIN/cifar-10_def`.
    """
    return normal(stddev=0.05)


def zfnet_normal() -> Initializer:
    r"""ZFNet's law, read as a standard deviation: :math:`W_{ij} \sim \mathcal{N}(0, 0.01^2)`.

    The paper says that "weights are initialized to 10^-2", which is a scale or a constant; this is
    the reading under which it trains, `zfnet_constant` the other. Biases are zero.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape.

    References:
        Zeiler and Fergus, Visualizing and Understanding Convolutional Networks (arXiv:1311.2901).
    """
    return normal(stddev=0.01)


def zfnet_constant() -> Initializer:
    r"""ZFNet's law, read to the letter: :math:`W_{ij} = 0.01`.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape. The key is not used.

    References:
        Zeiler and Fergus, Visualizing and Understanding Convolutional Networks (arXiv:1311.2901).
    """
    return constant(0.01)
