"""The networks and the data of the tasks, in PyTorch."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from benchmarks.plans import Block, Conv, Dense, Layer, Pool, plan_of
from benchmarks.workload import CLASSES, Task

POOLS = {"max": lambda: nn.MaxPool2d(2), "average": lambda: nn.AvgPool2d(2)}


class Sum(nn.Module):
    """A residual sum, a module of its own so that hooks see it."""

    def forward(self, branch: Tensor, shortcut: Tensor) -> Tensor:
        """Returns the sum."""
        return branch + shortcut


class Residual(nn.Module):
    """Two normalized convolutions to which the input is added; shortcuts have no weights.

    Args:
        inputs: channels of the input.
        channels: of the output.
        stride: of the first convolution and of the shortcut.
    """

    def __init__(self, inputs: int, channels: int, stride: int) -> None:
        super().__init__()
        self._stride, self._more = stride, channels - inputs
        self.branch = nn.Sequential(
            nn.Conv2d(inputs, channels, 3, stride, 1),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, 1, 1),
            nn.BatchNorm2d(channels),
        )
        self.sum = Sum()
        self.last = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Returns the nonlinearity of the sum."""
        shortcut = x
        if self._stride > 1:
            shortcut = pad(x[:, :, :: self._stride, :: self._stride], (0, 0, 0, 0, 0, self._more))
        found: Tensor = self.last(self.sum(self.branch(x), shortcut))
        return found


def make_network(task: Task) -> nn.Sequential:
    """Returns the network of a task with He's initialization and biases of zero."""
    shape = (task.image_shape[2], *task.image_shape[:2])
    if task.model == "mlp":
        shape = (math.prod(shape),)
    modules: list[nn.Module] = []
    for layer in plan_of(task):
        made = nn.Sequential(*_modules(layer, shape))
        with torch.no_grad():
            shape = tuple(made.eval()(torch.zeros(1, *shape)).shape[1:])
        modules += made.train()
    for module in nn.Sequential(*modules).modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
            nn.init.zeros_(module.bias)
    return nn.Sequential(*modules)


def _modules(layer: Layer, shape: tuple[int, ...]) -> Iterator[nn.Module]:
    """Yields the modules of one layer of a plan, for an input of one image's shape."""
    if isinstance(layer, Conv):
        yield nn.Conv2d(shape[0], layer.channels, layer.window, padding=layer.padding)
        if layer.normalized:
            yield nn.BatchNorm2d(layer.channels)
        yield nn.ReLU()
    elif isinstance(layer, Block):
        yield Residual(shape[0], layer.channels, layer.stride)
    elif isinstance(layer, Pool):
        yield nn.AdaptiveAvgPool2d(1) if layer.kind == "global" else POOLS[layer.kind]()
    else:
        if len(shape) > 1:
            yield nn.Flatten()
        yield nn.Linear(math.prod(shape), layer.units)
        if isinstance(layer, Dense):
            yield nn.ReLU()
            if layer.dropped:
                yield nn.Dropout(layer.dropped)


def make_data(task: Task) -> tuple[Tensor, Tensor]:
    """Returns random images and labels: as many, and as large, as those of the task."""
    generator = torch.Generator().manual_seed(0)
    height, width, channels = task.image_shape
    shape = (height * width * channels,) if task.model == "mlp" else (channels, height, width)
    images = torch.randn(task.training_images, *shape, generator=generator)
    return images, torch.randint(CLASSES, (task.training_images,), generator=generator)
