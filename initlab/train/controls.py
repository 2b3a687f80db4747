"""Controls of pretrained weights: random ones that have something in common with them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import PRNGKeyArray

from initlab.initializers import INITIALIZERS
from initlab.train.keys import CONTROL_BIAS, CONTROL_KERNEL, purpose_key

type Control = Callable[[np.ndarray, PRNGKeyArray], np.ndarray]


def moment_matched(own: np.ndarray, key: PRNGKeyArray) -> np.ndarray:
    """Returns independent Gaussians of the mean and the variance that the array's entries have."""
    return np.asarray(own.mean() + own.std() * _normal(key, own.shape), own.dtype)


def shuffled(own: np.ndarray, key: PRNGKeyArray) -> np.ndarray:
    """Returns the array's entries in an order drawn at random."""
    return own.reshape(-1)[np.asarray(_order(key, own.size))].reshape(own.shape)


def orthogonal(own: np.ndarray, key: PRNGKeyArray) -> np.ndarray:
    r"""Returns a random orthogonal kernel of the array's own scale.

    With :math:`Q` orthogonal as the law `orthogonal` draws it, it is
    :math:`Q \, \|W\|_F / \|Q\|_F`: the mean square of its entries is that of the pretrained ones.
    """
    drawn = np.asarray(_orthogonal(key, own.shape))
    return np.asarray(drawn * (np.linalg.norm(own) / np.linalg.norm(drawn)), own.dtype)


OF_KERNELS: dict[str, Control] = {
    "moment_matched": moment_matched,
    "shuffled": shuffled,
    "orthogonal": orthogonal,
}
OF_BIASES: dict[str, Control] = {"moment_matched": moment_matched, "shuffled": shuffled}


def controlled(
    control: str, own: np.ndarray, *, seed: int, layer: int, is_bias: bool
) -> np.ndarray:
    """Returns what a control makes of a layer's kernel or biases; `orthogonal` has zero biases.

    Args:
        control: a name of `OF_KERNELS`.
        own: the pretrained values, float32.
        seed: of the run.
        layer: number of the weight layer, from 1.
        is_bias: whether these are biases.
    """
    make = (OF_BIASES if is_bias else OF_KERNELS).get(control)
    if make is None:
        return np.zeros_like(own)
    purpose = purpose_key(jnp.uint32(seed), CONTROL_BIAS if is_bias else CONTROL_KERNEL)
    return make(own, jax.random.fold_in(purpose, layer))


@partial(jax.jit, static_argnums=1)
def _normal(key: PRNGKeyArray, shape: tuple[int, ...]) -> Any:
    return jax.random.normal(key, shape, jnp.float32)


@partial(jax.jit, static_argnums=1)
def _order(key: PRNGKeyArray, size: int) -> Any:
    return jax.random.permutation(key, size)


@partial(jax.jit, static_argnums=1)
def _orthogonal(key: PRNGKeyArray, shape: tuple[int, ...]) -> Any:
    return INITIALIZERS["orthogonal"](gain=1.0)(key, shape, jnp.float32)
