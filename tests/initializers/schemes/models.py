"""Models that schemes are tried on: the lab's perceptron, and a small net of convolutions."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import optax

from initlab.architectures.families import FAMILIES
from initlab.architectures.layers import Activation, Convolution, Dense
from initlab.architectures.recipe import Recipe
from initlab.initializers import INITIALIZERS, Batch
from initlab.initializers.schemes.base import Visited
from initlab.models import LossModel, build_network
from initlab.theory.unit_weights import unit_weights

CLASSES = 10
IMAGE = (8, 8, 1)


def cross_entropy(logits, labels):
    return jnp.mean(optax.softmax_cross_entropy_with_integer_labels(logits, labels))


def perceptron(depth, activation, width=24):
    layers = FAMILIES["mlp"].layers(Recipe(IMAGE, CLASSES, depth, width))
    network = build_network(layers, image_shape=IMAGE, activation=activation, dtype="float32")
    return LossModel(network, cross_entropy)


@dataclass(frozen=True)
class Convolutions:
    """Two convolutions, the first without a bias, and a dense readout; parameters are a tuple."""

    activation: object

    def shapes(self):
        return ((3, 3, 1, 6), False), ((3, 3, 6, 5), True), ((5 * 64, CLASSES), True)

    def layers(self, parameters):
        return tuple(jax.tree.map(lambda array: array[None], layer) for layer in parameters)

    def with_layers(self, parameters, layers):
        return tuple(jax.tree.map(lambda array: array[0], layer) for layer in layers)

    def unit_weights(self):
        rectified = Activation(self.activation)
        layers = [Convolution(6), rectified, Convolution(5), rectified, Dense(CLASSES)]
        with jax.ensure_compile_time_eval():
            return unit_weights(layers, IMAGE)

    def visit(self, parameters, inputs, visit):
        x, changed, found = inputs, [], []
        for layer in parameters:
            if layer["kernel"].ndim == 2:
                x = x.reshape(len(x), -1)

            def preactivation(layer, x=x):
                if layer["kernel"].ndim == 2:
                    h = x @ layer["kernel"]
                else:
                    dimensions = ("NHWC", "HWIO", "NHWC")
                    h = jax.lax.conv_general_dilated(
                        x, layer["kernel"], (1, 1), "SAME", dimension_numbers=dimensions
                    )
                return h + layer.get("bias", 0.0)

            layer, h, own = visit(layer, preactivation)
            changed.append(layer)
            found.append(own)
            x = self.activation(h)
        return Visited(tuple(changed), jnp.stack(found), h)

    def logits(self, parameters, inputs):
        def visit(layer, preactivation):
            return layer, preactivation(layer), jnp.zeros(())

        return self.visit(parameters, inputs, visit).logits

    def loss(self, parameters, batch):
        return cross_entropy(self.logits(parameters, batch.inputs), batch.labels)


def drawn(model, law="he_normal", *, seed=0, bias=0.0, **numbers):
    """Parameters of a model, every kernel of one law and every bias Gaussian of one deviation."""
    init = INITIALIZERS[law](**numbers)
    keys = iter(jax.random.split(jax.random.key(seed), 1000))

    def layer(shape, has_bias, count=None):
        stack = (count,) if count else ()
        made = jax.vmap(lambda key: init(key, shape))(jax.random.split(next(keys), count or 1))
        arrays = {"kernel": made if count else made[0]}
        if has_bias:
            arrays["bias"] = bias * jax.random.normal(next(keys), (*stack, shape[-1]))
        return arrays

    if isinstance(model, Convolutions):
        return tuple(layer(shape, has_bias) for shape, has_bias in model.shapes())
    stacks = [layer(stack.kernel_shape, True, stack.count) for stack in model.network.stacks]
    return model.with_layers(model.network.parameters, tuple(stacks))


def images(number=64, seed=5, size=1.0):
    """A batch of images whose pixels hang together, as those of pictures do."""
    key, other = jax.random.split(jax.random.key(seed))
    coarse = jax.random.normal(key, (number, 4, 4, 1))
    smooth = jax.image.resize(coarse, (number, *IMAGE), "linear")
    labels = jax.random.randint(other, (number,), 0, CLASSES)
    return Batch(size * smooth, labels)


def observed(model, parameters, inputs, statistic):
    """A statistic of every layer's preactivation, `(layer, ...)`."""

    def visit(layer, preactivation):
        h = preactivation(layer)
        return layer, h, statistic(h)

    return np.asarray(jax.jit(lambda p, x: model.visit(p, x, visit).found)(parameters, inputs))


def applied(scheme, model, parameters, batch, seed=0):
    """What a scheme makes of parameters, compiled."""
    run = jax.jit(lambda parameters, batch, key: scheme(model, parameters, batch, key))
    return run(parameters, batch, jax.random.key(seed))
