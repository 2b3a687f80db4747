"""A second training loop, step by step in JAX and optax, to compare the compiled one with."""

import itertools
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from initlab.data import input_scaling, load, stratified_choice
from initlab.initializers import INITIALIZERS
from initlab.train.batches import make_batches
from initlab.train.devices import run_mesh
from initlab.train.keys import BIAS, KERNEL, purpose_key


class Trained(NamedTuple):
    """What came of one run.

    Attributes:
        losses: `(step,)` training losses.
        variances: `(step, layer, 2)` of each kernel and of its gradient.
        held_out: part to `(first and last step, 2)`: loss and accuracy.
        kernels: every kernel, at the first and at the last step.
        activations: those of every site on the batch, at the first and at the last step.
    """

    losses: np.ndarray
    variances: np.ndarray
    held_out: dict[str, np.ndarray]
    kernels: list[list[np.ndarray]]
    activations: list[list[np.ndarray]]


def plain_parameters(run):
    images = load(run.dataset, run.image_size)
    sizes = [images.train_images[0].size, *[run.width] * (run.depth - 1), 10]
    parameters = []
    for layer, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes), start=1):
        law = run.readout_law if layer == run.depth else run.initializer
        draw = INITIALIZERS[law.name](**law.arguments())
        seed = jnp.uint32(run.seed)
        kernel = draw(jax.random.fold_in(purpose_key(seed, KERNEL), layer), (fan_in, fan_out))
        bias_law = INITIALIZERS[run.bias_initializer.name](**run.bias_initializer.arguments())
        bias = bias_law(jax.random.fold_in(purpose_key(seed, BIAS), layer), (fan_in, fan_out))[0]
        parameters.append((kernel, bias))
    return parameters


def plain_parts(run):
    """Returns the inputs, scaled by the training part, and the labels of every part."""
    images = load(run.dataset, run.image_size)
    validating = np.zeros(len(images.train_labels), np.bool_)
    number = round(run.validation_fraction * len(validating))
    if number:
        validating[stratified_choice(images.train_labels, number, seed=0)] = True
    train = images.train_images[~validating]
    shift, scale = input_scaling(train, images.max_value, run.inputs)

    def scaled(pixels):
        return (
            jnp.asarray(pixels.reshape(len(pixels), train[0].size), jnp.float32) - shift
        ) * scale

    return {
        "train": (scaled(train), images.train_labels[~validating]),
        "validation": (
            scaled(images.train_images[validating]),
            images.train_labels[validating],
        ),
        "test": (scaled(images.test_images), images.test_labels),
    }


def forward(parameters, x):
    """Returns the activations of every hidden site, and the logits last."""
    sites = []
    for kernel, bias in parameters[:-1]:
        x = jnp.tanh(x @ kernel + bias)
        sites.append(x)
    return [*sites, x @ parameters[-1][0] + parameters[-1][1]]


def loss_of(parameters, x, labels, kind):
    logits = forward(parameters, x)[-1]
    if kind == "mse":
        return 0.5 * jnp.mean(jnp.sum((logits - jax.nn.one_hot(labels, 10)) ** 2, axis=1))
    return -jnp.mean(jax.nn.log_softmax(logits)[jnp.arange(len(labels)), labels])


slope_of = jax.jit(jax.value_and_grad(loss_of), static_argnums=3)


def plain_loop(run, optimizer):
    """Trains a tanh run step by step."""
    parts = plain_parts(run)
    inputs, labels = parts["train"]
    batches = make_batches(len(labels), run.batch_size, 32, run_mesh())
    chosen = np.asarray(batches(np.array([run.seed, run.seed], np.uint32), 0))[0]
    parameters = plain_parameters(run)
    state = optimizer.init(parameters)
    losses, variances, kernels, activations = [], [], [], []
    held_out = {part: [] for part in ("test", "validation") if len(parts[part][1])}
    for step in range(run.steps + 1):
        batch = inputs[chosen[step]], labels[chosen[step]]
        loss, gradient = slope_of(parameters, *batch, run.loss)
        losses.append(float(loss))
        pairs = zip(parameters, gradient, strict=True)
        variances.append([[float(k.var()), float(g.var())] for (k, _), (g, _) in pairs])
        if step in (0, run.steps):
            kernels.append([np.asarray(kernel) for kernel, _ in parameters])
            activations.append([np.asarray(site) for site in forward(parameters, batch[0])])
            for part, rows in held_out.items():
                x, truth = parts[part]
                guesses = np.asarray(forward(parameters, x)[-1]).argmax(axis=1)
                rows.append([float(loss_of(parameters, x, truth, run.loss))])
                rows[-1].append(float((guesses == truth).mean()))
        update, state = optimizer.update(gradient, state, parameters)
        parameters = optax.apply_updates(parameters, update)
    held_out = {part: np.array(rows) for part, rows in held_out.items()}
    return Trained(np.array(losses), np.array(variances), held_out, kernels, activations)
