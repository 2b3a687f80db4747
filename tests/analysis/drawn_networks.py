"""Networks drawn in NumPy, with what theory expects of them: tables as results have them."""

import math

import numpy as np
import pandas as pd
from scipy import special

from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.architectures.layers import Activation, Dense
from initlab.spec.laws import Gained
from initlab.theory.inputs import white_inputs
from initlab.theory.network import predict_sites

from .literal_tables import layers_table, runs_table

ALPHA, LAMBDA = 1.6732632423543772, 1.0507009873554805


def density(h):
    return np.exp(-(h**2) / 2) / math.sqrt(2 * math.pi)


FUNCTIONS = {
    "relu": (lambda h: np.maximum(h, 0), lambda h: (h > 0).astype(h.dtype)),
    "tanh": (np.tanh, lambda h: 1 - np.tanh(h) ** 2),
    "sigmoid": (special.expit, lambda h: special.expit(h) * special.expit(-h)),
    "elu": (
        lambda h: np.where(h > 0, h, np.expm1(np.minimum(h, 0))),
        lambda h: np.where(h > 0, 1, np.exp(np.minimum(h, 0))),
    ),
    "gelu": (lambda h: h * special.ndtr(h), lambda h: special.ndtr(h) + h * density(h)),
    "selu": (
        lambda h: LAMBDA * np.where(h > 0, h, ALPHA * np.expm1(np.minimum(h, 0))),
        lambda h: LAMBDA * np.where(h > 0, 1, ALPHA * np.exp(np.minimum(h, 0))),
    ),
}


def drawn(activation, weight_variance, *, networks, depth, width, inputs, orthogonal=False):
    """Tables `runs`, `layers` and `predictions` of networks that differ in nothing but the draw.

    Gaussian weights of variance `weight_variance` / width, and gradients that start as normal
    numbers. Each network is a trial.
    """
    function, slope = FUNCTIONS[activation]
    rng = np.random.default_rng(0)
    forward, backward = np.empty((2, networks, depth))
    deviation = math.sqrt(weight_variance / width)
    for network in range(networks):
        kernels = rng.standard_normal((depth, width, width), np.float32)
        if orthogonal:
            q, r = np.linalg.qr(kernels)
            kernels = q * np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None] * math.sqrt(width)
        kernels *= deviation
        x = rng.standard_normal((inputs, width), np.float32)
        x /= np.sqrt((x**2).mean(axis=1, keepdims=True))
        hidden = []
        for kernel in kernels:
            hidden.append(x @ kernel)
            x = function(hidden[-1])
        gradient = rng.standard_normal((inputs, width), np.float32)
        for layer in reversed(range(depth)):
            forward[network, layer] = np.mean(hidden[layer] ** 2, dtype=np.float64)
            backward[network, layer] = np.mean(gradient**2, dtype=np.float64)
            if layer:
                gradient = (gradient @ kernels[layer].T) * slope(hidden[layer - 1])
    expected = predicted(activation, weight_variance, depth, width, orthogonal=orthogonal)
    return tables(forward, backward, expected, activation)


def drawn_by_units(activation, weight_variance, *, networks, depth, width, orthogonal=False):
    """Mean squares `[network, layer]`, forward and backward, of networks of one input.

    Their units are drawn instead of their weights. Given a layer, the next one's preactivations are
    independent and Gaussian, or of an orthogonal kernel the coordinates of a direction of given
    length; and so are, apart from them, what a gradient's entries meet on their way back.
    """
    function, slope = FUNCTIONS[activation]
    rng = np.random.default_rng(0)

    def units(square):
        z = rng.standard_normal((networks, width))
        if orthogonal:
            z /= np.sqrt((z**2).mean(axis=1, keepdims=True))
        return np.sqrt(square)[:, None] * z

    forward, backward = np.empty((2, networks, depth))
    square, slopes = np.full(networks, weight_variance), []
    for layer in range(depth):
        hidden = units(square)
        forward[:, layer] = (hidden**2).mean(axis=1)
        square = weight_variance * (function(hidden) ** 2).mean(axis=1)
        slopes.append(slope(hidden))
    gradient = rng.standard_normal((networks, width))
    for layer in reversed(range(depth)):
        backward[:, layer] = (gradient**2).mean(axis=1)
        if layer:
            gradient = units(weight_variance * backward[:, layer]) * slopes[layer - 1]
    return forward, backward


def tables(forward, backward, expected, activation="relu"):
    names = [f"run-{network}" for network in range(len(forward))]
    trials = [name.replace("run", "trial") for name in names]
    fields = ({"trial_id": trial, "activation": activation} for trial in trials)
    runs = runs_table(*fields, depth=forward.shape[1])
    signals = dict(zip(names, forward, strict=True))
    layers = layers_table(signals, **{BACKWARD: dict(zip(names, backward, strict=True))})
    every = pd.DataFrame({"trial_id": trials}).merge(expected, how="cross")
    return runs, layers[["run_id", "step", "layer", "site", FORWARD, BACKWARD]], every


def predicted(activation, weight_variance, depth, width, *, orthogonal=False):
    """What theory expects of one network, site by site."""
    rotation = Gained(name="orthogonal", gain=math.sqrt(weight_variance))
    layer = Dense(width, rotation if orthogonal else weight_variance)
    layers = [part for _ in range(depth) for part in (Activation(activation), layer)]
    sites = predict_sites(layers[1:], white_inputs(width, second_moment=1.0, correlation=0.5))
    rows = [site._asdict() for site in sites]
    return pd.DataFrame(rows).assign(layer=range(1, depth + 1), site=range(depth))
