"""The layers of a run's model, and what they make of its images."""

from functools import lru_cache
from typing import TYPE_CHECKING

from initlab.architectures.families import CHOICES, FAMILIES
from initlab.architectures.layers import Layer
from initlab.architectures.recipe import Recipe
from initlab.architectures.rows import Row
from initlab.architectures.sizes import Sizes
from initlab.architectures.walk import walk
from initlab.spec.datasets import image_shape

if TYPE_CHECKING:
    from initlab.spec.schema import RunSpec


def recipe_of(run: "RunSpec") -> Recipe:
    """Returns what a run's model is made from: the paper's own sizes at its scale."""
    paper = FAMILIES[run.model].paper
    shape: Sizes = image_shape(run.dataset, run.image_size)
    classes = run.outputs
    if run.scale == "paper" and paper is not None:
        shape, classes = paper.image_shape, paper.classes
    return Recipe(
        shape,
        classes,
        run.depth,
        run.width,
        run.norm,
        run.scale,
        run.residual,
        **{name: getattr(run, name) for name in CHOICES},
    )


def layers_of(run: "RunSpec") -> tuple[Layer, ...]:
    """Returns the layers of a run's model."""
    return FAMILIES[run.model].layers(recipe_of(run))


def rows_of(run: "RunSpec") -> tuple[Row, ...]:
    """Returns a row for each layer's output.

    Raises:
        ValueError: if the images do not fit the model; the message names the layer.
    """
    return _rows(run.model, recipe_of(run))


@lru_cache(maxsize=64)
def _rows(model: str, recipe: Recipe) -> tuple[Row, ...]:
    """Returns the rows of a model."""
    return walk(FAMILIES[model].layers(recipe), recipe.image_shape)
