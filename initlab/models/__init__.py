"""The models by name; each is taken apart into a `Network` that the training loop can run."""

from collections.abc import Callable

from initlab.models.convnet import build_convnet
from initlab.models.loss_model import LossModel
from initlab.models.mlp import build_mlp
from initlab.models.network import Network, Observe, Parameters, Site, Stack

MODELS: dict[str, Callable[..., Network]] = {"mlp": build_mlp, "convnet": build_convnet}

__all__ = ["MODELS", "LossModel", "Network", "Observe", "Parameters", "Site", "Stack"]
