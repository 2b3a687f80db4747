"""A random law with a symmetry left in: half of the units copy the other half."""

from typing import Literal, get_args

import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from initlab.initializers.arguments import require_positive
from initlab.initializers.base import Initializer
from initlab.initializers.gaussian import fan_in_normal

Tie = Literal["inputs", "units", "both"]


def tied_halves(weight_variance: float, tie: Tie = "both") -> Initializer:
    r"""Gaussian weights whose second half of inputs, of units or of both copies the first.

    Each entry is :math:`\mathcal{N}(0, \sigma_w^2 / \text{fan\_in})`, and with :math:`n` units

    .. math:: W_{i,\,j + n/2} = W_{ij} \quad (\text{units}), \qquad
              W_{i + m/2,\,j} = W_{ij} \quad (\text{inputs, of which there are } m).

    With tied units in one layer and tied inputs in the next, unit :math:`j` and its copy compute
    the same and receive the same gradient: training keeps them identical, however random the
    rest. Where tied inputs meet equal activations, the preactivation variance is twice that of
    `fan_in_normal(weight_variance)`, for the sum has half as many independent terms, each doubled.

    Args:
        weight_variance: :math:`\sigma_w^2`, dimensionless, positive.
        tie: the axis that repeats: `"inputs"`, `"units"` (the outputs) or `"both"`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`. It raises
        `ValueError` if a tied axis is odd.

    Raises:
        ValueError: if `weight_variance` is not positive and finite, or `tie` is unknown.

    Example:
        >>> import jax
        >>> law = tied_halves(weight_variance=1.0, tie="units")
        >>> kernel = law(jax.random.key(0), (3, 4))
        >>> bool((kernel[:, :2] == kernel[:, 2:]).all())
        True
    """
    require_positive("weight_variance", weight_variance)
    if tie not in get_args(Tie):
        raise ValueError(f"`tie` must be one of {', '.join(get_args(Tie))}, got {tie!r}.")
    untied = fan_in_normal(weight_variance)

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        kernel = untied(key, shape, dtype)
        if tie != "units":
            kernel = _copy_first_half(kernel, axis=-2, words="inputs")
        if tie != "inputs":
            kernel = _copy_first_half(kernel, axis=-1, words="units")
        return kernel

    return init


def _copy_first_half(kernel: Float[Array, "..."], *, axis: int, words: str) -> Float[Array, "..."]:
    """Returns the kernel with the second half along `axis` overwritten by the first."""
    size = kernel.shape[axis]
    if size % 2:
        raise ValueError(f"`shape` must have an even number of tied {words}, got {kernel.shape}.")
    first, _ = jnp.split(kernel, 2, axis=axis)
    return jnp.concatenate([first, first], axis=axis)
