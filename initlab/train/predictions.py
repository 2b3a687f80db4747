"""What theory expects of each trial of a group at step 0, as columns of the `predictions` table."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeGuard

import numpy as np
from jax import Array
from jaxtyping import Float

from initlab.architectures.layers import (
    Activation,
    Convolution,
    Dense,
    Layer,
    Repeat,
    Residual,
)
from initlab.data import input_scaling, load, split_validation
from initlab.data.input_scaling import Inputs
from initlab.models import Network
from initlab.spec.architecture import layers_of, recipe_of
from initlab.spec.datasets import Classes, ImageSize
from initlab.spec.laws import Gained
from initlab.spec.layer_laws import layer_laws
from initlab.spec.schema import RunSpec
from initlab.theory.inputs import inputs_like, white_inputs
from initlab.theory.law_variance import law_variance
from initlab.theory.network import SitePrediction, predict_sites
from initlab.theory.signal import Signal
from initlab.theory.walk import has_theory
from initlab.train.records import Columns


def make_predictions(
    runs: Sequence[RunSpec], network: Network, function: Callable[[Array], Array]
) -> Columns:
    """Returns a row for each site of each trial that theory has something to say of.

    It has nothing of local response normalization, Euclidean pooling and concatenations, of laws
    that `law_variance` has no number for, of weights that are all zero because their law says so,
    of biases that share a value other than zero, and of what a scheme changed.

    Args:
        runs: of one signature; trials are taken once.
        network: their model taken apart.
        function: their nonlinearity.
    """
    trials = {run.trial_id: run for run in runs}
    found = {trial: predict_trial(run, function) for trial, run in trials.items()}
    kept = {trial: rows for trial, rows in found.items() if rows}
    sites = network.sites
    columns: Columns = {
        "trial_id": np.repeat(np.array(list(kept), np.str_), len(sites)),
        "layer": np.tile(np.array([site.layer for site in sites], np.int16), len(kept)),
        "site": np.tile(np.arange(len(sites), dtype=np.int16), len(kept)),
        "layer_name": np.tile(np.array([site.name for site in sites]), len(kept)),
    }
    flat = [row for rows in kept.values() for row in rows]
    values = np.array(flat, np.float64).reshape(-1, len(SitePrediction._fields))
    for name, column in zip(SitePrediction._fields, values.T, strict=True):
        columns[name] = np.ma.masked_invalid(column)
    return columns


def predict_trial(run: RunSpec, function: Callable[[Array], Array]) -> list[SitePrediction]:
    """Returns what is expected at each site of one trial, nothing where theory has no number."""
    described = layers_of(run)
    if run.scheme.name != "none" or not has_theory(described):
        return []
    weighted = Weighing(run, function)
    layers = list(weighted(described))
    if weighted.unknown:
        return []
    return predict_sites(layers, _inputs(run, layers[0]))


class Weighing:
    """Gives layers the variances of a run's laws, and their nonlinearity.

    Attributes:
        unknown: whether a law was met that has no variance to work with.
    """

    def __init__(self, run: RunSpec, function: Callable[[Array], Array]) -> None:
        self.unknown = False
        self._function = function
        self._laws = iter(layer_laws(run))

    def __call__(self, layers: Sequence[Layer]) -> Iterator[Layer]:
        """Yields the layers, a repeated block as often as it comes."""
        for layer in layers:
            match layer:
                case Activation(phi=None):
                    yield Activation(self._function)
                case Dense() | Convolution():
                    yield self._with_variances(layer)
                case Residual():
                    branch = tuple(self(layer.branch))
                    yield replace(layer, branch=branch, shortcut=tuple(self(layer.shortcut)))
                case Repeat():
                    for _ in range(layer.number):
                        yield from self(layer.block)
                case _:
                    yield layer

    def _with_variances(self, layer: Dense | Convolution) -> Layer:
        """Returns the next weight layer with its laws' variances."""
        own = next(self._laws)
        shape, law = own.drawn_shape, own.kernel
        if law.name == "delta_orthogonal" and centre_keeps_places(layer):
            layer, shape = replace(layer, window=(1,) * len(layer.window)), shape[-2:]
        variance, bias = law_variance(law, shape), law_variance(own.bias, shape)
        if not variance or bias is None:
            self.unknown = True
            return layer
        if isinstance(law, Gained) and layer.first_scale:
            rotation = Gained(name="orthogonal", gain=layer.first_scale * law.gain)
            return replace(layer, weights=rotation, biases=bias)
        return replace(
            layer, weights=layer.first_scale**2 * variance * math.prod(shape[:-1]), biases=bias
        )


def centre_keeps_places(layer: Layer) -> TypeGuard[Convolution]:
    """Tells whether a layer is a convolution whose window's centre meets each place as it is.

    With nothing but that tap it is a convolution of a window of one.
    """
    return (
        isinstance(layer, Convolution)
        and layer.padding in ("SAME", "CIRCULAR")
        and {*layer.strides, *layer.dilation} <= {1}
    )


def _inputs(run: RunSpec, first: Layer) -> Signal:
    """Returns what goes into a network: a dense layer asks for no places."""
    if isinstance(first, Dense):
        square, correlation = input_moments(*_part(run))
        channels = math.prod(recipe_of(run).image_shape)
        return white_inputs(channels, second_moment=square, correlation=correlation)
    return input_places(*_part(run))


def _part(run: RunSpec) -> tuple[str, ImageSize, Classes, float, Inputs]:
    """Returns the fields that say what goes into a network."""
    return run.dataset, run.image_size, run.classes, run.validation_fraction, run.inputs


@cache
def input_moments(
    dataset: str,
    image_size: ImageSize,
    classes: Classes,
    validation_fraction: float,
    inputs: Inputs,
) -> tuple[float, float]:
    """Returns mean square and mean cosine of two different inputs, of the training part."""
    images = _inputs_of(dataset, image_size, classes, validation_fraction, inputs)
    x: Float[np.ndarray, "train in"] = images.reshape(len(images), -1)
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    total = (unit.sum(axis=0) ** 2).sum()
    return float((x**2).mean()), float((total - len(x)) / (len(x) * (len(x) - 1)))


@cache
def input_places(
    dataset: str,
    image_size: ImageSize,
    classes: Classes,
    validation_fraction: float,
    inputs: Inputs,
) -> Signal:
    """Returns the moments of the training part at every place, and between places."""
    return inputs_like(_inputs_of(dataset, image_size, classes, validation_fraction, inputs))


def _inputs_of(
    dataset: str,
    image_size: ImageSize,
    classes: Classes,
    validation_fraction: float,
    inputs: Inputs,
) -> np.ndarray:
    """Returns the training part as the network sees it."""
    images = load(dataset, image_size, classes)
    train, _ = split_validation(images, validation_fraction)
    part = images.train_images[train]
    shift, scale = input_scaling(part, images.max_value, inputs)
    return np.asarray((part - shift) * scale)
