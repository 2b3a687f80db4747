"""Random changes of a batch of images, as pure functions of a key: they run inside compiled loops.

Each takes a key and images `(image, height, width, channel)` with pixels from 0 to the brightest,
before any scaling, and returns images of the same shape and type. Every image is changed by a draw
of its own. Whole-number pixels are computed in float32 and rounded to the nearest.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float, Num, PRNGKeyArray

from initlab.spec.law import Law

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in a grey pixel (ITU-R BT.601)."""

type Images = Num[Array, "image height width channel"]
type Augmentation = Callable[[PRNGKeyArray, Images], Images]


def flip(key: PRNGKeyArray, images: Images, *, probability: float = 0.5) -> Images:
    """Mirrors images left to right, each with a probability.

    Args:
        key: of the draws.
        images: pixels of any range.
        probability: from 0 to 1.
    """
    mirrored = jax.random.bernoulli(key, probability, (len(images), 1, 1, 1))
    return jnp.where(mirrored, images[:, :, ::-1], images)


def crop(
    key: PRNGKeyArray,
    images: Images,
    *,
    padding: int = 4,
    mode: Literal["constant", "edge", "reflect"] = "constant",
) -> Images:
    """Pads every side and cuts a window of the images' size out at a random place.

    Args:
        key: of the draws: each of the `2 padding + 1` places, down and across, is as likely.
        images: pixels of any range.
        padding: pixels added to every side, at least 0; for `reflect` less than the side.
        mode: zeros, the outermost pixels repeated, or the image mirrored without them.
    """
    width = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    return _windows(key, jnp.pad(images, width, mode=mode), images.shape, padding)


def translation(key: PRNGKeyArray, images: Images, *, pixels: int = 2, fill: float = 0.0) -> Images:
    """Moves images by whole pixels, down and across, and fills what that uncovers.

    Args:
        key: of the draws: each of the `2 pixels + 1` distances from `-pixels` to `pixels` is as
            likely, down and across.
        images: pixels of any range.
        pixels: the largest distance, at least 0.
        fill: value of the pixels uncovered.
    """
    width = ((0, 0), (pixels, pixels), (pixels, pixels), (0, 0))
    padded = jnp.pad(images, width, constant_values=fill)
    return _windows(key, padded, images.shape, pixels)


def rotation(
    key: PRNGKeyArray, images: Images, *, degrees: float = 15.0, fill: float = 0.0
) -> Images:
    """Turns images about their middle by angles that are uniform from `-degrees` to `degrees`.

    Args:
        key: of the draws.
        images: pixels of any range.
        degrees: the largest angle, from 0 to 180.
        fill: value of the pixels uncovered.
    """
    limit = degrees * jnp.pi / 180
    angles = jax.random.uniform(key, (len(images),), minval=-limit, maxval=limit)
    return rotate(images, angles, fill=fill)


def rotate(images: Images, angles: Float[Array, " image"], *, fill: float = 0.0) -> Images:
    """Turns images about their middle, counter-clockwise, with bilinear interpolation.

    Args:
        images: pixels of any range.
        angles: radians; a quarter turn of square images is `jnp.rot90`.
        fill: value of the pixels uncovered.
    """
    _, height, width, _ = images.shape
    down, across = jnp.indices((height, width), jnp.float32)
    down, across = down - (height - 1) / 2, across - (width - 1) / 2
    cosine, sine = (f(angles)[:, None, None] for f in (jnp.cos, jnp.sin))
    rows = cosine * down + sine * across + (height - 1) / 2
    columns = cosine * across - sine * down + (width - 1) / 2
    top, left = jnp.floor(rows), jnp.floor(columns)
    low, right = (rows - top)[..., None], (columns - left)[..., None]
    values = images.astype(jnp.float32) - fill
    turned = jnp.zeros_like(values)
    for step_down, share_down in ((0, 1 - low), (1, low)):
        for step_right, share_right in ((0, 1 - right), (1, right)):
            pixels = _pixels_at(values, top + step_down, left + step_right)
            turned += share_down * share_right * pixels
    return _as_images(turned + fill, images)


