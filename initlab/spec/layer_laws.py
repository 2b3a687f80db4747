"""The laws that each weight layer of a run is drawn from."""

from typing import TYPE_CHECKING, Literal, NamedTuple

from initlab.architectures.rows import READOUT
from initlab.spec.architecture import rows_of
from initlab.spec.law import Law
from initlab.spec.laws import RecipeLaw
from initlab.spec.recipes import Place, bias_law, kernel_law

if TYPE_CHECKING:
    from initlab.spec.schema import RunSpec


class LayerLaws(NamedTuple):
    """The laws of one weight layer.

    Attributes:
        name: the layer's.
        kernel_shape: `(*window, in, out)`.
        kernel: what its kernel is drawn from.
        bias: what its biases are drawn from.
    """

    name: str
    kernel_shape: tuple[int, ...]
    kernel: Law
    bias: Law


def layer_laws(run: "RunSpec") -> tuple[LayerLaws, ...]:
    """Returns the laws of each weight layer, in the order of the forward pass.

    An initializer that is a paper's recipe gives the biases too.
    """
    of_biases = run.initializer if isinstance(run.initializer, RecipeLaw) else run.bias_initializer
    counts = {"conv": 0, "dense": 0}
    found: list[LayerLaws] = []
    for row in rows_of(run):
        if row.kernel_shape is None:
            continue
        counts[row.kind] += 1
        kind: Literal["conv", "dense"] = "conv" if row.kind == "conv" else "dense"
        place = Place(kind, counts[row.kind], row.name == READOUT)
        law = run.first_law if not found else run.initializer
        law = run.readout_law if place.is_readout else law
        kernel, bias = kernel_law(law, place), bias_law(of_biases, place)
        found.append(LayerLaws(row.name, row.kernel_shape, kernel, bias))
    return tuple(found)
