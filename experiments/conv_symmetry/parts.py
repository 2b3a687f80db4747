"""Filters in two identical halves, in every layer of a convolutional network on digits."""

import jax
import jax.numpy as jnp

PLACES = 8 * 8  # of an image, all of which the readout sees


def tied_filters():
    """Gaussian weights of variance 1 / fan_in, alike for filters j and j + n / 2.

    Each layer's filters come in two equal halves, and so do the weights of the channels that they
    make in the next layer, at every place of the readout too: the two of a pair compute the same
    and are handed back the same. The image's own channel is no filter's, and the ten logits are
    none.
    """

    def init(key, shape, dtype=jnp.float32):
        fan_in = shape[0] if len(shape) == 2 else shape[0] * shape[1] * shape[2]
        kernel = fan_in**-0.5 * jax.random.normal(key, shape, dtype)
        if len(shape) == 2:
            rows = kernel.reshape(PLACES, -1, shape[-1])
            return _halves(rows, axis=1).reshape(shape)
        kernel = _halves(kernel, axis=3)
        return _halves(kernel, axis=2) if shape[2] > 1 else kernel

    return init


def _halves(kernel, axis):
    """Returns the kernel with the second half along an axis overwritten by the first."""
    first, _ = jnp.split(kernel, 2, axis=axis)
    return jnp.concatenate([first, first], axis=axis)


INITIALIZERS = {"tied_filters": tied_filters}
