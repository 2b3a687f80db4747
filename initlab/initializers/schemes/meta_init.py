"""MetaInit: norms of kernels for which the gradient changes least along itself."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import PRNGKeyArray

from initlab.initializers.arguments import require_positive
from initlab.initializers.schemes.base import Batch, Initialized, Layer, Model, Scheme
from initlab.initializers.schemes.layers import norms, scaled


def meta_init(
    steps: int = 50,
    learning_rate: float = 0.1,
    momentum: float = 0.5,
    epsilon: float = 1e-5,
) -> Scheme:
    r"""Moves the norms of the kernels by sign descent on the gradient quotient.

    .. math:: GQ = \frac1N \left\lVert \frac{g - H g}{g + \epsilon \operatorname{sgn}(g)} - 1
                   \right\rVert_1, \qquad
              m \leftarrow \mu m - \eta \operatorname{sgn}
                  \frac{\partial\, GQ}{\partial \lVert W^l \rVert}, \qquad
              \lVert W^l \rVert \leftarrow \lVert W^l \rVert + m

    where :math:`g` is the gradient of the loss with respect to all :math:`N` parameters and
    :math:`H` its Hessian: a quotient of 0 means that one step of descent would leave the gradient
    as it is. As in the paper no data are needed: every step draws Gaussian inputs of the batch's
    shape, and labels from those of the batch. A kernel keeps its direction; biases stay.

    Args:
        steps: how many updates of the norms, at least 1.
        learning_rate: :math:`\eta`, how far one update moves a norm, positive.
        momentum: :math:`\mu`, from 0 to below 1.
        epsilon: :math:`\epsilon`, positive; keeps gradients near 0 from deciding alone.

    Returns:
        A scheme; `passes` is `steps`, each with derivatives of third order.

    Raises:
        ValueError: if a number is out of its range.

    References:
        Dauphin and Schoenholz, MetaInit: Initializing learning by learning to initialize (NeurIPS
        2019), algorithm 1; the numbers are those of Google's init2winit.
    """
    if steps < 1:
        raise ValueError(f"`steps` must be at least 1, got {steps}.")
    require_positive("learning_rate", learning_rate)
    if not 0 <= momentum < 1:
        raise ValueError(f"`momentum` must be from 0 to below 1, got {momentum}.")
    require_positive("epsilon", epsilon)

    def scheme(model: Model, parameters: Any, batch: Batch, key: PRNGKeyArray) -> Initialized:
        layers = model.layers(parameters)
        sizes = norms(layers)
        usable = sizes > 0

        def with_norms(wanted: Array) -> tuple[Layer, ...]:
            return scaled(layers, jnp.where(usable, wanted / jnp.where(usable, sizes, 1.0), 1.0))

        def quotient(wanted: Array, noise: Batch) -> Array:
            def loss(layers: tuple[Layer, ...]) -> Array:
                return model.loss(model.with_layers(parameters, layers), noise)

            return gradient_quotient(loss, with_norms(wanted), epsilon)

        def one(index: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
            wanted, velocity = state
            noise = _noise(batch, jax.random.fold_in(key, index))
            slope = jax.grad(quotient)(wanted, noise)
            direction = jnp.where(jnp.isfinite(slope), jnp.sign(slope), 0.0)
            velocity = momentum * velocity - learning_rate * direction
            return wanted + velocity, velocity

        start = (sizes, jnp.zeros_like(sizes))
        wanted, _ = lax.fori_loop(0, steps, one, start)
        changed = model.with_layers(parameters, with_norms(wanted))
        return Initialized(changed, jnp.int32(steps))

    return scheme


def gradient_quotient[Tree](
    loss: Callable[[Tree], Array], parameters: Tree, epsilon: float
) -> Array:
    """Returns how much one step of descent would change the gradient, for its size.

    Args:
        loss: from parameters to a number; differentiated twice, in reverse mode.
        parameters: a tree of arrays.
        epsilon: added to the gradient's magnitudes, positive.
    """

    def half_square(parameters: Tree) -> tuple[Array, Tree]:
        gradient = jax.grad(loss)(parameters)
        squares = [jnp.sum(leaf * leaf) for leaf in jax.tree.leaves(gradient)]
        return 0.5 * sum(squares, jnp.zeros(())), gradient

    product, gradient = jax.grad(half_square, has_aux=True)(parameters)

    def one(g: Array, h: Array) -> Array:
        sign = jnp.where(g >= 0, 1.0, -1.0).astype(g.dtype)
        return jnp.sum(jnp.abs((g - h) / (g + epsilon * sign) - 1.0))

    terms = jax.tree.leaves(jax.tree.map(one, gradient, product))
    count = sum(leaf.size for leaf in jax.tree.leaves(parameters))
    quotient: Array = sum(terms, jnp.zeros(())) / count
    return quotient


def _noise(batch: Batch, key: PRNGKeyArray) -> Batch:
    """Returns Gaussian inputs of the batch's shape, and labels drawn from the batch's."""
    of_inputs, of_labels = jax.random.split(key)
    inputs = jax.random.normal(of_inputs, batch.inputs.shape, batch.inputs.dtype)
    return Batch(inputs, jax.random.choice(of_labels, batch.labels, batch.labels.shape))
