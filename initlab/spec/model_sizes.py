"""The distinct models of a sweep, each with what its layers make of an image: before any run."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from initlab.architectures.recipe import Recipe
from initlab.architectures.rows import Row
from initlab.errors import SpecError
from initlab.spec.architecture import recipe_of, rows_of
from initlab.spec.datasets import image_shape
from initlab.spec.schema import RunSpec

BYTES_PER_VALUE = 4
OF_NO_SIZE = ("activation", "dropout", "auxiliary")  # they keep the size of what they are given


@dataclass(frozen=True)
class ModelSize:
    """A model and its layers.

    Attributes:
        model: its name.
        recipe: the sizes that it is made from.
        rows: its layers in the order of the forward pass; nonlinearities and dropout are left out.
    """

    model: str
    recipe: Recipe
    rows: tuple[Row, ...]

    @property
    def parameters(self) -> int:
        """Numbers that are trained."""
        return sum(row.parameters for row in self.rows)

    @property
    def activation_bytes(self) -> int:
        """Bytes of the outputs of its layers for one image, in float32."""
        return sum(map(activation_bytes, self.rows))

    def as_json(self) -> dict[str, Any]:
        """Returns everything as plain data."""
        recipe = self.recipe
        return {
            "model": self.model,
            "scale": recipe.scale,
            "norm": recipe.norm,
            "depth": recipe.depth,
            "width": recipe.width,
            "image_shape": list(recipe.image_shape),
            "classes": recipe.classes,
            "parameters": self.parameters,
            "activation_bytes": self.activation_bytes,
            "layers": [_layer(row) for row in self.rows],
        }


def model_sizes(runs: Iterable[RunSpec]) -> list[ModelSize]:
    """Returns each distinct model of the runs, in order of first appearance."""
    first: dict[tuple[str, Recipe], RunSpec] = {}
    for run in runs:
        first.setdefault((run.model, recipe_of(run)), run)
    return [
        ModelSize(model, recipe, tuple(row for row in rows_of(run) if row.kind not in OF_NO_SIZE))
        for (model, recipe), run in first.items()
    ]


def require_fitting_images(runs: Iterable[RunSpec]) -> None:
    """Raises `SpecError` unless every run's data set has the images that its model is made for."""
    faults: dict[str, None] = {}
    for run in runs:
        recipe, classes = recipe_of(run), run.outputs
        shape = image_shape(run.dataset, run.image_size)
        if (recipe.image_shape, recipe.classes) != (shape, classes):
            faults[
                f'{run.model!r} at `scale` = "{run.scale}" takes {images(recipe)}; `dataset` = '
                f"{run.dataset!r} has {times(shape)} images of {classes} classes. "
                'Plan it, or run it with `scale` = "small".'
            ] = None
    if faults:
        raise SpecError(tuple(faults))


def images(recipe: Recipe) -> str:
    """Returns the images that a model takes, as text."""
    return f"{times(recipe.image_shape)} images of {recipe.classes} classes"


def times(sizes: Iterable[int | float]) -> str:
    """Returns sizes as text, `224x224x3`."""
    return "x".join(f"{size:g}" for size in sizes)


def activation_bytes(row: Row) -> int:
    """Returns the bytes of a layer's output for one image, in float32."""
    return BYTES_PER_VALUE * math.prod(row.here.shape)


def _layer(row: Row) -> dict[str, Any]:
    """Returns a layer as plain data."""
    return {
        "name": row.name,
        "kind": row.kind,
        "output_shape": list(row.here.shape),
        "receptive_field": list(row.here.field),
        "kernel_shape": None if row.kernel_shape is None else list(row.kernel_shape),
        "parameters": row.parameters,
        "activation_bytes": activation_bytes(row),
        "exact_places": list(row.exact),
        "dropped": list(row.dropped),
    }
