"""Models put together from descriptions compute what their formulas say."""

import jax
import jax.numpy as jnp
import jax.test_util
import numpy as np
import pytest
from flax import nnx

from initlab.architectures.layers import (
    Activation,
    Auxiliary,
    Concatenation,
    Convolution,
    Dense,
    Dropout,
    LocalResponse,
    Norm,
    Pool,
    Repeat,
    Residual,
    ZeroChannels,
)
from initlab.architectures.module_paths import is_plain
from initlab.models import Pass, at, build_network
from initlab.models.assembled import Assembled

from .filling import filled

SHAPE = (6, 5, 3)
BLOCK = (Residual((Convolution(4), Norm("batch"), Activation(), Convolution(4))), Activation())


def network_of(*layers, activation=jnp.tanh):
    return build_network(layers, image_shape=SHAPE, activation=activation, dtype="float32")


def images(number=4, seed=1):
    return jnp.asarray(np.random.default_rng(seed).standard_normal((number, *SHAPE)), jnp.float32)


def convolved(x, layer, stride=1, padding="SAME"):
    kernel, bias = (layer[name][...] for name in ("kernel", "bias"))
    found = jax.lax.conv_general_dilated(
        x, kernel, (stride, stride), padding, dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    return found + bias


def observe(h, a):
    return jnp.stack([jnp.mean(h**2), jnp.nan if a is None else jnp.mean(a)])


def test_a_residual_net_is_what_its_formula_says():
    shortcut = (Pool("average", (1, 1), (2, 2)), ZeroChannels(6))
    branch = (Convolution(6, strides=(2, 2), padding=1), Norm("layer"), Activation())
    network = network_of(
        Convolution(4),
        Activation(),
        Residual((*branch, Convolution(6)), shortcut, scale=0.5),
        Activation(),
        Pool("global"),
        Dense(2),
    )
    parameters = filled(network)
    body = parameters["body"]
    x = jnp.tanh(convolved(images(), body["conv_1"]))
    inside = body["sum_1"]["branch"]
    h = convolved(x, inside["conv_1"], 2, [(1, 1), (1, 1)])
    normal = (h - h.mean(-1, keepdims=True)) / jnp.sqrt(h.var(-1, keepdims=True) + 1e-5)
    normal = normal * inside["norm_1"]["scale"][...] + inside["norm_1"]["bias"][...]
    h = convolved(jnp.tanh(normal), inside["conv_2"])
    kept = jnp.pad(x[:, ::2, ::2], ((0, 0), (0, 0), (0, 0), (0, 2)))
    total = kept + 0.5 * h
    readout = body["dense_1"]
    expected = jnp.tanh(total).mean((1, 2)) @ readout["kernel"][...] + readout["bias"][...]
    logits, seen = network.apply(parameters, images(), None, observe)
    assert np.asarray(logits) == pytest.approx(np.asarray(expected), rel=1e-4, abs=1e-5)
    names = ["conv_1", "conv_2", "norm_1", "conv_3", "sum_1", "readout"]
    assert [site.name for site in network.sites] == names
    assert float(seen[2, 0]) == pytest.approx(float((normal**2).mean()), rel=1e-4)
    assert float(seen[4, 0]) == pytest.approx(float((total**2).mean()), rel=1e-4)
    assert float(seen[4, 1]) == pytest.approx(float(jnp.tanh(total).mean()), rel=1e-4, abs=1e-5)
    assert np.isnan(seen[[1, 3, 5], 1]).all()


def test_a_block_that_is_repeated_is_that_block_several_times():
    repeated = network_of(Convolution(4), Repeat(3, BLOCK), Pool("global"), Dense(2))
    unrolled = network_of(Convolution(4), *BLOCK * 3, Pool("global"), Dense(2))
    assert [site.name for site in repeated.sites] == [site.name for site in unrolled.sites]
    scanned = filled(repeated)
    written = filled(unrolled)
    for index in range(3):
        block = scanned["body"]["repeat_1"]["block"]["sum_1"]
        own = jax.tree.map(lambda leaf, index=index: leaf[index], block)
        written["body"][f"sum_{index + 1}"] = own
    for name in ("conv_1", "dense_1"):
        written["body"][name] = scanned["body"][name]

    def measured(network, parameters):
        slots = jnp.ones((len(network.sites), 2))

        def loss(parameters, slots):
            logits, seen = network.apply(parameters, images(), slots, observe)
            return jnp.mean(logits**2), seen

        return jax.value_and_grad(loss, argnums=(0, 1), has_aux=True)(parameters, slots)

    (one, seen), (slopes, backward) = measured(repeated, scanned)
    (two, other_seen), (other_slopes, other_backward) = measured(unrolled, written)
    assert float(one) == pytest.approx(float(two), rel=1e-5)
    assert np.asarray(seen) == pytest.approx(np.asarray(other_seen), rel=1e-4, nan_ok=True)
    assert np.asarray(backward) == pytest.approx(np.asarray(other_backward), rel=1e-3, abs=1e-7)
    theirs = other_slopes["body"]["sum_2"]["branch"]["conv_2"]["kernel"][...]
    ours = at(slopes, ("body", "repeat_1", "block", "sum_1", "branch", "conv_2"))["kernel"][...][1]
    assert np.asarray(ours) == pytest.approx(np.asarray(theirs), rel=1e-3, abs=1e-6)


def test_a_plain_network_is_the_same_assembled():
    layers = (Convolution(3), Activation(), Repeat(2, (Convolution(3), Activation())), Dense(2))
    assert is_plain(layers)
    network = network_of(*layers)
    parameters = filled(network)
    sizes = {"image_shape": SHAPE, "activation": jnp.tanh, "dtype": "float32"}
    model = Assembled(layers=layers, rngs=nnx.Rngs(0), **sizes)
    nnx.update(model.body.conv_1, parameters["first"])
    nnx.update(model.body.repeat_1.block.conv_1, parameters["hidden"])
    nnx.update(model.body.dense_1, parameters["readout"])
    passing = Pass(observe=observe)
    logits, seen = network.apply(parameters, images(), None, observe)
    assert np.asarray(model(images(), passing)) == pytest.approx(np.asarray(logits), rel=1e-5)
    assert np.asarray(passing.seen) == pytest.approx(np.asarray(seen), rel=1e-5, nan_ok=True)


def test_layers_without_weights_are_what_their_formulas_say():
    network = network_of(
        LocalResponse(3, alpha=0.5, beta=0.75, k=2.0), Pool("norm", (2, 2)), Dense(2)
    )
    parameters = filled(network)
    x = np.asarray(images(), np.float64)
    squares = np.pad(x**2, ((0, 0), (0, 0), (0, 0), (1, 1)))
    x = x / (2 + 0.5 * (squares[..., :-2] + squares[..., 1:-1] + squares[..., 2:])) ** 0.75
    windows = x[:, :6, :4].reshape(4, 3, 2, 2, 2, 3)
    x = np.sqrt((windows**2).sum((2, 4)))
    layer = parameters["body"]["dense_1"]
    expected = x.reshape(4, -1) @ np.asarray(layer["kernel"][...]) + np.asarray(layer["bias"][...])
    logits, _ = network.apply(parameters, images())
    assert np.asarray(logits) == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_branches_are_joined_in_their_order():
    network = network_of(
        Concatenation(((Convolution(2), Activation()), (Pool("max", (3, 3), (1, 1), 1),))), Dense(2)
    )
    parameters = filled(network)
    branch = parameters["body"]["concat_1"]["branch_1"]["conv_1"]
    pooled = nnx.max_pool(images(), (3, 3), (1, 1), ((1, 1), (1, 1)))
    joined = jnp.concatenate([jnp.tanh(convolved(images(), branch)), pooled], axis=-1)
    layer = parameters["body"]["dense_1"]
    expected = joined.reshape(4, -1) @ layer["kernel"][...] + layer["bias"][...]
    logits, seen = network.apply(parameters, images(), None, observe)
    assert np.asarray(logits) == pytest.approx(np.asarray(expected), rel=1e-4, abs=1e-5)
    assert float(seen[1, 0]) == pytest.approx(float((joined**2).mean()), rel=1e-5)


def test_a_head_beside_answers_and_changes_nothing_on_the_way():
    first, rest = (Convolution(4), Activation()), (Pool("max"), Dense(2))
    network = network_of(*first, Auxiliary((Pool("global"), Dense(3)), 0.5), *rest)
    parameters = filled(network)
    passing = Pass(observe=observe)
    logits = network.passed(parameters, images(), passing)
    body = parameters["body"]
    x = jnp.tanh(convolved(images(), body["conv_1"]))
    own, last = body["auxiliary_1"]["branch"]["dense_1"], body["dense_1"]
    [(weight, answer)] = passing.answers
    expected = x.mean((1, 2)) @ own["kernel"][...] + own["bias"][...]
    assert weight == 0.5
    assert np.asarray(answer) == pytest.approx(np.asarray(expected), rel=1e-4, abs=1e-5)
    pooled = nnx.max_pool(x, (2, 2), (2, 2)).reshape(4, -1)
    expected = pooled @ last["kernel"][...] + last["bias"][...]
    assert np.asarray(logits) == pytest.approx(np.asarray(expected), rel=1e-4, abs=1e-5)
    assert [site.name for site in network.sites] == ["conv_1", "dense_2", "readout"]
    assert float(passing.seen[1, 0]) == pytest.approx(float((answer**2).mean()), rel=1e-4)


@pytest.mark.parametrize("kind", ["batch", "layer", "group"])
def test_normalization_is_that_of_flax(kind):
    network = network_of(Norm(kind, groups=3 if kind == "group" else 1), Dense(2))
    parameters = filled(network)
    scale, bias = (parameters["body"]["norm_1"][name][...] for name in ("scale", "bias"))
    theirs = {
        "batch": lambda: nnx.BatchNorm(3, use_running_average=False, rngs=nnx.Rngs(0)),
        "layer": lambda: nnx.LayerNorm(3, epsilon=1e-5, rngs=nnx.Rngs(0)),
        "group": lambda: nnx.GroupNorm(3, num_groups=3, epsilon=1e-5, rngs=nnx.Rngs(0)),
    }[kind]()
    theirs.scale.set_value(scale)
    theirs.bias.set_value(bias)
    layer = parameters["body"]["dense_1"]
    x = theirs(images()).reshape(4, -1)
    expected = x @ layer["kernel"][...] + layer["bias"][...]
    logits, _ = network.apply(parameters, images())
    assert np.asarray(logits) == pytest.approx(np.asarray(expected), rel=1e-4, abs=1e-4)


def test_a_pass_with_statistics_divides_by_these_and_not_by_its_own():
    network = network_of(Convolution(4), Repeat(2, BLOCK), Dense(2))
    parameters = filled(network)
    training = Pass()
    whole = network.passed(parameters, images(8), training)
    given = Pass(statistics=training.found)
    one = network.passed(parameters, images(8)[:1], given)
    assert np.asarray(one) == pytest.approx(np.asarray(whole[:1]), rel=1e-4, abs=1e-5)
    alone = network.passed(parameters, images(8)[:1], Pass())
    assert np.abs(np.asarray(alone - whole[:1])).max() > 0.1


def test_dropout_keeps_the_mean_and_nothing_is_dropped_without_a_key():
    network = network_of(Dropout(0.4), Dense(1))
    ones = jnp.ones((400, *SHAPE))
    parameters = jax.tree.map(lambda leaf: jnp.ones(leaf.shape), network.parameters)
    assert np.asarray(network.passed(parameters, ones, Pass())) == pytest.approx(91.0)
    dropped = network.passed(parameters, ones, Pass(key=jax.random.key(0)))
    # 36,000 values of mean 1 and variance 1 / 0.6 - 1, summed by 90.
    assert float(dropped.mean()) - 1 == pytest.approx(90, abs=5 * 90 * (0.667 / 36_000) ** 0.5)
    assert float(dropped.var()) == pytest.approx(90 * 0.667, rel=5 * (2 / 400) ** 0.5)


def test_gradients_agree_with_finite_differences():
    network = network_of(Convolution(4), Activation(), Repeat(2, BLOCK), Pool("max"), Dense(2))

    def loss(parameters):
        return jnp.mean(network.apply(parameters, images())[0] ** 2)

    jax.test_util.check_grads(loss, (filled(network),), order=1, modes=["rev"], rtol=2e-2)
