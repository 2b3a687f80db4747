"""Which form of a 3 by 3 convolution is fastest, forward and backward, in a compiled loop?"""

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array, lax

from benchmarks.answer import Answer, from_ratio
from benchmarks.convolutions import BATCH, REPEATS, in_loop, on_every_device
from benchmarks.effort import Effort
from benchmarks.timing import by_turns, ratio
from benchmarks.tracing import no_traces
from initlab.models.canonical import Window, canonical
from initlab.models.convolution import convolution

IMAGES = ((28, 16), (28, 32), (14, 64))  # side, and channels in and out
WINDOW = Window((1, 1), ((1, 1), (1, 1)), (1, 1), 1)
TAPS = 3

type Form = Callable[[Array, Array], Array]


def measure(effort: Effort) -> list[Answer]:
    """Returns the milliseconds of every other form over those of the one that is taken."""
    return [answer for image in IMAGES for answer in _of_images(*image, effort)]


def _of_images(side: int, channels: int, effort: Effort) -> list[Answer]:
    """Returns the answers for images of one size, batch first but for one form."""
    side, repeats = effort.size(side, 8), effort.size(REPEATS, 1)
    shape = (effort.size(BATCH, 16), side, side, channels)
    x = jax.random.normal(jax.random.key(0), shape)
    kernel = jax.random.normal(jax.random.key(1), (TAPS, TAPS, channels, channels)) / 10
    arms: dict[str, Callable[[], object]] = {}
    for name, form in FORMS.items():
        images = x.transpose(1, 2, 3, 0) if form is batch_last else x
        arms[name] = on_every_device(partial(in_loop, form, repeats), images, kernel)
    timings = by_turns(arms, effort.rounds, no_traces)
    ours = timings["as taken"]
    milliseconds = {name: 1e3 * timing.minimum / repeats for name, timing in timings.items()}
    return [
        from_ratio(
            f"convolution 3x3, {side}x{side}, {channels} channels: {name}, over the form taken",
            ratio(timings[name], ours),
            note=f"{milliseconds[name]:.2f} ms against {milliseconds['as taken']:.2f}",
        )
        for name in FORMS
        if name != "as taken"
    ]


def as_taken(x: Array, kernel: Array) -> Array:
    """Returns what the laboratory computes."""
    return convolution(x, kernel, WINDOW.strides, WINDOW.padding)


def in_parts(parts: int, x: Array, kernel: Array) -> Array:
    """Takes the images in so many parts, one after the other."""
    return canonical(WINDOW, parts, x, kernel)


def columns(x: Array, kernel: Array) -> Array:
    """Makes one matrix product of all taps' images side by side (im2col)."""
    side_by_side = jnp.concatenate(shifted(x, (1, 2)), axis=-1)
    return side_by_side @ kernel.reshape(-1, kernel.shape[-1])


def nine_products(x: Array, kernel: Array) -> Array:
    """Adds up a matrix product for each tap."""
    taps = kernel.reshape(-1, *kernel.shape[2:])
    return sum(
        (images @ tap for images, tap in zip(shifted(x, (1, 2)), taps, strict=True)),
        jnp.zeros(()),
    )


def batch_last(x: Array, kernel: Array) -> Array:
    """Adds up products for each tap of images `(height, width, channel, batch)`."""
    taps = kernel.reshape(-1, *kernel.shape[2:])
    return sum(
        (
            jnp.einsum("hwcn,co->hwon", images, tap)
            for images, tap in zip(shifted(x, (0, 1)), taps, strict=True)
        ),
        jnp.zeros(()),
    )


def output_blocks(x: Array, kernel: Array) -> Array:
    """Takes the output channels in two blocks."""
    halves = jnp.split(kernel, 2, axis=-1)
    return jnp.concatenate([canonical(WINDOW, 1, x, half) for half in halves], axis=-1)


def input_blocks(x: Array, kernel: Array) -> Array:
    """Takes the input channels in two blocks, and adds what they make."""
    images, halves = jnp.split(x, 2, axis=-1), jnp.split(kernel, 2, axis=2)
    return canonical(WINDOW, 1, images[0], halves[0]) + canonical(WINDOW, 1, images[1], halves[1])


def shifted(x: Array, axes: tuple[int, int]) -> list[Array]:
    """Returns the images as each tap of the window meets them."""
    padded = jnp.pad(x, [(1, 1) if axis in axes else (0, 0) for axis in range(x.ndim)])
    rows = [lax.slice_in_dim(padded, i, i + x.shape[axes[0]], axis=axes[0]) for i in range(TAPS)]
    return [
        lax.slice_in_dim(row, j, j + x.shape[axes[1]], axis=axes[1])
        for row in rows
        for j in range(TAPS)
    ]


FORMS: dict[str, Form] = {
    "as taken": as_taken,
    **{f"images in {parts} parts": partial(in_parts, parts) for parts in (1, 2, 4, 8)},
    "output channels in 2 blocks": output_blocks,
    "input channels in 2 blocks": input_blocks,
    "columns of images (im2col)": columns,
    "nine products": nine_products,
    "nine products, batch last": batch_last,
}
