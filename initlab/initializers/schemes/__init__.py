"""Schemes that initialize a whole model; `SCHEMES` maps each name to its factory."""

from collections.abc import Callable

from initlab.initializers.schemes.auto_init import auto_init
from initlab.initializers.schemes.base import Batch, Initialized, Layer, Model, Scheme
from initlab.initializers.schemes.grad_init import grad_init
from initlab.initializers.schemes.krahenbuhl import krahenbuhl
from initlab.initializers.schemes.lsuv import lsuv
from initlab.initializers.schemes.meta_init import meta_init

SCHEMES: dict[str, Callable[..., Scheme]] = {
    "lsuv": lsuv,
    "krahenbuhl": krahenbuhl,
    "meta_init": meta_init,
    "grad_init": grad_init,
    "auto_init": auto_init,
}

__all__ = [
    "SCHEMES",
    "Batch",
    "Initialized",
    "Layer",
    "Model",
    "Scheme",
    "auto_init",
    "grad_init",
    "krahenbuhl",
    "lsuv",
    "meta_init",
]
