"""GradInit: scales of all tensors for the least loss after one step, the gradient bounded."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, get_args

import jax
import jax.numpy as jnp
import optax
from jax import Array, lax
from jaxtyping import PRNGKeyArray

from initlab.initializers.arguments import require_positive
from initlab.initializers.schemes.base import Batch, Initialized, Layer, Model, Scheme
from initlab.initializers.schemes.layers import scaled

SteppingOptimizer = Literal["sgd", "adam"]
STEEPEST = 1.0  # the largest slope of a scale that the descent sees
type Layers = tuple[Layer, ...]


class _Best(NamedTuple):
    """The best scales so far: the least loss within the bound, else the least gradient."""

    scales: Array
    within: Array
    value: Array


class _State(NamedTuple):
    """The scales, one optimizer for the loss and one for the bound, and the best scales so far."""

    scales: Array
    for_loss: optax.OptState
    for_bound: optax.OptState
    best: _Best


def grad_init(
    optimizer: SteppingOptimizer = "sgd",
    steps: int = 390,
    learning_rate: float = 0.01,
    step_size: float = 0.1,
    gradient_bound: float = 1.0,
    min_scale: float = 0.01,
) -> Scheme:
    r"""Scales each kernel and bias so that the loss is least after one step of an optimizer.

    .. math:: \min_s L(\tilde S;\, \theta_s - \eta A[g_s]) \quad \text{where} \quad
              \lVert g_s \rVert_p \le \gamma, \qquad g_s = \nabla L(S; \theta_s)

    :math:`A[g]` is :math:`g / \lVert g \rVert_2` with :math:`p = 2` for SGD, and
    :math:`\operatorname{sgn} g` with :math:`p = 1` for Adam. Scales begin at 1; while the bound
    is broken they descend :math:`\lVert g_s \rVert_p`, otherwise the loss, each by an Adam of its
    own on slopes cut at 1, and :math:`A[g]` is held fixed.

    Only one batch is given: :math:`S` is its first two thirds and :math:`\tilde S` its last two,
    which share half of their examples as in the paper, where fresh ones are drawn each time. For
    the same reason the bound can be kept: what is returned is not the last of the scales but
    those of the least loss among all that kept it, or of the least gradient if none did.

    Args:
        optimizer: whose step is taken, `"sgd"` or `"adam"`.
        steps: how many updates of the scales, at least 1.
        learning_rate: that of the scales, positive.
        step_size: :math:`\eta`, positive.
        gradient_bound: :math:`\gamma`, positive.
        min_scale: the least scale of a kernel, positive; a bias may have 0.

    Returns:
        A scheme. It reads the batch; `passes` is twice `steps`.

    Raises:
        ValueError: if a number is out of its range, or `optimizer` unknown.

    References:
        Zhu et al., GradInit: Learning to Initialize Neural Networks for Stable and Efficient
        Training (arXiv:2102.08098), algorithm 1; the numbers are those of the authors' program.
    """
    if optimizer not in get_args(SteppingOptimizer):
        accepted = ", ".join(get_args(SteppingOptimizer))
        raise ValueError(f"`optimizer` must be one of {accepted}, got {optimizer!r}.")
    if steps < 1:
        raise ValueError(f"`steps` must be at least 1, got {steps}.")
    require_positive("learning_rate", learning_rate)
    require_positive("step_size", step_size)
    require_positive("gradient_bound", gradient_bound)
    require_positive("min_scale", min_scale)
    least = jnp.array([[min_scale], [0.0]], jnp.float32)
    adam = optax.chain(optax.clip(STEEPEST), optax.adam(learning_rate))

    def scheme(model: Model, parameters: Any, batch: Batch, key: PRNGKeyArray) -> Initialized:
        del key
        layers = model.layers(parameters)
        first, last = two_thirds(batch)

        def loss(layers: Layers, part: Batch) -> Array:
            return model.loss(model.with_layers(parameters, layers), part)

        def gradient(scales: Array) -> tuple[Array, Layers]:
            slopes = jax.grad(loss)(_with_scales(layers, scales), first)
            return _norm(slopes, optimizer), slopes

        def stepped(scales: Array, slopes: Layers, size: Array) -> Array:
            after = _step(_with_scales(layers, scales), slopes, size, step_size, optimizer)
            return loss(after, last)

        def descend(scales: Array, slope: Array, state: Any) -> tuple[Array, Any]:
            slope = jnp.where(jnp.isfinite(slope), slope, 0.0)
            update, state = adam.update(slope, state)
            return jnp.maximum(scales + update, least), state

        def one(_: Array, state: _State) -> _State:
            scales = state.scales
            size, slopes = gradient(scales)

            def within() -> _State:
                value, slope = jax.value_and_grad(stepped)(scales, slopes, size)
                best = _better(state.best, _Best(scales, jnp.bool_(True), value))
                moved, for_loss = descend(scales, slope / step_size, state.for_loss)
                return state._replace(scales=moved, for_loss=for_loss, best=best)

            def beyond() -> _State:
                slope = jax.grad(lambda scales: gradient(scales)[0])(scales)
                best = _better(state.best, _Best(scales, jnp.bool_(False), size))
                moved, for_bound = descend(scales, slope, state.for_bound)
                return state._replace(scales=moved, for_bound=for_bound, best=best)

            after: _State = lax.cond(size <= gradient_bound, within, beyond)
            return after

        ones = jnp.ones((2, sum(len(layer["kernel"]) for layer in layers)), jnp.float32)
        nothing = _Best(ones, jnp.bool_(False), jnp.float32(jnp.inf))
        start = _State(ones, adam.init(ones), adam.init(ones), nothing)
        end = lax.fori_loop(0, steps, one, start)
        changed = model.with_layers(parameters, _with_scales(layers, end.best.scales))
        return Initialized(changed, jnp.int32(2 * steps))

    return scheme


def two_thirds(batch: Batch) -> tuple[Batch, Batch]:
    """Returns the first and the last two thirds of a batch, at least one example each."""
    size = max(1, 2 * len(batch.labels) // 3)
    return Batch(batch.inputs[:size], batch.labels[:size]), Batch(
        batch.inputs[-size:], batch.labels[-size:]
    )


def _with_scales(layers: Layers, scales: Array) -> Layers:
    """Returns the layers with kernels times the first row of scales, biases times the second."""
    return scaled(scaled(layers, scales[0]), scales[1], "bias")


def _norm(slopes: Layers, optimizer: SteppingOptimizer) -> Array:
    """Returns the norm of a gradient that an optimizer's step makes the most of."""
    leaves = [leaf.astype(jnp.float32) for leaf in jax.tree.leaves(slopes)]
    if optimizer == "adam":
        return sum((jnp.sum(jnp.abs(leaf)) for leaf in leaves), jnp.zeros(()))
    return jnp.sqrt(sum((jnp.sum(leaf * leaf) for leaf in leaves), jnp.zeros(())))


def _step(
    layers: Layers, slopes: Layers, size: Array, step_size: float, optimizer: SteppingOptimizer
) -> Layers:
    """Returns the layers after one step of an optimizer against a gradient."""
    inverse = 1.0 / jnp.where(size > 0, size, 1.0)
    direction: Callable[[Array], Array] = (
        jnp.sign if optimizer == "adam" else lambda slope: slope * inverse
    )

    def moved(array: Array, slope: Array) -> Array:
        return (array - step_size * direction(lax.stop_gradient(slope))).astype(array.dtype)

    after: Layers = jax.tree.map(moved, layers, slopes)
    return after


def _better(best: _Best, found: _Best) -> _Best:
    """Returns the better of two: within the bound first, then by value."""
    lower = found.value < best.value
    wins = jnp.where(found.within == best.within, lower, found.within)
    chosen: _Best = jax.tree.map(lambda new, old: jnp.where(wins, new, old), found, best)
    return chosen
