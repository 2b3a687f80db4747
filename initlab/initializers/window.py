"""Kernels that are zero but for one position of their window."""

import jax.numpy as jnp
from jaxtyping import Array, Float


def at_centre(
    matrix: Float[Array, "in out"], window: tuple[int, ...], *, late: bool = False
) -> Float[Array, "*window in out"]:
    """Returns a kernel that holds `matrix` at the centre of its window, and zero elsewhere.

    The centre is index `(size - 1) // 2` along each axis, where a convolution with `SAME` padding
    and stride 1 reads the position that it writes; if `late`, it is `size // 2`, which differs for
    windows of even size.
    """
    centre = tuple(size // 2 if late else (size - 1) // 2 for size in window)
    return jnp.zeros((*window, *matrix.shape), matrix.dtype).at[centre].set(matrix)
