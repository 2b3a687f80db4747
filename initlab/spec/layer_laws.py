"""The laws that each weight layer of a run is drawn from."""

from typing import Literal, NamedTuple

from initlab.architectures.rows import READOUT
from initlab.spec.architecture import rows_of
from initlab.spec.law import Law
from initlab.spec.laws import RecipeLaw
from initlab.spec.recipes import Place, bias_law, kernel_law
from initlab.spec.schema import RunSpec


class LayerLaws(NamedTuple):
    """The laws of one weight layer.

    Attributes:
        kernel_shape: `(*window, in, out)`.
        kernel: what its kernel is drawn from.
        bias: what its biases are drawn from.
    """

    kernel_shape: tuple[int, ...]
    kernel: Law
    bias: Law


def layer_laws(run: RunSpec) -> tuple[LayerLaws, ...]:
    """Returns the laws of each weight layer, in the order of the forward pass.

    An initializer that is a paper's recipe gives the biases too.
    """
    of_biases = run.initializer if isinstance(run.initializer, RecipeLaw) else run.bias_initializer
    counts = {"conv": 0, "dense": 0}
    found = []
    for row in rows_of(run):
        if row.kernel_shape is None:
            continue
        counts[row.kind] += 1
        kind: Literal["conv", "dense"] = "conv" if row.kind == "conv" else "dense"
        place = Place(kind, counts[row.kind], row.name == READOUT)
        law = run.readout_law if place.is_readout else run.initializer
        found.append(
            LayerLaws(row.kernel_shape, kernel_law(law, place), bias_law(of_biases, place))
        )
    return tuple(found)
