"""Frozen layers stay bit for bit, and learning rates are multiplied layer by layer."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.architectures.families import FAMILIES, Family
from initlab.architectures.layers import Activation, Convolution, Dense, Norm, Repeat
from initlab.data import input_scaling, load
from initlab.laws import make_laws
from initlab.models import Pass
from initlab.spec.parameters import layer_parameters
from initlab.spec.plan import Group
from initlab.train.batches import make_batches
from initlab.train.devices import run_mesh
from initlab.train.group import GroupTrainer, Laws
from initlab.train.named_arrays import NamedArrays
from initlab.train.program import network_of
from tests.train.conftest import of_run, variant

KEEP = {"steps": "every", "statistics": "moments", "keep": ["checkpoint"]}


def kept(train, *runs):
    found = train(*runs).checkpoints
    return [found[run.run_id] for run in runs]


def layer_of(name):
    return name.rpartition("/")[0]


def moved(one, other):
    """Returns the layers whose arrays differ in a bit."""
    return {layer_of(name) for name in one if one[name].tobytes() != other[name].tobytes()}


@pytest.mark.parametrize(
    "fields",
    [
        {"optimizer": "momentum", "weight_decay": 0.1},
        {"optimizer": "adam", "weight_decay": 0.1, "gradient_clip": 0.5},
    ],
)
def test_frozen_layers_keep_every_bit(train, fields):
    fields = fields | {"measure": KEEP}
    begun = variant(**fields, frozen_layers=4)
    runs = [variant(**fields, frozen_layers=number) for number in (1, 2, 3)]
    start, *ends = kept(train, begun, *runs)
    assert moved(start, ends[0]) == {"hidden/0", "hidden/1", "readout"}
    assert moved(start, ends[1]) == {"hidden/1", "readout"}
    assert moved(start, ends[2]) == {"readout"}


def test_a_bound_on_the_gradient_is_of_what_learns(train):
    fields = {"measure": KEEP, "optimizer": "sgd", "gradient_clip": 1e-3, "steps": 1}
    fields |= {"frozen_layers": 3}
    begun, run = variant(**fields | {"frozen_layers": 4}), variant(**fields)
    start, end = kept(train, begun, run)
    update = np.concatenate([(end[name] - start[name]).ravel() for name in start])
    # The gradient is cut to the bound: rate times bound, to float32's digits of the weights.
    assert np.linalg.norm(update) == pytest.approx(0.1 * 1e-3, rel=1e-2)


def test_the_heads_rate_is_multiplied(train):
    fields = {"measure": KEEP, "optimizer": "sgd", "steps": 1}
    begun = variant(**fields, frozen_layers=4)
    still, twice, tenfold = (
        variant(**fields, head_learning_rate_multiplier=factor) for factor in (0.0, 2.0, 20.0)
    )
    start, one, two, ten = kept(train, begun, still, twice, tenfold)
    assert moved(start, one) == {"first", "hidden/0", "hidden/1"}
    head = "readout/kernel"
    steps = [end[head] - start[head] for end in (two, ten)]
    np.testing.assert_allclose(steps[1], 10 * steps[0], atol=1e-5)
    assert moved(two, ten) == {"readout"}
    [plain] = kept(train, variant(**fields))
    np.testing.assert_allclose(two[head] - start[head], 2 * (plain[head] - start[head]), atol=1e-5)
    np.testing.assert_allclose(two["first/kernel"], plain["first/kernel"], atol=1e-6)


def test_rates_are_multiplied_layer_by_layer(train):
    fields = {"measure": KEEP, "optimizer": "sgd", "steps": 1}
    factors = {"first": 0.0, "hidden/0": 0.5, "hidden/1": 1.0, "readout": 3.0}
    begun = variant(**fields, frozen_layers=4)
    run = variant(**fields, learning_rate_multipliers=[*factors.values()])
    start, end = kept(train, begun, run)
    [plain] = kept(train, variant(**fields))
    for layer, factor in factors.items():
        step, usual = (one[f"{layer}/kernel"] - start[f"{layer}/kernel"] for one in (end, plain))
        assert np.abs(usual).max() > 1e-4
        np.testing.assert_allclose(step, factor * usual, atol=1e-6)
    assert moved(start, end) == set(factors) - {"first"}


def test_a_multiplier_of_one_is_no_choice():
    assert variant(head_learning_rate_multiplier=1.0).run_id == variant().run_id


def normalized(recipe):
    block = (Convolution(recipe.width), Norm("batch"), Activation())
    return (*block, Repeat(recipe.depth - 2, block), Dense(recipe.classes))


@pytest.fixture
def normalized_runs(monkeypatch):
    """Runs of a normalized network that start from arrays of their own."""
    monkeypatch.setitem(FAMILIES, "convnet", Family(normalized, norm="batch"))
    fields = {"model": "convnet", "norm": "batch", "width": 3, "depth": 5, "measure": KEEP}
    fields["initializer"] = {"name": "pretrained", "checkpoint": "x", "sha256": "0" * 64}
    rng = np.random.default_rng(0)
    run = variant(**fields)
    own = {
        each.name: rng.uniform(0.2, 1.0, each.shape).astype(np.float32)
        for layer in layer_parameters(run)
        for each in layer
    }
    own["body/conv_1/bias"][0] = -0.0  # to which 0.0 adds up to 0.0
    laws = make_laws(None)
    trainer = GroupTrainer(Laws(laws.activation, laws.initializer, lambda run: own))
    return lambda **more: variant(**fields, **more), own, trainer


def test_frozen_normalizations_keep_their_statistics(normalized_runs):
    make, own, trainer = normalized_runs
    runs = (make(frozen_layers=2), make(frozen_layers=5))
    result = trainer(Group(runs), lambda steps: None)
    some, whole = (result.checkpoints[run.run_id] for run in runs)
    assert moved(own, whole) == set()
    frozen = {layer_of(name) for name in own if "/0/" in name or name.startswith("body/conv_1/")}
    frozen |= {"body/norm_1"}
    assert moved(own, some) == {layer_of(name) for name in own} - frozen
    name = "body/repeat_1/block/norm_1/1/statistics"
    assert not np.array_equal(own[name], some[name])


def test_frozen_normalizations_divide_by_their_statistics(normalized_runs):
    make, own, trainer = normalized_runs
    run = make(frozen_layers=5)
    result = trainer(Group((run,)), lambda steps: None)
    images = load("digits")
    network = network_of(run, jnp.tanh, images)

    def stacked(leaf):
        return np.zeros((1, *leaf.shape), leaf.dtype)

    named = NamedArrays(
        run, jax.tree.map(stacked, network.parameters), jax.tree.map(stacked, network.statistics)
    )
    for each in (each for layer in layer_parameters(run) for each in layer):
        named.put(each, 0, own[each.name])
    parameters, statistics = jax.tree.map(
        lambda leaf: jnp.asarray(leaf[0]), (named.parameters(network), named.statistics)
    )
    shift, scale = input_scaling(images.train_images, images.max_value, run.inputs)
    batches = make_batches(len(images.train_labels), run.batch_size, 32, run_mesh())
    chosen = np.asarray(batches(np.array([run.seed] * 2, np.uint32), 0))[0]
    losses = []
    for batch in chosen[: run.steps + 1]:
        inputs = jnp.asarray((images.train_images[batch] - shift) * scale, "float32")
        logits = network.passed(parameters, inputs, Pass(statistics=statistics))
        picked = jax.nn.log_softmax(logits)[np.arange(len(batch)), images.train_labels[batch]]
        losses.append(-float(picked.mean()))
    # Float32 sums in another order.
    assert of_run(result.steps, run)["train_loss"] == pytest.approx(losses, rel=1e-4)


def test_frozen_random_normalizations_keep_the_first_batchs_statistics(normalized_runs):
    make, _, trainer = normalized_runs
    drawn = {"initializer": "lecun_normal", "frozen_layers": 5}
    short, long = (
        variant(**{**{n: getattr(make(), n) for n in type(make()).model_fields}, **drawn, **more})
        for more in ({"steps": 1}, {"steps": 6})
    )
    ends = [
        trainer(Group((run,)), lambda steps: None).checkpoints[run.run_id] for run in (short, long)
    ]
    assert moved(*ends) == set()
    assert (ends[0]["body/norm_1/statistics"][1] > 0).all()
