"""A framework: its layers, its initializers, and how it draws a kernel."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scripts.conformance.laws import Law
from scripts.conformance.layers import Layer
from scripts.conformance.measuring import Cell, measure


@dataclass(frozen=True)
class Named:
    """An initializer.

    Attributes:
        written: its name as Markdown.
        initializer: the object; None for what a layer does when not told.
        law: what it states.
    """

    written: str
    initializer: Any
    law: Law


@dataclass(frozen=True)
class Framework:
    """What to measure of a framework.

    Attributes:
        title: the names and versions that were measured.
        layers: which layers it has.
        initializers: which of its initializers.
        draw: layer, initializer and seed to a kernel that the framework itself has drawn.
    """

    title: str
    layers: tuple[Layer, ...]
    initializers: tuple[Named, ...]
    draw: Callable[[Layer, Any, int], Any]

    def row(self, named: Named) -> list[Cell | None]:
        """Returns one cell a layer."""

        def cell(layer: Layer) -> Cell | None:
            return measure(lambda seed: self.draw(layer, named.initializer, seed), named.law, layer)

        return [cell(layer) for layer in self.layers]
