"""Models: modules of every architecture, taken apart into a `Network` that the loop can run."""

from initlab.models.building import build_network
from initlab.models.loss_model import LossModel
from initlab.models.network import Network, Parameters, Site, Stack, at
from initlab.models.passing import Observe, Pass

__all__ = [
    "LossModel",
    "Network",
    "Observe",
    "Parameters",
    "Pass",
    "Site",
    "Stack",
    "at",
    "build_network",
]
