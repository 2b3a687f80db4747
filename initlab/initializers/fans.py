"""How many inputs and outputs a kernel connects."""

import math


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    r"""Returns the fan-in and the fan-out of a kernel laid out `(*window, in, out)`.

    .. math:: \text{fan\_in} = |\text{window}| \cdot \text{in}, \qquad
              \text{fan\_out} = |\text{window}| \cdot \text{out}

    A grouped convolution stores `in` per group, and its fan-in comes out right; its fan-out is
    that of the stored array, as in JAX, Keras and Flax, and not divided by the groups.

    Args:
        shape: shape of the kernel, two axes or more, each positive: `(in, out)` for a dense
            layer, `(height, width, in, out)` for a convolution.

    Returns:
        `(fan_in, fan_out)`, both positive.

    Raises:
        ValueError: if `shape` has fewer than two axes, as a bias has, or an empty one.

    Example:
        >>> fans((256, 128))
        (256, 128)
        >>> fans((3, 3, 32, 64))
        (288, 576)
    """
    if len(shape) < 2:
        raise ValueError(
            f"`shape` must be `(*window, in, out)` for a law that depends on the fans, got {shape}."
        )
    if not all(size > 0 for size in shape):
        raise ValueError(f"`shape` must have positive sizes, got {shape}.")
    *window, num_inputs, num_outputs = shape
    taps = math.prod(window)
    return taps * num_inputs, taps * num_outputs
