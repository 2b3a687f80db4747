"""Do convolutions and pooling keep their speed inside a compiled loop, on a CPU?"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax
from jax.sharding import PartitionSpec

from benchmarks.answer import Answer, from_ratio
from benchmarks.arms import devices
from benchmarks.effort import Effort
from benchmarks.timing import by_turns, ratio
from benchmarks.tracing import no_traces
from initlab.models.convolution import convolution
from initlab.models.pooling import max_pool, mean_pool, norm_pool
from initlab.train.devices import RUNS, by_run

BATCH = 64
REPEATS = 10  # of one operation in a loop, and outside
TARGET = 1.3
STRIDED_TARGET = 1.5
NATIVE_TARGET = 1.05  # "never slower", but for the noise of a timing
CANONICAL = ("NHWC", "HWIO", "NHWC")

type Operation = Callable[[Array, Array], Array]


class Form(NamedTuple):
    """What tells windows of one kind apart, whatever the size of the images.

    Attributes:
        kind: "convolution", or what a pooling takes of a window.
        window: taps along each axis.
        stride: steps along each axis.
        padding: zeros before and after each axis, or "SAME" where they depend on the image.
        dilation: steps between taps.
        groups: of channels that do not see each other.
    """

    kind: str
    window: int
    stride: int = 1
    padding: str | int = 0
    dilation: int = 1
    groups: int = 1

    @property
    def name(self) -> str:
        """What a reader calls it."""
        words = "convolution" if self.kind == "convolution" else f"{self.kind} pooling"
        words += f" {self.window}x{self.window}"
        words += f"/{self.stride}" if self.stride > 1 else ""
        words += f", dilated by {self.dilation}" if self.dilation > 1 else ""
        words += f", {self.groups} groups" if self.groups > 1 else ""
        return f"{words}, padding {self.padding}" if self.padding else words

    @property
    def pads(self) -> Any:
        """The padding as JAX takes it."""
        return self.padding if isinstance(self.padding, str) else [(self.padding,) * 2] * 2


@dataclass(frozen=True)
class Variant:
    """One operation on images of one size.

    Attributes:
        form: what it is.
        image: height and width, and channels of the input.
        kernel: `(height, width, in / groups, out)`; of a pooling one number, a factor of all.
        ours: what the laboratory computes.
        native: what JAX or Flax does.
    """

    form: Form
    image: tuple[int, int]
    kernel: tuple[int, ...]
    ours: Operation
    native: Operation

    @property
    def name(self) -> str:
        """What a reader calls it."""
        (size, channels), outputs = self.image, self.kernel[-1]
        of = f"{channels} to {outputs}" if self.form.kind == "convolution" else f"{channels}"
        return f"{self.form.name}, {size}x{size}, {of} channels"


def of_convolution(image: tuple[int, int], channels: int, *form: Any, **more: Any) -> Variant:
    """Returns a convolution of square windows; `form` and `more` are fields of `Form`."""
    own = Form("convolution", *form, **more)
    options: dict[str, Any] = {
        "rhs_dilation": (own.dilation, own.dilation),
        "dimension_numbers": CANONICAL,
        "feature_group_count": own.groups,
    }
    strides = (own.stride, own.stride)
    return Variant(
        own,
        image,
        (own.window, own.window, image[1] // own.groups, channels),
        lambda x, w: convolution(x, w, strides, own.pads, **options),
        lambda x, w: lax.conv_general_dilated(x, w, strides, own.pads, **options),
    )


def of_pooling(kind: str, window: int, stride: int = 2, padding: str | int = 0) -> Variant:
    """Returns a pooling of square windows; its kernel is a factor of all."""
    form = Form(kind, window, stride, padding)
    ours, native = POOLS[kind]
    given: tuple[Any, ...] = ((window, window), (stride, stride), form.pads)
    return Variant(
        form,
        (28, 32),
        (1,),
        lambda x, factor: ours(x, *given) * factor[0],
        lambda x, factor: native(x, *given) * factor[0],
    )


def _norm_native(
    x: Array, window: tuple[int, int], strides: tuple[int, int], padding: Any
) -> Array:
    """Returns Euclidean norms of windows by Flax's means."""
    return jnp.sqrt(math.prod(window) * nnx.avg_pool(x * x, window, strides, padding))


POOLS: dict[str, tuple[Callable[..., Array], Callable[..., Array]]] = {
    "max": (max_pool, nnx.max_pool),
    "average": (mean_pool, nnx.avg_pool),
    "Euclidean": (norm_pool, _norm_native),
}
VARIANTS = (
    of_convolution((28, 16), 16, 3, padding=1),
    of_convolution((28, 32), 32, 3, padding=1),
    of_convolution((14, 64), 64, 3, padding=1),
    of_convolution((28, 1), 16, 3, padding=1),
    of_convolution((28, 32), 32, 3, 2, "SAME"),
    of_convolution((28, 32), 64, 3, 2, 1),
    of_convolution((28, 32), 32, 3),
    of_convolution((28, 32), 64, 3, 2),
    of_convolution((28, 32), 32, 3, padding=2, dilation=2),
    of_convolution((28, 32), 32, 3, padding=1, groups=2),
    of_convolution((28, 32), 32, 5, padding=2, groups=2),
    of_convolution((32, 3), 32, 5, padding=2),
    of_convolution((28, 6), 16, 5),
    of_convolution((28, 32), 64, 5, 2),
    of_convolution((32, 3), 32, 7, 2, 1),
    of_convolution((32, 3), 32, 7, 2, 3),
    of_convolution((32, 3), 32, 11, 4),
    of_convolution((28, 32), 32, 1),
    of_convolution((28, 32), 64, 1, 2),
    of_pooling("max", 2),
    of_pooling("max", 3),
    of_pooling("max", 3, padding="SAME"),
    of_pooling("max", 3, padding=1),
    of_pooling("max", 3, 1, 1),
    of_pooling("average", 1),
    of_pooling("average", 2),
    of_pooling("average", 3),
    of_pooling("average", 3, padding="SAME"),
    of_pooling("Euclidean", 2),
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
    once = on_every_device(partial(both_passes, variant.native), x, kernel)

    def outside() -> None:
        for _ in range(repeats):
            once()

    arms: dict[str, Callable[[], object]] = {"outside": outside}
    for name, operation in (("ours", variant.ours), ("native", variant.native)):
        arms[name] = on_every_device(partial(in_loop, operation, repeats), x, kernel)
    timings = by_turns(arms, effort.rounds, no_traces)
    milliseconds = {name: 1e3 * timing.minimum / repeats for name, timing in timings.items()}
    note = (
        f"{milliseconds['ours']:.2f} ms; native {milliseconds['outside']:.2f} outside, "
        f"{milliseconds['native']:.2f} inside"
    )
    target = STRIDED_TARGET if variant.form.stride > 1 else TARGET
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


def on_every_device(function: Callable[..., Any], *arguments: Array) -> Callable[[], None]:
    """Returns a function that runs a compiled program on each device, as training does, and waits.

    An operation that runs alone has the threads of all devices.
    """
    mesh, spec = devices(), PartitionSpec(RUNS)

    def alone(*own: Array) -> Any:
        return jax.tree.map(lambda leaf: leaf[None], function(*(leaf[0] for leaf in own)))

    mapped = jax.shard_map(alone, mesh=mesh, in_specs=spec, out_specs=spec, check_vma=False)
    copies = jax.device_put([jnp.stack([leaf] * mesh.size) for leaf in arguments], by_run(mesh))
    program = jax.jit(mapped).lower(*copies).compile()

    def run() -> None:
        jax.block_until_ready(program(*copies))

    return run
