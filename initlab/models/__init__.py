"""The models by name; each is taken apart into a `Network` that the training loop can run."""

from collections.abc import Callable

from initlab.models.mlp import build_mlp, mlp_stacks
from initlab.models.network import Network, Observe, Parameters, Site, Stack

MODELS: dict[str, Callable[..., Network]] = {"mlp": build_mlp}
STACKS: dict[str, Callable[..., tuple[Stack, ...]]] = {"mlp": mlp_stacks}

__all__ = ["MODELS", "STACKS", "Network", "Observe", "Parameters", "Site", "Stack", "build_mlp"]
