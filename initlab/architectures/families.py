"""The models by name, each with what is fixed of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from initlab.architectures.alexnet import alexnet
from initlab.architectures.googlenet import googlenet
from initlab.architectures.layers import Layer
from initlab.architectures.lenet import lenet
from initlab.architectures.local import local
from initlab.architectures.nin import nin
from initlab.architectures.plain import convnet, mlp
from initlab.architectures.recipe import NormKind, Recipe
from initlab.architectures.resnet import cifar_plain, cifar_resnet
from initlab.architectures.resnet_imagenet import imagenet_plain, imagenet_resnet
from initlab.architectures.sizes import Sizes
from initlab.architectures.squeezenet import squeezenet
from initlab.architectures.textbook import textbook
from initlab.architectures.vgg import vgg
from initlab.architectures.zfnet import zfnet

WITHOUT_NORM = ("skip_init", "rezero", "fixup")  # variants that take a normalization's place
CHOICES = (
    "kernel_size",
    "first_window",
    "padding",
    "pooling",
    "after_pooling",
    "dropout",
    "readout",
    "auxiliary_heads",
)
CIFAR_DEPTHS = (20, 32, 44, 56, 110)


@dataclass(frozen=True)
class Paper:
    """The sizes that a paper gives.

    Attributes:
        image_shape: `(height, width, channel)` of its images.
        classes: how many there are.
        width: channels of the first convolution.
    """

    image_shape: Sizes
    classes: int
    width: int


@dataclass(frozen=True)
class Family:
    """A model that a specification can name.

    Attributes:
        layers: makes its layers.
        depth: number of its weight layers, None where any depth will do.
        width: of a run that says nothing of it.
        norm: the normalization of a run that says nothing of it.
        paper: the paper's own sizes, where there is one.
        residual: whether it has sums.
        choices: the fields of a run that choose among its layers.
    """

    layers: Callable[[Recipe], tuple[Layer, ...]]
    depth: int | None = None
    width: int = 128
    norm: NormKind = "none"
    paper: Paper | None = None
    residual: bool = False
    choices: tuple[str, ...] = ()


CIFAR = Paper((32, 32, 3), 10, 16)
IMAGENET = Paper((224, 224, 3), 1000, 64)

FAMILIES: dict[str, Family] = {
    "mlp": Family(mlp, choices=("dropout",)),
    "convnet": Family(
        convnet, choices=("kernel_size", "first_window", "padding", "dropout", "readout")
    ),
    "local": Family(local, 2, 4),
    "textbook": Family(
        textbook,
        4,
        16,
        choices=("kernel_size", "first_window", "padding", "pooling", "after_pooling"),
    ),
    "lenet": Family(lenet, 5, 6, paper=Paper((32, 32, 1), 10, 6)),
    "alexnet": Family(alexnet, 8, 12, "local_response", Paper((227, 227, 3), 1000, 96)),
    "zfnet": Family(zfnet, 8, 12, "local_response", Paper((224, 224, 3), 1000, 96)),
    "nin": Family(nin, 9, 24, paper=Paper((32, 32, 3), 10, 192)),
    "vgg11": Family(vgg, 11, 8, paper=IMAGENET),
    "vgg13": Family(vgg, 13, 8, paper=IMAGENET),
    "vgg16": Family(vgg, 16, 8, paper=IMAGENET),
    "vgg19": Family(vgg, 19, 8, paper=IMAGENET),
    "googlenet": Family(googlenet, 22, 8, "local_response", IMAGENET, choices=("auxiliary_heads",)),
    "squeezenet": Family(squeezenet, 18, 8, paper=Paper((227, 227, 3), 1000, 64)),
    "resnet18": Family(imagenet_resnet, 18, 8, "batch", IMAGENET, residual=True),
    "resnet34": Family(imagenet_resnet, 34, 8, "batch", IMAGENET, residual=True),
    "resnet50": Family(imagenet_resnet, 50, 8, "batch", IMAGENET, residual=True),
    "plain18": Family(imagenet_plain, 18, 8, "batch", IMAGENET),
    "plain34": Family(imagenet_plain, 34, 8, "batch", IMAGENET),
    "plain50": Family(imagenet_plain, 50, 8, "batch", IMAGENET),
}
for _depth in CIFAR_DEPTHS:
    FAMILIES[f"resnet{_depth}"] = Family(cifar_resnet, _depth, 8, "batch", CIFAR, residual=True)
    FAMILIES[f"plain{_depth}"] = Family(cifar_plain, _depth, 8, "batch", CIFAR)


def family_fields(family: Family, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values that a model gives to fields of a run, for those it has an own value of.

    Args:
        family: the model.
        fields: what is said of the run, `scale` and `residual` among it.
    """
    of_paper = fields.get("scale") == "paper" and family.paper is not None
    width = family.paper.width if of_paper and family.paper else family.width
    norm = "none" if fields.get("residual") in WITHOUT_NORM else family.norm
    found: dict[str, Any] = {"width": width, "norm": norm}
    return found if family.depth is None else found | {"depth": family.depth}
