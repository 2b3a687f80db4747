"""Data-dependent initialization: unit channels within layers, equal rates of change between."""

from typing import Any

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
    round is exact and leaves the function of the network as it was; where it is not, rounds come
    nearer to equal rates. Channels that do not vary keep their weights, and so do layers without
    a rate.

    Args:
        offset: :math:`\beta`, finite. Above 0 fewer rectified units are dead at the start. Only
            layers with a bias are centred.
        tolerance: the largest deviation of a rate from :math:`C`, as a share of it, positive.
        max_rounds: how many rounds between layers at most; 0 leaves deviations of 1.

    Returns:
        A scheme. It reads the batch's inputs and the key; `passes` is 2 within layers, one for
        each measurement of rates and one for each centring.

    Raises:
        ValueError: if `offset` is not finite, `tolerance` not positive and finite, or
            `max_rounds` negative.

    References:
        Krähenbühl, Doersch, Donahue and Darrell, Data-dependent Initializations of Convolutional
        Neural Networks (arXiv:1511.06856), algorithms 1 and 2; undamped, to the target and with
        the number of rounds of the authors' program.
    """
    require_finite("offset", offset)
    require_positive("tolerance", tolerance)
    if max_rounds < 0:
        raise ValueError(f"`max_rounds` must not be negative, got {max_rounds}.")

    def scheme(model: Model, parameters: Any, batch: Batch, key: PRNGKeyArray) -> Initialized:
        def centred(layer: Layer, preactivation: Preactivation) -> tuple[Layer, Array, Array]:
            h = preactivation(layer)
            layer, shift = _centred(layer, *mean_and_deviation(h), offset)
            return layer, h + shift, jnp.int32(1)

        def normalized(layer: Layer, preactivation: Preactivation) -> tuple[Layer, Array, Array]:
            h = preactivation(layer)
            layer = _divided(layer, mean_and_deviation(h)[1])
            return centred(layer, preactivation)

        def unequal(state: tuple[Any, Array, Array]) -> Array:
            _, factors, rounds = state
            # The rate goes with the inverse square of the factor that is to be put on.
            off = jnp.max(jnp.abs(jnp.log(factors))) > 0.5 * jnp.log1p(tolerance)
            return off & (rounds < max_rounds)

        def equalized(state: tuple[Any, Array, Array]) -> tuple[Any, Array, Array]:
            parameters, factors, rounds = state
            layers = scaled(model.layers(parameters), factors)
            parameters = model.with_layers(parameters, layers)
            parameters, _ = model.visit(parameters, batch.inputs, centred)
            return parameters, _factors(model, parameters, batch.inputs, key), rounds + 1

        parameters, _ = model.visit(parameters, batch.inputs, normalized)
        if max_rounds == 0:
            return Initialized(parameters, jnp.int32(2))
        start = (parameters, _factors(model, parameters, batch.inputs, key), jnp.int32(0))
        parameters, _, rounds = lax.while_loop(unequal, equalized, start)
        return Initialized(parameters, 3 + 2 * rounds)

    return scheme


def change_rates(
    model: Model, parameters: Any, inputs: Array, key: PRNGKeyArray
) -> tuple[Array, Array]:
    """Returns how fast each layer's weights change for their size, and the logits' deviation.

    The rates, `(layer,)`, are root mean squares of the gradient over those of the kernel, the
    gradient being that of the logits' sum weighted by Gaussian numbers.
    """

    def weighted(parameters: Any) -> tuple[Array, Array]:
        logits = model.logits(parameters, inputs)
        weights = jax.random.normal(key, logits.shape, logits.dtype)
        return jnp.sum(weights * logits), jnp.mean(mean_and_deviation(logits)[1])

    gradient, size = jax.grad(weighted, has_aux=True)(parameters)
    squares = mean_squares(model.layers(gradient)) / mean_squares(model.layers(parameters))
    return jnp.sqrt(squares), size


def _factors(model: Model, parameters: Any, inputs: Array, key: PRNGKeyArray) -> Array:
    """Returns what each kernel is to be multiplied by; 1 where a layer has no rate."""
    rates, size = change_rates(model, parameters, inputs, key)
    known = (rates > 0) & jnp.isfinite(rates)
    logarithms = jnp.log(jnp.where(known, rates, 1.0))
    number = jnp.maximum(jnp.sum(known), 1)
    target = (jnp.sum(logarithms) + jnp.log(jnp.where(size > 0, size, 1.0))) / number
    return jnp.where(known, jnp.exp(0.5 * (logarithms - target)), 1.0)


def _divided(layer: Layer, deviation: Array) -> Layer:
    """Returns a layer whose channels' weights are divided by their deviations."""
    kernel = layer["kernel"]
    divisor = jnp.where((deviation > 0) & jnp.isfinite(deviation), deviation, 1.0)
    return layer | {"kernel": (kernel / divisor).astype(kernel.dtype)}


def _centred(layer: Layer, mean: Array, deviation: Array, offset: float) -> tuple[Layer, Array]:
    """Returns a layer whose bias centres its channels, and what was added to the bias."""
    if "bias" not in layer:
        return layer, jnp.zeros((), layer["kernel"].dtype)
    bias = layer["bias"]
    shift = (offset * deviation - mean).astype(bias.dtype)
    return layer | {"bias": bias + shift}, shift
