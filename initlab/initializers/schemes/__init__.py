"""Schemes that initialize a whole model; `SCHEMES` maps each name to its factory."""

from collections.abc import Callable

from initlab.initializers.schemes.base import Batch, Initialized, Layer, Model, Scheme
from initlab.initializers.schemes.lsuv import lsuv

SCHEMES: dict[str, Callable[..., Scheme]] = {"lsuv": lsuv}

__all__ = ["SCHEMES", "Batch", "Initialized", "Layer", "Model", "Scheme", "lsuv"]
