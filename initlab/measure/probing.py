"""Changes of images and of networks that a trained network is probed with: pure functions."""

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Bool, Float, Int, Num, PRNGKeyArray

type Images = Num[Array, "image height width channel"]


def moved(images: Images, by: Int[Array, "2"], *, most: int) -> Images:
    """Returns images moved by whole pixels, with zeros where nothing comes in.

    Args:
        images: pixels of any range.
        by: pixels down and to the right, each from `-most` to `most`.
        most: the largest distance.
    """
    padded = jnp.pad(images, ((0, 0), (most, most), (most, most), (0, 0)))
    start = (0, most - by[0], most - by[1], 0)
    found: Array = jax.lax.dynamic_slice(padded, start, images.shape)
    return found


def kept_units(
    key: PRNGKeyArray, layers: int, units: int, share: Float[Array, ""]
) -> Bool[Array, "layer unit"]:
    """Tells which units of each layer stay where a share of them, chosen at random, is removed.

    With one key the units that a larger share removes are those of a smaller one, and more.

    Args:
        key: of the choice.
        layers: number of layers.
        units: number of units in each.
        share: from 0 to 1; of `units` times it the nearest whole number is removed.
    """
    drawn = jax.random.uniform(key, (layers, units))
    rank = jnp.argsort(jnp.argsort(drawn, axis=1), axis=1)
    return rank >= jnp.round(share * units)
