"""The network and the data of the task, in PyTorch."""

import itertools

import torch
from torch import Tensor, nn

from benchmarks.workload import CLASSES, DEPTH, INPUTS, TRAINING_IMAGES


def make_mlp(width: int) -> nn.Sequential:
    """Returns an MLP of `DEPTH` weight layers with ReLU between them, He's initialization."""
    sizes = [INPUTS, *[width] * (DEPTH - 1), CLASSES]
    modules: list[nn.Module] = []
    for fan_in, fan_out in itertools.pairwise(sizes):
        linear = nn.Linear(fan_in, fan_out)
        nn.init.kaiming_normal_(linear.weight)
        nn.init.zeros_(linear.bias)
        modules += [linear, nn.ReLU()]
    return nn.Sequential(*modules[:-1])


def make_data() -> tuple[Tensor, Tensor]:
    """Returns random images `(image, value)` and labels: as many as the digits that train."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randn(TRAINING_IMAGES, INPUTS, generator=generator)
    return images, torch.randint(CLASSES, (TRAINING_IMAGES,), generator=generator)
