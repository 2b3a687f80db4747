"""The laws that each weight layer of a run is drawn from."""

from typing import TYPE_CHECKING, Literal, NamedTuple

from initlab.spec.architecture import rows_of
from initlab.spec.law import Law
from initlab.spec.laws import InitializerLaw, PlainLaw, RecipeLaw
from initlab.spec.parameters import number_of_layers
from initlab.spec.pretrained import Pretrained
from initlab.spec.recipes import Place, bias_law, kernel_law
from initlab.spec.transfer import new_layers, taken_layers

if TYPE_CHECKING:
    from initlab.spec.schema import RunSpec

BESIDE_PRETRAINED = PlainLaw(name="he_normal")


class LayerLaws(NamedTuple):
    """The laws of one weight layer.

    Attributes:
        name: the layer's.
        kernel_shape: `(*window, in / groups, out)`.
        kernel: what its kernel is drawn from.
        bias: what its biases are drawn from.
        groups: groups of channels that do not see each other, of a convolution.
    """

    name: str
    kernel_shape: tuple[int, ...]
    kernel: Law
    bias: Law
    groups: int = 1

    @property
    def drawn_shape(self) -> tuple[int, ...]:
        """The shape that a law is given: each group's kernel is one of its own."""
        return (*self.kernel_shape[:-1], self.kernel_shape[-1] // self.groups)


def layer_laws(run: "RunSpec") -> tuple[LayerLaws, ...]:
    """Returns the laws of each weight layer, in the order of the forward pass.

    An initializer that is a paper's recipe gives the biases too, and so does a pretrained one where
    a layer is its checkpoint's. Other layers beside such are He's normal law's, unless
    `head_initializer` says what they are.
    """
    of_biases = run.initializer if isinstance(run.initializer, RecipeLaw) else run.bias_initializer
    number, taken, head = number_of_layers(run), len(taken_layers(run)), new_layers(run)
    counts = {"conv": 0, "dense": 0}
    found: list[LayerLaws] = []
    for row in rows_of(run):
        if row.kernel_shape is None:
            continue
        counts[row.kind] += 1
        kind: Literal["conv", "dense"] = "conv" if row.kind == "conv" else "dense"
        place = Place(kind, counts[row.kind], row.answers)
        if len(found) < taken:
            law: Law = run.initializer
            found.append(LayerLaws(row.name, row.kernel_shape, law, law, row.groups))
            continue
        drawn = _drawn(run, place, is_first=not found, is_head=len(found) >= number - head)
        kernel, bias = kernel_law(drawn, place), bias_law(of_biases, place)
        found.append(LayerLaws(row.name, row.kernel_shape, kernel, bias, row.groups))
    return tuple(found)


def _drawn(run: "RunSpec", place: Place, *, is_first: bool, is_head: bool) -> InitializerLaw:
    """Returns the law that a layer's kernel is drawn from."""
    if is_head and run.head_initializer != "same":
        return run.head_initializer
    law = run.first_law if is_first else run.initializer
    law = run.readout_law if place.is_readout else law
    return BESIDE_PRETRAINED if isinstance(law, Pretrained) else law
