"""The initializations that papers give layer by layer, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from initlab.spec.law import Law
from initlab.spec.laws import (
    CaffeFiller,
    Constant,
    InitializerLaw,
    LenetClass,
    Normal,
    PlainLaw,
    RecipeLaw,
)

ZEROS = PlainLaw(name="zeros")
RAISED = (2, 4, 5)  # AlexNet's convolutions whose units begin in the rectifier's positive part
POOLED = 4  # places that the pooling after each convolution of LeNet joins


class Place(NamedTuple):
    """Where a weight layer stands.

    Attributes:
        kind: what it is.
        number: its number among the layers of its kind, from 1.
        is_readout: whether its output is logits: the last weight layer, or that of a head.
    """

    kind: Literal["conv", "dense"]
    number: int
    is_readout: bool


@dataclass(frozen=True)
class Recipe:
    """The laws of a paper.

    Attributes:
        kernel: the law of a layer's kernel.
        bias: the law of its biases.
    """

    kernel: Callable[[Place], InitializerLaw]
    bias: Callable[[Place], InitializerLaw]


def _raised(value: float) -> Callable[[Place], InitializerLaw]:
    """Returns AlexNet's biases: a value in some convolutions and the dense hidden layers."""

    def bias(place: Place) -> InitializerLaw:
        chosen = place.kind == "dense" or place.number in RAISED
        raised = chosen and not place.is_readout
        return Constant(name="constant", value=value) if raised else ZEROS

    return bias


def _normal(hidden: float) -> Callable[[Place], InitializerLaw]:
    """Returns Gaussian kernels of deviation 0.01, of another one in dense hidden layers."""

    def kernel(place: Place) -> InitializerLaw:
        is_hidden = place.kind == "dense" and not place.is_readout
        return Normal(name="normal", stddev=hidden if is_hidden else 0.01)

    return kernel


def _tutorial(place: Place) -> InitializerLaw:
    """Returns the law of the LeNet tutorial's code: pooling divides the fan-out before it."""
    if place.kind == "conv":
        return LenetClass(name="lenet_class_uniform", pool_area=POOLED)
    return PlainLaw(name="glorot_uniform")


# Krizhevsky et al. 2012, section 5; bvlc_alexnet, bvlc_reference_caffenet and bvlc_googlenet of
# Caffe's model zoo; convolutional_mlp.py of lisa-lab/DeepLearningTutorials.
RECIPES: dict[str, Recipe] = {
    "alexnet_recipe": Recipe(_normal(0.01), _raised(1.0)),
    "bvlc_alexnet_recipe": Recipe(_normal(0.005), _raised(0.1)),
    "caffenet_recipe": Recipe(_normal(0.005), _raised(1.0)),
    "googlenet_recipe": Recipe(
        lambda place: CaffeFiller(name="caffe_xavier"),
        lambda place: ZEROS if place.is_readout else Constant(name="constant", value=0.2),
    ),
    "lenet_tutorial_recipe": Recipe(_tutorial, lambda place: ZEROS),
}


def kernel_law(law: InitializerLaw, place: Place) -> Law:
    """Returns the law of a layer's kernel: what a recipe says of it, or the law itself."""
    return RECIPES[law.name].kernel(place) if isinstance(law, RecipeLaw) else law


def bias_law(law: InitializerLaw, place: Place) -> Law:
    """Returns the law of a layer's biases: what a recipe says of them, or the law itself."""
    return RECIPES[law.name].bias(place) if isinstance(law, RecipeLaw) else law
