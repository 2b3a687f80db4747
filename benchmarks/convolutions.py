"""Do convolutions and pooling keep their speed inside a compiled loop, on a CPU?"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax

from benchmarks.answer import Answer, from_ratio
from benchmarks.effort import Effort
from benchmarks.timing import by_turns, ratio
from benchmarks.tracing import no_traces
from initlab.models.convolution import convolution
from initlab.models.pooling import max_pool, mean_pool, norm_pool

BATCH = 64
REPEATS = 10  # of one operation in a loop, and outside
TARGET = 1.3
STRIDED_TARGET = 1.5
NATIVE_TARGET = 1.05  # "never slower", but for the noise of a timing
CANONICAL = ("NHWC", "HWIO", "NHWC")

type Operation = Callable[[Array, Array], Array]


@dataclass(frozen=True)
class Variant:
    """One operation on images of one size.

    Attributes:
        name: what a reader calls it.
        image: height and width, and channels of the input.
        kernel: `(height, width, in / groups, out)`; of a pooling its window and no channels.
        ours: what the laboratory computes.
        native: what JAX or Flax does.
        strided: whether it leaves out places.
    """

    name: str
    image: tuple[int, int]
    kernel: tuple[int, ...]
    ours: Operation
    native: Operation
    strided: bool = False


def of_convolution(
    image: tuple[int, int],
    channels: int,
    window: int,
    stride: int = 1,
    padding: str | int = "SAME",
    *,
    dilation: int = 1,
    groups: int = 1,
) -> Variant:
    """Returns a convolution of square windows."""
    pads: Any = padding if isinstance(padding, str) else [(padding, padding)] * 2
    options: dict[str, Any] = {
        "rhs_dilation": (dilation, dilation),
        "dimension_numbers": CANONICAL,
        "feature_group_count": groups,
    }
    size, inputs = image
    name = f"{window}x{window}"
    name += f"/{stride}" if stride > 1 else ""
    name += f", dilated by {dilation}" if dilation > 1 else ""
    name += f", {groups} groups" if groups > 1 else ""
    name += f", {padding}" if padding != "SAME" else ""
    return Variant(
        f"convolution {name}, {size}x{size}, {inputs} to {channels} channels",
        image,
        (window, window, inputs // groups, channels),
        lambda x, w: convolution(x, w, (stride, stride), pads, **options),
        lambda x, w: lax.conv_general_dilated(x, w, (stride, stride), pads, **options),
        stride > 1,
    )


def of_pooling(
    kind: str, window: int, ours: Callable[..., Array], native: Callable[..., Array]
) -> Variant:
    """Returns a pooling of square windows with strides of 2; its kernel is a factor of all."""
    sizes, strides = (window, window), (2, 2)
    return Variant(
        f"{kind} pooling {window}x{window}/2, 28x28, 32 channels",
        (28, 32),
        (1,),
        lambda x, factor: ours(x, sizes, strides) * factor[0],
        lambda x, factor: native(x, sizes, strides) * factor[0],
    )


def _norm_native(x: Array, window: tuple[int, int], strides: tuple[int, int]) -> Array:
    """Returns Euclidean norms of windows by Flax's means."""
    return jnp.sqrt(math.prod(window) * nnx.avg_pool(x * x, window, strides))


VARIANTS = (
    of_convolution((28, 16), 16, 3),
    of_convolution((28, 32), 32, 3),
    of_convolution((14, 64), 64, 3),
    of_convolution((28, 1), 16, 3),
    of_convolution((28, 32), 32, 3, 2),
    of_convolution((28, 32), 64, 3, 2, 1),
    of_convolution((28, 32), 32, 3, padding="VALID"),
    of_convolution((28, 32), 32, 3, dilation=2),
    of_convolution((28, 32), 32, 5, groups=2),
    of_convolution((32, 3), 32, 5),
    of_convolution((28, 6), 16, 5, padding="VALID"),
    of_convolution((32, 3), 32, 7, 2, 3),
    of_convolution((32, 3), 32, 11, 4),
    of_convolution((28, 32), 32, 1),
    of_convolution((28, 32), 64, 1, 2),
    of_pooling("max", 2, max_pool, nnx.max_pool),
    of_pooling("max", 3, max_pool, nnx.max_pool),
    of_pooling("average", 2, mean_pool, nnx.avg_pool),
    of_pooling("average", 3, mean_pool, nnx.avg_pool),
    of_pooling("Euclidean", 2, norm_pool, _norm_native),
)


def measure(effort: Effort) -> list[Answer]:
    """Returns each variant inside a loop over the native one outside, and over it inside."""
    return [answer for variant in VARIANTS for answer in _of_variant(variant, effort)]


def _of_variant(variant: Variant, effort: Effort) -> list[Answer]:
    """Returns the answers for one operation, forward and backward."""
    size, channels = variant.image
    size = effort.size(size, 12)
    x = jax.random.normal(jax.random.key(0), (effort.size(BATCH, 2), size, size, channels))
    kernel = jax.random.normal(jax.random.key(1), variant.kernel) / 10
    repeats = effort.size(REPEATS, 1)
    once = _compiled(partial(both_passes, variant.native), x, kernel)
    loops = {
        name: _compiled(partial(in_loop, operation, repeats), x, kernel)
        for name, operation in (("ours", variant.ours), ("native", variant.native))
    }

    def outside() -> None:
        for _ in range(repeats):
            jax.block_until_ready(once(x, kernel))

    arms: dict[str, Callable[[], object]] = {"outside": outside}
    arms |= {name: partial(_waited, program, x, kernel) for name, program in loops.items()}
    timings = by_turns(arms, effort.rounds, no_traces)
    milliseconds = {name: 1e3 * timing.minimum / repeats for name, timing in timings.items()}
    note = (
        f"{milliseconds['ours']:.2f} ms; native {milliseconds['outside']:.2f} outside, "
        f"{milliseconds['native']:.2f} inside"
    )
    target = STRIDED_TARGET if variant.strided else TARGET
    return [
        from_ratio(
            f"{variant.name}: in a loop over native outside",
            ratio(timings["ours"], timings["outside"]),
            target,
            note=note,
        ),
        from_ratio(
            f"{variant.name}: in a loop over native in a loop",
            ratio(timings["ours"], timings["native"]),
            NATIVE_TARGET,
        ),
    ]


def both_passes(operation: Operation, x: Array, kernel: Array) -> tuple[Array, Array]:
    """Returns the gradients of half the sum of an operation's squares."""
    found, pull_back = jax.vjp(operation, x, kernel)
    slopes: tuple[Array, Array] = pull_back(found)
    return slopes


def in_loop(operation: Operation, repeats: int, x: Array, kernel: Array) -> tuple[Array, Array]:
    """Passes forward and back so many times, each time from what the time before left."""

    def one(_: Array, carry: tuple[Array, Array]) -> tuple[Array, Array]:
        slopes = both_passes(operation, *carry)
        return jax.tree.map(lambda value, slope: value - 1e-9 * slope, carry, slopes)

    found: tuple[Array, Array] = lax.fori_loop(0, repeats, one, (x, kernel))
    return found


def _compiled(function: Callable[..., Any], *arguments: Array) -> Callable[..., Any]:
    """Returns the compiled program of a function of these arguments."""
    program: Callable[..., Any] = jax.jit(function).lower(*arguments).compile()
    return program


def _waited(program: Callable[..., Any], x: Array, kernel: Array) -> None:
    """Runs a program to its end."""
    jax.block_until_ready(program(x, kernel))
