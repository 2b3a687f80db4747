"""Data-dependent initialization: unit channels within layers, equal rates of change between."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import PRNGKeyArray

from initlab.initializers.arguments import require_finite, require_positive
from initlab.initializers.schemes.base import (
    Batch,
    Initialized,
    Layer,
    Model,
    Preactivation,
    Scheme,
)
from initlab.initializers.schemes.broyden import corrected, limited
from initlab.initializers.schemes.layers import mean_squares, scaled
from initlab.initializers.schemes.statistics import mean_and_deviation


def krahenbuhl(offset: float = 0.0, tolerance: float = 0.01, max_rounds: int = 10) -> Scheme:
    r"""Gives every channel mean 0 and deviation 1 on the batch, and all layers one rate of change.

    Within layers, from the first to the readout: each channel's weights are divided by the
    deviation of its preactivations over batch and positions, and its bias centres them at
    :math:`\beta` of their deviations. Then between layers, round by round:

    .. math:: C_l = \sqrt{\frac{\langle (\partial z / \partial W^l)^2 \rangle}
                              {\langle (W^l)^2 \rangle}}, \qquad
              W^l \leftarrow \sqrt{C_l / C}\; W^l, \qquad
              C = s^{1/L} \prod_l C_l^{1/L}

    where :math:`z` is the sum of the logits, each times a Gaussian number drawn once, and
    :math:`s` the deviation of the logits; then biases centre the channels again, whose deviations
    are no longer 1 but one number a layer. Where the nonlinearity is homogeneous, as a ReLU is, a
    round is exact and leaves the function of the network as it was. Where it is not, the rounds
    after the first correct :math:`\sqrt{C_l / C}` by what those before them changed (Broyden's
    method), and the parameters of the round whose rates came nearest are returned. Channels that
    do not vary keep their weights, and so do layers without a rate.

    Args:
        offset: :math:`\beta`, finite. Above 0 fewer rectified units are dead at the start. Only
            layers with a bias are centred.
        tolerance: the largest deviation of a rate from :math:`C`, as a share of it, positive.
        max_rounds: how many rounds between layers at most; 0 leaves deviations of 1.

    Returns:
        A scheme. It reads the batch's inputs and the key; `passes` is 1 within layers, and one
        for each centring, in which rates are measured too.

    Raises:
        ValueError: if `offset` is not finite, `tolerance` not positive and finite, or
            `max_rounds` negative.

    References:
        Krähenbühl, Doersch, Donahue and Darrell, Data-dependent Initializations of Convolutional
        Neural Networks (arXiv:1511.06856), algorithms 1 and 2; undamped, to the target and with
        the number of rounds of the authors' program. That repeats the first round's step.
    """
    require_finite("offset", offset)
    require_positive("tolerance", tolerance)
    if max_rounds < 0:
        raise ValueError(f"`max_rounds` must not be negative, got {max_rounds}.")

    def scheme(model: Model, parameters: Any, batch: Batch, key: PRNGKeyArray) -> Initialized:
        def centred(layer: Layer, preactivation: Preactivation) -> tuple[Layer, Array, Array]:
            layer, h = _centred(layer, preactivation(layer), offset)
            return layer, h, jnp.int32(1)

        def measured(parameters: Any) -> tuple[Any, Array]:
            """Returns the centred parameters, and what is wanted of them, in one pass."""

            def outputs(parameters: Any) -> tuple[Array, Any]:
                changed, _, logits = model.visit(parameters, batch.inputs, centred)
                return logits, changed

            rates, size, changed = change_rates(model, parameters, outputs, key)
            return changed, _wanted(rates, size)

        def normalized(layer: Layer, preactivation: Preactivation) -> tuple[Layer, Array, Array]:
            layer, h = _centred(*_divided(layer, preactivation(layer)), offset)
            return layer, h, jnp.int32(1)

        def unequal(state: _Rounds) -> Array:
            # The rate goes with the inverse square of the factor that is to be put on.
            return (state.off > 0.5 * jnp.log1p(tolerance)) & (state.number < max_rounds)

        def equalized(state: _Rounds) -> _Rounds:
            step = limited(state.inverse @ state.wanted, state.wanted)
            layers = scaled(model.layers(state.parameters), jnp.exp(step))
            parameters = model.with_layers(state.parameters, layers)
            parameters, wanted = measured(parameters)
            inverse = corrected(state.inverse, step, wanted - state.wanted)
            off = _off(wanted)
            nearest = jax.tree.map(
                lambda new, old: jnp.where(off < state.off, new, old), parameters, state.nearest
            )
            off = jnp.minimum(off, state.off)
            return _Rounds(parameters, wanted, inverse, state.number + 1, nearest, off)

        parameters, _, _ = model.visit(parameters, batch.inputs, normalized)
        if max_rounds == 0:
            return Initialized(parameters, jnp.int32(1))
        parameters, wanted = measured(parameters)
        identity = jnp.eye(len(wanted))
        start = _Rounds(parameters, wanted, identity, jnp.int32(0), parameters, _off(wanted))
        end = lax.while_loop(unequal, equalized, start)
        return Initialized(end.nearest, 2 + end.number)

    return scheme


def change_rates(
    model: Model,
    parameters: Any,
    outputs: Callable[[Any], tuple[Array, Any]],
    key: PRNGKeyArray,
) -> tuple[Array, Array, Any]:
    """Returns how fast each layer's weights change for their size, and the logits' deviation.

    Args:
        model: whose layers these are.
        parameters: at which rates are taken.
        outputs: from parameters to the logits `(batch, out)`, and what is to be handed on.
        key: of the Gaussian numbers that weight the logits in the sum whose gradient is taken.

    Returns:
        The rates, `(layer,)`, root mean squares of the gradient over those of the kernel; the mean
        deviation of a logit; and what was handed on.
    """

    def weighted(parameters: Any) -> tuple[Array, tuple[Array, Any]]:
        logits, more = outputs(parameters)
        weights = jax.random.normal(key, logits.shape, logits.dtype)
        return jnp.sum(weights * logits), (jnp.mean(mean_and_deviation(logits)[1]), more)

    gradient, (size, more) = jax.grad(weighted, has_aux=True)(parameters)
    squares = mean_squares(model.layers(gradient)) / mean_squares(model.layers(parameters))
    return jnp.sqrt(squares), size, more


class _Rounds(NamedTuple):
    """How far the rounds between layers have come.

    Attributes:
        parameters: after the last round.
        wanted: logarithm of what would make the rates equal were the network homogeneous,
            `(layer,)`.
        inverse: what `wanted` is multiplied by where it is not, `(layer, layer)`.
        number: of rounds.
        nearest: the parameters of the round whose rates came nearest to equal.
        off: the largest of what is wanted there.
    """

    parameters: Any
    wanted: Array
    inverse: Array
    number: Array
    nearest: Any
    off: Array


def _wanted(rates: Array, size: Array) -> Array:
    """Returns the logarithm of each kernel's next factor; 0 where a layer has no rate."""
    known = (rates > 0) & jnp.isfinite(rates)
    logarithms = jnp.log(jnp.where(known, rates, 1.0))
    number = jnp.maximum(jnp.sum(known), 1)
    target = (jnp.sum(logarithms) + jnp.log(jnp.where(size > 0, size, 1.0))) / number
    return jnp.where(known, 0.5 * (logarithms - target), 0.0)


def _off(wanted: Array) -> Array:
    """Returns the largest of what is wanted, either way."""
    return jnp.max(jnp.abs(wanted))


def _divided(layer: Layer, h: Array) -> tuple[Layer, Array]:
    """Returns a layer with its channels' weights divided by their deviations, and what it gives."""
    deviation = mean_and_deviation(h)[1]
    divisor = jnp.where((deviation > 0) & jnp.isfinite(deviation), deviation, 1.0)
    kernel, bias = layer["kernel"], layer.get("bias", jnp.zeros((), h.dtype))
    divided = (h - bias) / divisor.astype(h.dtype) + bias
    return layer | {"kernel": (kernel / divisor).astype(kernel.dtype)}, divided


def _centred(layer: Layer, h: Array, offset: float) -> tuple[Layer, Array]:
    """Returns a layer whose bias centres its channels, and what it gives."""
    if "bias" not in layer:
        return layer, h
    bias, found = layer["bias"], lax.stop_gradient(h)
    shift = -jnp.mean(found.astype(jnp.float32), axis=range(h.ndim - 1))
    if offset:
        shift += offset * mean_and_deviation(found)[1]
    shift = shift.astype(bias.dtype)
    return layer | {"bias": bias + shift}, h + shift
