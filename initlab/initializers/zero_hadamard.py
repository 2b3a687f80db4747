"""ZerO: zeros, ones and a Hadamard matrix, without any randomness."""

import math

import jax
import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from initlab.initializers.base import Initializer
from initlab.initializers.fans import fans
from initlab.initializers.window import at_centre


def zero_hadamard() -> Initializer:
    r"""ZerO initialization: the identity, and a Hadamard matrix where a layer widens.

    With at least as many inputs as outputs the kernel is the partial identity, as `identity`.
    Otherwise it is the upper left corner of Sylvester's Hadamard matrix, scaled:

    .. math:: W_{ij} = 2^{-c/2}\, (-1)^{\langle i, j\rangle}, \qquad
              c = \lceil \log_2 \text{out} \rceil

    where :math:`\langle i, j\rangle` counts the binary digits that :math:`i` and :math:`j` have in
    common. For a power of two the layer keeps lengths. With a partial identity there instead, the
    residual of the next square layer would keep a rank below the input's size; the Hadamard matrix
    breaks that. A convolution holds the matrix at the centre of its window.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`. The key is
        not used.

    References:
        Zhao, Schäfer and Anandkumar, ZerO Initialization: Initializing Neural Networks with only
        Zeros and Ones (arXiv:2110.12661), algorithm 1; jiaweizzhao/ZerO-initialization.
    """

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        del key
        fans(shape)
        *window, num_inputs, num_outputs = shape
        if num_inputs >= num_outputs:
            matrix = jnp.eye(num_inputs, num_outputs)
        else:
            digits = (num_outputs - 1).bit_length()
            common = jnp.arange(num_inputs)[:, None] & jnp.arange(num_outputs)
            odd = jax.lax.population_count(common) % 2
            matrix = jnp.where(odd, -1.0, 1.0) / math.sqrt(2.0**digits)
        return at_centre(matrix.astype(dtype), tuple(window))

    return init
