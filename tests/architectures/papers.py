"""Families as their papers have them, and at the small scale, walked through."""

from initlab.architectures.families import FAMILIES
from initlab.architectures.recipe import Recipe
from initlab.architectures.walk import walk


def recipe_of(name, image_shape=None, **fields):
    """Returns what a family is made from: its paper's sizes, or small ones for an image."""
    family = FAMILIES[name]
    chosen = {"depth": family.depth, "norm": family.norm, "width": family.width}
    if image_shape is None:
        sizes = family.paper
        image_shape = sizes.image_shape
        chosen |= {"classes": sizes.classes, "width": sizes.width, "scale": "paper"}
    return Recipe(image_shape, **({"classes": 10} | chosen | fields))


def rows_of(name, image_shape=None, **fields):
    recipe = recipe_of(name, image_shape, **fields)
    return walk(FAMILIES[name].layers(recipe), recipe.image_shape)


def parameters_of(rows):
    return sum(row.parameters for row in rows)