def colour_jitter(
    key: PRNGKeyArray,
    images: Images,
    *,
    brightness: float = 0.2,
    contrast: float = 0.2,
    saturation: float = 0.2,
    max_value: float = 255.0,
) -> Images:
    """Changes brightness, then contrast, then saturation by factors uniform about 1.

    Brightness multiplies the pixels. Contrast moves them away from the image's mean grey or
    towards it, saturation away from their own grey or towards it, which leaves grey images as they
    are. After each the pixels are cut to the range from 0 to `max_value`.

    Args:
        key: of the draws, three factors an image.
        images: pixels from 0 to `max_value`, of one or three channels.
        brightness: factors are from `1 - brightness` to `1 + brightness`; from 0 to 1.
        contrast: the same.
        saturation: the same.
        max_value: the brightest value that a pixel can take.
    """
    limits = jnp.array([brightness, contrast, saturation], jnp.float32)[:, None]
    draws = jax.random.uniform(key, (3, len(images)), minval=-1.0, maxval=1.0)
    factors = (1 + limits * draws)[..., None, None, None]
    values = jnp.clip(factors[0] * images.astype(jnp.float32), 0, max_value)
    mean = _grey(values).mean(axis=(1, 2, 3), keepdims=True)
    values = jnp.clip(mean + factors[1] * (values - mean), 0, max_value)
    grey = _grey(values)
    return _as_images(jnp.clip(grey + factors[2] * (values - grey), 0, max_value), images)


def grayscale(key: PRNGKeyArray, images: Images, *, probability: float = 0.1) -> Images:
    """Takes the colour out of images, each with a probability: all channels become their luma.

    Args:
        key: of the draws.
        images: pixels of any range, of one or three channels; of one they stay as they are.
        probability: from 0 to 1.
    """
    chosen = jax.random.bernoulli(key, probability, (len(images), 1, 1, 1))
    grey = _as_images(_grey(images.astype(jnp.float32)), images)
    return jnp.where(chosen, grey, images)


AUGMENTATIONS: dict[str, Callable[..., Images]] = {
    "flip": flip,
    "crop": crop,
    "translation": translation,
    "rotation": rotation,
    "colour_jitter": colour_jitter,
    "grayscale": grayscale,
}


def augment(laws: Sequence[Law], *, max_value: int = 255) -> Augmentation:
    """Returns one function that makes the changes of a specification, in its order.

    Each change draws from the key folded with its place in the list.

    Args:
        laws: as `RunSpec.augmentation` has them; of none, images stay as they are.
        max_value: the brightest value that a pixel of the data set can take.
    """
    changes = [(AUGMENTATIONS[law.name], dict(law.arguments())) for law in laws]
    for change, arguments in changes:
        if change is colour_jitter:
            arguments["max_value"] = float(max_value)

    def augmented(key: PRNGKeyArray, images: Images) -> Images:
        for place, (change, arguments) in enumerate(changes):
            images = change(jax.random.fold_in(key, place), images, **arguments)
        return images

    return augmented


def _windows(
    key: PRNGKeyArray,
    padded: Num[Array, "image _ _ channel"],
    shape: tuple[int, ...],
    padding: int,
) -> Images:
    """Returns a window of each padded image, of the size of the image, at a random place."""
    corners = jax.random.randint(key, (shape[0], 2), 0, 2 * padding + 1)

    def window(image: Array, corner: Array) -> Array:
        cut: Array = jax.lax.dynamic_slice(image, (corner[0], corner[1], 0), shape[1:])
        return cut

    return jax.vmap(window)(padded, corners)


def _pixels_at(
    values: Float[Array, "image height width channel"],
    rows: Float[Array, "image height width"],
    columns: Float[Array, "image height width"],
) -> Float[Array, "image height width channel"]:
    """Returns the pixels at whole places of each image, zero where they lie outside."""
    _, height, width, _ = values.shape
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    row = jnp.clip(rows, 0, height - 1).astype(jnp.int32)
    column = jnp.clip(columns, 0, width - 1).astype(jnp.int32)
    found = jax.vmap(lambda image, i, j: image[i, j])(values, row, column)
    return jnp.where(inside[..., None], found, 0.0)


def _grey(
    values: Float[Array, "image height width channel"],
) -> Float[Array, "image height width 1"]:
    """Returns the luma of images of three channels; one channel is grey already."""
    if values.shape[-1] == 1:
        return values
    return (values * jnp.array(LUMA, values.dtype)).sum(axis=-1, keepdims=True)


def _as_images(values: Float[Array, "image height width _"], images: Images) -> Images:
    """Returns values in the shape and type of `images`, rounded where pixels are whole numbers."""
    if jnp.issubdtype(images.dtype, jnp.integer):
        values = jnp.round(values)
    return jnp.broadcast_to(values, images.shape).astype(images.dtype)
