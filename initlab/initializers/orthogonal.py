"""Laws that keep lengths: a random rotation."""

import math

import jax
import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from initlab.initializers.arguments import require_positive
from initlab.initializers.base import Initializer
from initlab.initializers.draws import draw_dtype
from initlab.initializers.fans import fans
from initlab.initializers.window import at_centre


def orthogonal(gain: float = 1.0) -> Initializer:
    r"""A random orthogonal matrix times `gain`, uniform over all of them (Haar's law).

    The kernel is read as a matrix :math:`W` of `fan_in` rows and `out` columns. Where it is tall
    or square, :math:`W^\top W = g^2 I`, otherwise :math:`W W^\top = g^2 I`: every singular value
    is :math:`g`. It is the QR factor of a Gaussian matrix with the signs of R's diagonal taken
    back, without which the law is not uniform. The realised variance of an entry is
    :math:`g^2 / \max(\text{fan\_in}, \text{out})`.

    A convolution with such a kernel does not keep the length of an image: only the matrix of the
    flattened window is orthogonal.

    Args:
        gain: :math:`g`, every singular value, dimensionless, positive.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `gain` is not positive and finite.

    References:
        Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning in
        deep linear neural networks (arXiv:1312.6120); Mezzadri, How to generate random matrices
        from the classical compact groups (arXiv:math-ph/0609050), for the signs.
    """
    require_positive("gain", gain)

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        fans(shape)
        *window_and_in, columns = shape
        rows = math.prod(window_and_in)
        tall = (max(rows, columns), min(rows, columns))
        q, r = jnp.linalg.qr(jax.random.normal(key, tall, draw_dtype(dtype)))
        q = q * jnp.where(jnp.diagonal(r) < 0, -1.0, 1.0)
        matrix = q if rows >= columns else q.T
        return (gain * matrix.reshape(shape)).astype(dtype)

    return init


def delta_orthogonal(gain: float = 1.0) -> Initializer:
    r"""An orthogonal matrix of the channels at the centre of the window, zero elsewhere.

    .. math:: W_{c,\,\cdot,\,\cdot} = g\,Q, \quad c = (k - 1) // 2, \qquad
              Q Q^\top = I \ (\text{in} \le \text{out}), \qquad
              Q^\top Q = I \ (\text{in} \ge \text{out})

    With at least as many outputs as inputs a convolution with circular padding, or any padding
    that keeps the size, multiplies the length of every image by :math:`g`: that is the case of the
    paper, and the only one that JAX accepts. With fewer outputs it keeps the length of what comes
    back, a gradient, instead. A dense kernel has no window, and is `orthogonal`.

    Args:
        gain: :math:`g`, dimensionless, positive.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `gain` is not positive and finite.

    References:
        Xiao et al., Dynamical Isometry and a Mean Field Theory of CNNs (arXiv:1806.05393),
        algorithm 1.
    """
    of_channels = orthogonal(gain)

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        fans(shape)
        *window, num_inputs, num_outputs = shape
        return at_centre(of_channels(key, (num_inputs, num_outputs), dtype), tuple(window))

    return init
