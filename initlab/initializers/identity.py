"""The laws that pass their input on."""

import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from initlab.initializers.arguments import require_positive
from initlab.initializers.base import Initializer
from initlab.initializers.fans import fans
from initlab.initializers.window import at_centre


def identity(gain: float = 1.0) -> Initializer:
    r"""The identity matrix times `gain`: :math:`W_{ij} = g\,\delta_{ij}`.

    A kernel that is not square holds as much of the identity as fits: spare inputs are dropped
    and spare outputs are zero. A convolution holds it at the centre of its window, index
    `(size - 1) // 2` along each axis, and zero elsewhere, so that with `SAME` padding and stride 1
    it returns its input, for windows of even size too.

    Args:
        gain: :math:`g`, dimensionless, positive.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`. The key is
        not used.

    Raises:
        ValueError: if `gain` is not positive and finite.

    References:
        Le, Jaitly and Hinton, A Simple Way to Initialize Recurrent Networks of Rectified Linear
        Units (arXiv:1504.00941); Zhao, Schäfer and Anandkumar, ZerO Initialization
        (arXiv:2110.12661), for the partial identity.

    Example:
        >>> import jax
        >>> print(identity(gain=2.0)(jax.random.key(0), (2, 3)))
        [[2. 0. 0.]
         [0. 2. 0.]]
    """
    require_positive("gain", gain)

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        del key
        fans(shape)
        *window, num_inputs, num_outputs = shape
        matrix = gain * jnp.eye(num_inputs, num_outputs, dtype=dtype)
        return at_centre(matrix, tuple(window))

    return init


def dirac() -> Initializer:
    r"""PyTorch's `dirac_`: the identity at index `size // 2` of the window, zero elsewhere.

    As many channels as fit are passed on, spare outputs are zero. It differs from `identity` in
    windows of even size alone, where the image comes out shifted by one with `SAME` padding, and
    unshifted with PyTorch's `padding=size // 2`. `dirac_(groups=g)` is
    `laid_out(dirac(), Layout(groups=g))`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`. The key is
        not used.

    References:
        Zagoruyko and Komodakis, DiracNets (arXiv:1706.00388); `dirac_` in `torch/nn/init.py`.
    """

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        del key
        fans(shape)
        *window, num_inputs, num_outputs = shape
        matrix = jnp.eye(num_inputs, num_outputs, dtype=dtype)
        return at_centre(matrix, tuple(window), late=True)

    return init
