"""The parameters of a run's model, layer by layer, as its module and a checkpoint name them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from initlab.architectures.layers import Layer
from initlab.architectures.module_paths import Path, path_in_module
from initlab.architectures.rows import Row
from initlab.spec.architecture import layers_of, rows_of

if TYPE_CHECKING:
    from initlab.spec.schema import RunSpec

STATISTICS = "statistics"  # mean and variance, by channel, that batch normalization divides by


class Parameter(NamedTuple):
    """One array of a layer.

    Attributes:
        path: the module's attributes, one inside another, and the array's own name.
        copy: which entry of the array's leading axis it is, where repeated layers share one.
        shape: its own, without that axis.
        is_weight: whether it is the kernel or the biases of the weight layer.
    """

    path: Path
    copy: int | None
    shape: tuple[int, ...]
    is_weight: bool = False

    @property
    def name(self) -> str:
        """What it is called in a checkpoint: `first/kernel`, `hidden/0/kernel`."""
        *layer, own = self.path
        return "/".join([*layer, *([] if self.copy is None else [str(self.copy)]), own])


type LayerParameters = tuple[Parameter, ...]


def layer_parameters(run: "RunSpec") -> tuple[LayerParameters, ...]:
    """Returns the parameters of each weight layer, in the order of the forward pass.

    To a weight layer belongs what lies between it and the next one: the scale and the shift of a
    normalization, and its statistics. The first one has what lies before it too.
    """
    return parameters_of(layers_of(run), rows_of(run), normalized=run.norm == "batch")


def parameters_of(
    layers: Sequence[Layer], rows: Sequence[Row], *, normalized: bool
) -> tuple[LayerParameters, ...]:
    """Returns the same of an architecture.

    Args:
        layers: the architecture.
        rows: what `walk` says of its layers.
        normalized: whether its normalizations are over the batch.
    """
    path_of = path_in_module(layers)
    found: list[list[Parameter]] = [[]]
    weights = 0
    for row in rows:
        weights += row.kernel_shape is not None
        if row.kernel_shape and weights > 1:
            found.append([])
        found[-1] += _of_row(row, path_of(row), normalized=normalized)
    return tuple(map(tuple, found))


def number_of_layers(run: "RunSpec") -> int:
    """Returns how many weight layers a run's model has, all branches counted."""
    return sum(row.kernel_shape is not None for row in rows_of(run))


def _of_row(row: Row, path: Path, *, normalized: bool) -> Iterator[Parameter]:
    """Yields the parameters of one layer."""
    if row.kernel_shape:
        yield Parameter((*path, "kernel"), row.copy, row.kernel_shape, is_weight=True)
        yield Parameter((*path, "bias"), row.copy, row.kernel_shape[-1:], is_weight=True)
    channels = row.here.shape[-1:] if row.kind == "norm" else ()
    for name, _ in row.first:
        yield Parameter((*path, name), row.copy, channels)
    if row.kind == "norm" and normalized:
        yield Parameter((*path, STATISTICS), row.copy, (2, *channels))
