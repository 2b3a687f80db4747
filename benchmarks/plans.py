"""The layers of a task's network, one after another, for a peer to build.

The peers' environment imports this module too: standard library alone, Python 3.10 or newer.
"""

from typing import NamedTuple

from benchmarks.workload import CLASSES, Task

VGG11 = ((1, 1), (2, 1), (4, 2), (8, 2), (8, 2))  # channels over the first's, convolutions
LEAST = 4  # the smallest image that is still halved
STAGES = 3


class Conv(NamedTuple):
    """A convolution with zeros around the image; a nonlinearity follows, after a normalization.

    Attributes:
        channels: of the output.
        window: taps along each axis.
        padding: zeros before and after each axis.
        normalized: whether batch normalization comes between.
    """

    channels: int
    window: int = 3
    padding: int = 1
    normalized: bool = False


class Block(NamedTuple):
    """Two normalized convolutions to which the input is added, before the last nonlinearity.

    Attributes:
        channels: of the output; the shortcut's are filled up with zeros.
        stride: of the first convolution, and of the shortcut.
    """

    channels: int
    stride: int = 1


class Pool(NamedTuple):
    """Pooling of 2 by 2: `max` or `average`; or `global`, the mean over all places."""

    kind: str


class Dense(NamedTuple):
    """A dense layer and its nonlinearity, then dropout where the rate is not zero."""

    units: int
    dropped: float = 0.0


class Readout(NamedTuple):
    """A dense layer without nonlinearity."""

    units: int = CLASSES


Layer = Conv | Block | Pool | Dense | Readout
Plan = tuple[Layer, ...]


def plan_of(task: Task) -> Plan:
    """Returns the layers of a task's network.

    Raises:
        ValueError: if there is no plan of its model.
    """
    width = task.width
    if task.model == "mlp":
        return (*[Dense(width)] * (task.depth - 1), Readout())
    if task.model == "convnet":
        return (*[Conv(width)] * (task.depth - 1), Readout())
    if task.model == "lenet":
        return (
            Conv(width, 5, 2),
            Pool("average"),
            Conv(width * 8 // 3, 5, 0),
            Pool("average"),
            Dense(20 * width),
            Dense(14 * width),
            Readout(),
        )
    if task.model == "vgg11":
        return _vgg11(width, min(task.image_shape[:2]))
    if task.model == "resnet20":
        return _resnet20(width)
    raise ValueError(f"`model` has no plan: {task.model!r}.")


def _vgg11(width: int, side: int) -> Plan:
    """Returns VGG's network A, without the pooling that would halve an image of less than 4."""
    layers: list[Layer] = []
    for factor, number in VGG11:
        layers += [Conv(width * factor)] * number
        if side >= LEAST:
            layers.append(Pool("max"))
            side //= 2
    return (*layers, *[Dense(64 * width, dropped=0.5)] * 2, Readout())


def _resnet20(width: int) -> Plan:
    """Returns the residual net of 20 layers for small images."""
    layers: list[Layer] = [Conv(width, normalized=True)]
    for stage in range(STAGES):
        channels = width * 2**stage
        layers += [Block(channels, 2 if stage else 1), Block(channels), Block(channels)]
    return (*layers, Pool("global"), Readout())
