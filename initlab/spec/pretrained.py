"""The law of weights that come from a checkpoint."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from initlab.spec.law import Law
from initlab.spec.measure import kind_of
from initlab.spec.problems import branch, either

ChosenLayers = Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(strict=False, min_length=1)]


class Pretrained(Law):
    """The arrays of a checkpoint, or a control that has something in common with them."""

    name: Literal["pretrained"]
    checkpoint: Annotated[str, Field(min_length=1, max_length=500)]
    layers: Annotated[
        Annotated[Literal["all"], Tag(branch("Text"))]
        | Annotated[int, Field(ge=1), Tag(branch("Number"))]
        | Annotated[ChosenLayers, Tag(branch("List"))],
        Discriminator(kind_of),
        either('"all", a number of layers or a list of them', str, int, list, tuple),
    ] = "all"
    control: Literal["none", "moment_matched", "shuffled", "orthogonal"] = "none"
    sha256: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = ""

    @property
    def chosen(self) -> tuple[int, ...]:
        """Which layers of the checkpoint are asked for by number, none where all are."""
        if self.layers == "all":
            return ()
        if isinstance(self.layers, int):
            return tuple(range(1, self.layers + 1))
        return self.layers

    def arguments(self) -> dict[str, Any]:
        """Returns what tells the law from others; not the digest, which differs by seed."""
        layers = (
            self.layers if isinstance(self.layers, str | int) else "+".join(map(str, self.layers))
        )
        return {"checkpoint": self.checkpoint, "layers": layers, "control": self.control}
