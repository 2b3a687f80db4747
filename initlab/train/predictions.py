"""What theory expects of each trial of a group at step 0, as columns of the `predictions` table."""

import math
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from jax import Array
from jaxtyping import Float

from initlab.data import input_scaling, load
from initlab.data.input_scaling import Inputs
from initlab.models import Network
from initlab.spec.schema import RunSpec
from initlab.theory.law_variance import is_independent, law_variance
from initlab.theory.layers import Dense
from initlab.theory.network import SitePrediction, predict_layers
from initlab.train.program import split_validation
from initlab.train.records import Columns

SCATTER = "_scatter"


def make_predictions(
    runs: Sequence[RunSpec], network: Network, function: Callable[[Array], Array]
) -> Columns:
    """Returns a row for each site of each trial that theory has something to say of.

    It has nothing of convolutions, of laws that `law_variance` has no number for, of weights that
    are all zero, of biases that share a value other than zero, and of what a scheme changed.

    Args:
        runs: of one signature; trials are taken once.
        network: their model taken apart.
        function: their nonlinearity.
    """
    trials = {run.trial_id: run for run in runs}
    found = {trial: predict_trial(run, network, function) for trial, run in trials.items()}
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


def predict_trial(
    run: RunSpec, network: Network, function: Callable[[Array], Array]
) -> list[SitePrediction]:
    """Returns what is expected at each site of one trial, nothing where theory has no number."""
    if run.scheme.name != "none":
        return []
    layers: list[Dense] = []
    for stack in network.stacks:
        law = run.readout_law if stack is network.stacks[-1] else run.initializer
        variance = law_variance(law, stack.kernel_shape)
        bias = law_variance(run.bias_initializer, stack.kernel_shape)
        if not variance or bias is None:
            return []
        *window, fan_in, width = stack.kernel_shape
        if window:
            return []
        layers += [Dense(width, variance * fan_in, bias)] * stack.count
    square, correlation = input_moments(run.dataset, run.validation_fraction, run.inputs)
    rows = predict_layers(
        function, layers, input_second_moment=square, input_correlation=correlation
    )
    if is_independent(run.initializer) and is_independent(run.readout_law):
        return rows
    unknown = {name: math.nan for name in SitePrediction._fields if name.endswith(SCATTER)}
    return [row._replace(**unknown) for row in rows]


@cache
def input_moments(dataset: str, validation_fraction: float, inputs: Inputs) -> tuple[float, float]:
    """Returns mean square and mean cosine of two different inputs, of the training part."""
    images = load(dataset)
    train, _ = split_validation(images, validation_fraction)
    part = images.train_images[train]
    shift, scale = input_scaling(part, images.max_value, inputs)
    x: Float[np.ndarray, "train in"] = (part.reshape(len(part), -1) - shift) * scale
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    total = (unit.sum(axis=0) ** 2).sum()
    return float((x**2).mean()), float((total - len(x)) / (len(x) * (len(x) - 1)))
