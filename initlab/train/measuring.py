"""What a step measures: at every site, of every weight layer, and on images that do not train."""

from functools import partial

import jax
import jax.numpy as jnp
from jax import Array

from initlab.measure.gradient import global_norm
from initlab.measure.histogram import BINS, activation_histogram
from initlab.measure.only_if import only_if
from initlab.measure.site import (
    COSTLY,
    MOMENTS,
    SHAPE,
    site_moments,
    site_statistics,
    steepest_slope,
)
from initlab.measure.weights import KERNEL, SYMMETRY, weight_statistics
from initlab.models import Observe, Parameters, Pass, at
from initlab.models.passing import Statistics
from initlab.train.state import Flags, Images, Measurement, Numbers, RunState
from initlab.train.task import Task


def observer(task: Task, flags: Flags) -> Observe:
    """Returns what is computed at every site of a step."""
    steepest = steepest_slope(task.function) if task.everything else 1.0
    names = MOMENTS + SHAPE + COSTLY if task.everything else MOMENTS

    # Traced once for each shape, and written out at each site as if it were traced there.
    @partial(jax.jit, inline=True)
    def observed(h: Array, a: Array | None, measured: Array, spectral: Array) -> Array:
        def measure() -> Array:
            if not task.everything:
                return site_moments(h, a)
            return site_statistics(h, a, task.function, steepest, spectral)

        return only_if(measured, measure, names, h.dtype)

    def observe(preactivation: Array, activation: Array | None) -> Array:
        h, a = jax.lax.stop_gradient((preactivation, activation))
        row: Array = observed(h, a, flags.measured, flags.spectral)
        return row

    return observe


def measured(
    task: Task,
    state: RunState,
    gradient: Parameters,
    inputs: Array,
    numbers: Numbers,
    flags: Flags,
    end: Array,
) -> Measurement:
    """Returns what is measured of the weights, and the histograms that are kept."""
    found: Measurement = {}
    if task.everything:
        found["gradient_norm"] = only_if(
            flags.measured, lambda: global_norm(gradient)[None], ("norm",), jnp.float32
        )[0]
        found["weights"] = only_if(
            flags.measured,
            lambda: _weights(task, state, gradient, numbers, flags.spectral),
            KERNEL + SYMMETRY,
            task.spec.dtype,
            len(task.network.sites),
        )
    if "histograms" in task.spec.measure.keep:
        found["histograms"] = only_if(
            end,
            lambda: _histograms(task, state.parameters, inputs),
            BINS,
            jnp.float32,
            len(task.network.sites),
        )
    return found


def evaluated(
    task: Task,
    parameters: Parameters,
    statistics: Statistics,
    numbers: Numbers,
    images: Images,
    flags: Flags,
) -> Measurement:
    """Returns loss and accuracy on the test and the validation part, where spectral."""
    if not task.everything:
        return {}
    parts = {"test": (images.test, images.test_labels)}
    if len(images.validation):
        parts["validation"] = (images.validation, images.validation_labels)
    found: Measurement = {}
    for part, (pixels, labels) in parts.items():

        def measure(pixels: Array = pixels, labels: Array = labels) -> Array:
            passing = Pass(statistics=statistics)
            logits = task.network.passed(parameters, task.scaled(pixels, numbers), passing)
            return jnp.stack(task.losses(logits, labels))

        names = (f"{part}_loss", f"{part}_accuracy")
        loss, accuracy = only_if(flags.spectral, measure, names, jnp.float32)
        found |= dict(zip(names, (loss, accuracy), strict=True))
    return found


def _weights(
    task: Task, state: RunState, gradient: Parameters, numbers: Numbers, spectral: Array
) -> Array:
    """Returns the statistics of the weight layer of every site, `(site, statistic)`."""
    # Computed here again, so that a step that is not measured never has to store it.
    update, _ = task.update(state, gradient, numbers)

    def one(arrays: tuple[Array, Array, Array]) -> Array:
        kernel, slope, change = arrays
        return weight_statistics(kernel, slope, change, spectral)

    rows = []
    for stack in task.network.stacks:
        trees = (state.parameters, gradient, update)
        kernel, slope, change = (jnp.asarray(at(t, (*stack.path, "kernel"))[...]) for t in trees)
        arrays = (kernel, slope, change)
        rows.append(jax.lax.map(one, arrays) if stack.stacked else one(arrays)[None])
    return task.network.at_sites(jnp.concatenate(rows))


def _histograms(task: Task, parameters: Parameters, inputs: Array) -> Array:
    """Returns a histogram of the activations of every site, `(site, bin)`."""

    def observe(preactivation: Array, activation: Array | None) -> Array:
        return activation_histogram(preactivation if activation is None else activation)

    _, histograms = task.network.apply(parameters, inputs, None, observe)
    return jnp.asarray(histograms)
