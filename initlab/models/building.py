"""From the description of an architecture to a network, without drawing any parameter."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import jax
from flax import nnx
from jax import Array
from jax.typing import DTypeLike

from initlab.architectures.layers import Layer
from initlab.architectures.module_paths import Path, is_plain, path_in_module
from initlab.architectures.rows import Row
from initlab.architectures.sizes import Sizes
from initlab.architectures.walk import walk
from initlab.models.assembled import Assembled, Assembler
from initlab.models.network import Network, Site, Stack
from initlab.models.passing import Activate, Pass, Statistics
from initlab.models.plain import PlainNet


def build_network(
    layers: Sequence[Layer], *, image_shape: Sizes, activation: Activate, dtype: DTypeLike
) -> Network:
    """Returns the network of an architecture.

    Args:
        layers: the architecture.
        image_shape: `(height, width, channel)` of the images.
        activation: the nonlinearity of layers that name none.
        dtype: type of the parameters and of the computation.

    Raises:
        ValueError: if a layer does not fit what reaches it.
    """
    rows = walk(layers, image_shape)
    path_of = path_in_module(layers)

    def make() -> nnx.Module:
        if is_plain(layers):
            return _plain(layers, rows, activation, dtype)
        return Assembled(
            layers=layers,
            image_shape=image_shape,
            activation=activation,
            dtype=dtype,
            rngs=nnx.Rngs(0),
        )

    graphdef, parameters = nnx.split(nnx.eval_shape(make))
    constants = _constants(rows, path_of)
    images = jax.ShapeDtypeStruct((2, *image_shape), dtype)
    statistics = jax.eval_shape(partial(_statistics, graphdef), parameters, images)
    draws = any(row.kind == "dropout" for row in rows)
    return Network(
        graphdef,
        parameters,
        _stacks(rows, path_of),
        _sites(rows),
        constants,
        statistics,
        draws,
        tuple(layers),
        image_shape,
        activation,
    )


def _plain(
    layers: Sequence[Layer], rows: Sequence[Row], activation: Activate, dtype: DTypeLike
) -> PlainNet:
    """Returns the module of a plain network."""
    weights = [row for row in rows if row.kernel_shape]
    leaf = Assembler(rows, activation, dtype).leaf
    return PlainNet(
        first=leaf(layers[0], weights[0]),
        hidden=leaf(layers[0], weights[min(1, len(weights) - 1)]),
        readout=leaf(layers[-1], weights[-1]),
        depth=len(weights),
        activation=activation,
        rngs=nnx.Rngs(0),
    )


def _stacks(rows: Sequence[Row], path_of: Callable[[Row], Path]) -> tuple[Stack, ...]:
    """Returns the weight layers in the order of the forward pass, repeated ones together."""
    found: dict[Path, list[tuple[int, Row]]] = {}
    weights = [row for row in rows if row.kernel_shape]
    for number, row in enumerate(weights, start=1):
        found.setdefault(path_of(row), []).append((number, row))
    return tuple(
        Stack(
            path,
            tuple(number for number, _ in members),
            members[0][1].kernel_shape or (),
            stacked=members[0][1].copy is not None,
            positions=members[0][1].positions,
            first_scale=members[0][1].first_scale,
            groups=members[0][1].groups,
        )
        for path, members in found.items()
    )


def _sites(rows: Sequence[Row]) -> tuple[Site, ...]:
    """Returns the taps in the order of the forward pass."""
    found = []
    number = 0
    for row in rows:
        number += row.kernel_shape is not None
        if row.is_site:
            found.append(Site(row.here.layer, row.name, number if row.kernel_shape else None))
    return tuple(found)


def _constants(rows: Sequence[Row], path_of: Callable[[Row], Path]) -> dict[Path, float]:
    """Returns the first values of parameters that no law draws."""
    return {
        (*path_of(row), name): value for row in rows if not row.copy for name, value in row.first
    }


def _statistics(graphdef: Any, parameters: Any, images: Array) -> Statistics:
    """Returns what batch normalization notes down in a pass."""
    passing = Pass()
    nnx.merge(graphdef, parameters)(images, passing)
    return passing.found
