"""The nonlinearities, each with the text it comes from."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

type Nonlinearity = Callable[[Array], Array]


class Activation(NamedTuple):
    """A nonlinearity that acts entry by entry, and where it was introduced or studied."""

    function: Nonlinearity
    reference: str


def identity(x: Array) -> Array:
    r"""Returns :math:`x`: what makes a deep network linear."""
    return x


def leaky_relu(x: Array) -> Array:
    r"""Returns :math:`\max(x, 0.01 x)`."""
    return jax.nn.leaky_relu(x, negative_slope=0.01)


def gelu(x: Array) -> Array:
    r"""Returns :math:`x \, \Phi(x)`, with the Gaussian distribution function itself."""
    return jax.nn.gelu(x, approximate=False)


def gelu_tanh(x: Array) -> Array:
    r"""Returns :math:`\tfrac{x}{2}(1 + \tanh(\sqrt{2/\pi}(x + 0.044715 x^3)))`.

    The common approximation of `gelu`, and the default of `jax.nn.gelu`. The hyperbolic tangent
    is 1 to the last bit beyond 10, so that limiting its argument there changes no value and
    keeps the derivative of huge inputs finite, which is NaN in JAX's own.
    """
    z = jnp.clip(x, -10.0, 10.0)
    return 0.5 * x * (1.0 + jnp.tanh(jnp.sqrt(2.0 / jnp.pi) * (z + 0.044715 * z**3)))


ACTIVATIONS: dict[str, Activation] = {
    "identity": Activation(
        identity,
        "Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning in "
        "deep linear neural networks, 2013, arXiv:1312.6120",
    ),
    "relu": Activation(
        jax.nn.relu,
        "Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, ICML 2010",
    ),
    "leaky_relu": Activation(
        leaky_relu,
        "Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, "
        "ICML 2013 workshop",
    ),
    "tanh": Activation(
        jnp.tanh,
        "LeCun, Bottou, Orr and Müller, Efficient BackProp, in Neural Networks: Tricks of the "
        "Trade, 1998",
    ),
    "sigmoid": Activation(
        jax.nn.sigmoid,
        "Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, "
        "Nature 323, 1986",
    ),
    "elu": Activation(
        jax.nn.elu,
        "Clevert, Unterthiner and Hochreiter, Fast and Accurate Deep Network Learning by "
        "Exponential Linear Units, 2015, arXiv:1511.07289",
    ),
    "selu": Activation(
        jax.nn.selu,
        "Klambauer, Unterthiner, Mayr and Hochreiter, Self-Normalizing Neural Networks, 2017, "
        "arXiv:1706.02515",
    ),
    "gelu": Activation(
        gelu, "Hendrycks and Gimpel, Gaussian Error Linear Units, 2016, arXiv:1606.08415"
    ),
    "gelu_tanh": Activation(
        gelu_tanh, "Hendrycks and Gimpel, Gaussian Error Linear Units, 2016, arXiv:1606.08415"
    ),
    "silu": Activation(
        jax.nn.silu,
        "Elfwing, Uchibe and Doya, Sigmoid-Weighted Linear Units for Neural Network Function "
        "Approximation in Reinforcement Learning, 2017, arXiv:1702.03118",
    ),
    "mish": Activation(
        jax.nn.mish,
        "Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2019, arXiv:1908.08681",
    ),
    "softplus": Activation(
        jax.nn.softplus,
        "Dugas, Bengio, Bélisle, Nadeau and Garcia, Incorporating Second-Order Functional "
        "Knowledge for Better Option Pricing, NIPS 2000",
    ),
    "softsign": Activation(
        jax.nn.soft_sign,
        "Glorot and Bengio, Understanding the difficulty of training deep feedforward neural "
        "networks, AISTATS 2010",
    ),
    "sin": Activation(
        jnp.sin,
        "Sitzmann, Martel, Bergman, Lindell and Wetzstein, Implicit Neural Representations with "
        "Periodic Activation Functions, 2020, arXiv:2006.09661",
    ),
    "hard_tanh": Activation(
        jax.nn.hard_tanh,
        "Collobert, Large Scale Machine Learning, doctoral thesis, Université Paris VI, 2004",
    ),
    "erf": Activation(
        jax.scipy.special.erf,
        "Williams, Computation with Infinite Neural Networks, Neural Computation 10(5), 1998",
    ),
}
