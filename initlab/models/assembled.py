"""A model put together from the description of its layers."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from flax import nnx
from jax import Array
from jax.typing import DTypeLike

from initlab.activations import ACTIVATIONS
from initlab.architectures.layers import (
    Activation,
    Auxiliary,
    Concatenation,
    Convolution,
    Dense,
    Dropout,
    Layer,
    LocalResponse,
    Norm,
    Pool,
    Repeat,
    Residual,
    ZeroChannels,
)
from initlab.architectures.local import Patches
from initlab.architectures.module_paths import Path
from initlab.architectures.rows import KINDS, Row
from initlab.architectures.scalars import Multiplier, Offset
from initlab.architectures.sizes import Sizes
from initlab.architectures.walk import Counter, walk
from initlab.models.channels import (
    Dropping,
    Multiplied,
    Shifted,
    local_response,
    patches,
    zero_channels,
)
from initlab.models.convolution import convolution
from initlab.models.layers import dense
from initlab.models.normalization import BatchNorm, GroupNorm, LayerNorm
from initlab.models.parts import Beside, Concatenated, Make, Member, Repeated, Series, Sum
from initlab.models.passing import Activate, Pass
from initlab.models.pooling import global_mean_pool, max_pool, mean_pool, norm_pool

POOLS = {"max": max_pool, "average": mean_pool, "norm": norm_pool}


class Assembled(nnx.Module):
    """A model of any architecture; blocks that are repeated are scanned.

    Args:
        layers: the architecture.
        image_shape: `(height, width, channel)` of the images.
        activation: the nonlinearity of layers that name none.
        dtype: type of the parameters and of the computation.
        rngs: keys of the parameters' first values, which the lab replaces by its own.
    """

    def __init__(
        self,
        *,
        layers: Sequence[Layer],
        image_shape: Sizes,
        activation: Activate,
        dtype: DTypeLike,
        rngs: nnx.Rngs,
    ) -> None:
        assembler = Assembler(walk(layers, image_shape), activation, dtype)
        self.body: Any = assembler.series(layers, ())(rngs)

    def __call__(self, images: Array, passing: Pass | None = None) -> Array:
        """Returns the logits `(batch, outputs)`."""
        logits: Array = self.body(images, passing or Pass())
        return logits


class Assembler:
    """Makes modules of descriptions.

    Args:
        rows: what `walk` says of each layer.
        activation: the nonlinearity of layers that name none.
        dtype: type of the parameters and of the computation.
    """

    def __init__(self, rows: Sequence[Row], activation: Activate, dtype: DTypeLike) -> None:
        self.rows = {row.path: row for row in reversed(rows)}
        self.activation = activation
        self.dtype = dtype

    def series(self, layers: Sequence[Layer], path: Path) -> Make:
        """Returns what makes the layers of a sequence that lies at `path`."""
        return partial(Series, list(self._members(layers, path)))

    def _members(self, layers: Sequence[Layer], path: Path) -> Iterator[Member]:
        """Yields the members of a sequence, a nonlinearity with the site before it."""
        local = Counter()
        waiting: Member | None = None
        for layer in layers:
            name = local(KINDS[type(layer)])
            if isinstance(layer, Activation):
                function = self._function(layer)
                if waiting is not None:
                    yield waiting._replace(activation=function)
                else:
                    yield Member(name, None, activation=function)
                waiting = None
                continue
            if waiting is not None:
                yield waiting
            row = self.rows.get((*path, name))
            member = Member(name, self._make(layer, (*path, name)), bool(row and row.is_site))
            waiting = member if member.is_site else None
            if waiting is None:
                yield member
        if waiting is not None:
            yield waiting

    def _function(self, layer: Activation) -> Activate:
        """Returns a nonlinearity."""
        if layer.phi is None:
            return self.activation
        found: Activate = ACTIVATIONS[layer.phi].function if layer.phi in ACTIVATIONS else layer.phi
        return found

    def _make(self, layer: Layer, path: Path) -> Make:
        """Returns what makes one layer that lies at `path`."""
        match layer:
            case Residual():
                return partial(
                    Sum,
                    self.series(layer.branch, (*path, "branch")),
                    self.series(layer.shortcut, (*path, "shortcut")),
                    layer.scale,
                )
            case Concatenation():
                makes = [
                    self.series(branch, (*path, f"branch_{number}"))
                    for number, branch in enumerate(layer.branches, start=1)
                ]
                return partial(Concatenated, makes)
            case Auxiliary():
                return partial(Beside, self.series(layer.branch, (*path, "branch")), layer.weight)
            case Repeat():
                inside = (*path, "block")
                sites = sum(
                    row.is_site for own, row in self.rows.items() if own[: len(inside)] == inside
                )
                return partial(Repeated, self.series(layer.block, inside), layer.number, sites)
        return self.leaf(layer, self.rows[path])

    def leaf(self, layer: Layer, row: Row) -> Make:
        """Returns what makes a layer without others inside."""
        channels = row.here.shape[-1]
        match layer:
            case Dense():
                inputs, width = row.kernel_shape or ()
                return partial(dense, inputs, width, self.dtype)
            case Convolution():
                return partial(_convolution, layer, row, self.dtype)
            case Norm(kind="batch"):
                return lambda rngs: BatchNorm(channels, self.dtype)
            case Norm(kind="layer"):
                return lambda rngs: LayerNorm(channels, self.dtype)
            case Norm():
                return lambda rngs: GroupNorm(channels, layer.groups, self.dtype)
            case Dropout():
                return lambda rngs: Dropping(layer.rate)
            case Multiplier():
                return lambda rngs: Multiplied(self.dtype)
            case Offset():
                return lambda rngs: Shifted(self.dtype)
        return lambda rngs: _function_of(layer)


def _convolution(layer: Convolution, row: Row, dtype: DTypeLike, rngs: nnx.Rngs) -> nnx.Conv:
    """Returns a convolution whose backward pass stays fast in compiled loops."""
    *window, own, channels = row.kernel_shape or ()
    padding = layer.padding
    return nnx.Conv(
        own * layer.groups,
        channels,
        tuple(window),
        strides=layer.strides or 1,
        padding=padding if isinstance(padding, str) else [(padding, padding)] * len(window),
        kernel_dilation=layer.dilation or 1,
        feature_group_count=layer.groups,
        dtype=dtype,
        param_dtype=dtype,
        conv_general_dilated=convolution,
        rngs=rngs,
    )


def _pair(sizes: Sizes) -> tuple[int, int]:
    """Returns the sizes along both axes of an image."""
    down, right = sizes
    return down, right


def _function_of(layer: Layer) -> Any:
    """Returns the function of a layer without parameters."""
    match layer:
        case Pool(kind="global"):
            return global_mean_pool
        case Pool():
            padding: Any = layer.padding
            if not isinstance(padding, str):
                padding = [(padding, padding)] * 2
            window, strides = _pair(layer.window), _pair(layer.strides or layer.window)
            return partial(POOLS[layer.kind], window=window, strides=strides, padding=padding)
        case LocalResponse():
            return partial(
                local_response, size=layer.size, alpha=layer.alpha, beta=layer.beta, k=layer.k
            )
        case ZeroChannels():
            return partial(zero_channels, channels=layer.channels)
        case Patches():
            return partial(patches, window=_pair(layer.window))
    raise ValueError(f"a layer must be one of `initlab.architectures.layers`, got {layer!r}.")
