"""Parts and other forms of an architecture, whose arrays are those of the whole, in one order."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from initlab.architectures.layers import (
    Activation,
    Convolution,
    Dense,
    Layer,
    Norm,
    Pool,
    Repeat,
    inner,
)
from initlab.architectures.sizes import Sizes
from initlab.architectures.walk import walk


def unrolled(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Returns the layers with each repeated block written out."""
    return tuple(
        each
        for layer in layers
        for each in (layer.block * layer.number if isinstance(layer, Repeat) else (layer,))
    )


def up_to(layers: Sequence[Layer], number: int, *, rectified: bool) -> tuple[Layer, ...]:
    """Returns the layers from the images to a weight layer, its normalization included.

    Args:
        layers: the architecture.
        number: of the weight layer, from 1, those of all branches counted.
        rectified: whether the nonlinearity after it is included.

    Raises:
        ValueError: if there is no such layer, it lies inside of branches, or no nonlinearity
            follows where one is asked for.
    """
    flat, known = unrolled(layers), meetings(layers)
    if number not in known:
        told = ", ".join(map(str, known))
        raise ValueError(f"`layer` must be one at which all branches meet ({told}), got {number}.")
    last = _ends(flat).index(number)
    while last + 1 < len(flat) and isinstance(flat[last + 1], Norm):
        last += 1
    if rectified:
        last += 1
        if last == len(flat) or not isinstance(flat[last], Activation):
            raise ValueError(f"no nonlinearity follows layer {number}: take it as it is.")
    return flat[: last + 1]


def meetings(layers: Sequence[Layer]) -> tuple[int, ...]:
    """Returns the numbers of the weight layers, from 1, after which no other branch is open."""
    return tuple(end for end in dict.fromkeys(_ends(unrolled(layers))) if end)


def convolutional(layers: Sequence[Layer], image_shape: Sizes) -> tuple[Layer, ...]:
    """Returns the architecture with each dense layer as the convolution that equals it.

    The first one's window covers all that the images leave of the places, that of others one place.
    A dense kernel `(height * width * in, out)`, taken as `(height, width, in, out)`, is the
    convolution's; images that are larger have a map of outputs in place of one.

    Args:
        layers: an architecture whose dense layers follow one another without branches.
        image_shape: `(height, width, channel)` of the images that it was made for.

    Raises:
        ValueError: if a global pooling leaves no places, or a dense layer lies inside a branch.
    """
    flat = unrolled(layers)
    if any(isinstance(layer, Pool) and layer.kind == "global" for layer in flat):
        raise ValueError("a global pooling takes images of any size as it is.")
    if any(isinstance(each, Dense) for layer in flat for each in inner(layer)):
        raise ValueError("a dense layer lies inside a branch: it has no equal convolution here.")
    return tuple(_as_convolutions(flat, image_shape))


def _as_convolutions(layers: Sequence[Layer], image_shape: Sizes) -> Iterator[Layer]:
    """Yields the layers, dense ones as convolutions."""
    window: Sizes = ()
    for place, layer in enumerate(layers):
        if not isinstance(layer, Dense):
            yield layer
            continue
        if not window:
            before = walk(layers[:place], image_shape) if place else ()
            *window_, _ = before[-1].here.shape if before else image_shape
            window = tuple(window_)
        yield Convolution(
            layer.width,
            layer.weights,
            layer.biases,
            window=window,
            padding="VALID",
            first_scale=layer.first_scale,
        )
        window = (1,) * len(window)


def _ends(layers: Sequence[Layer]) -> list[int]:
    """Returns after each layer how many weight layers there were."""
    return list(accumulate(map(_weights, layers)))


def _weights(layer: Layer) -> int:
    """Returns how many weight layers a layer is, or has inside of it."""
    own = isinstance(layer, Dense | Convolution)
    return own + sum(map(_weights, inner(layer)))
