"""Features, other image sizes, dense layers as convolutions: held against the network itself."""

import jax.numpy as jnp
import numpy as np
import pytest

from initlab.activations import ACTIVATIONS
from initlab.models import Pass, build_network
from initlab.spec.architecture import layers_of, recipe_of
from initlab.spec.parameters import STATISTICS, layer_parameters
from initlab.spec.schema import RunSpec
from initlab.train.parameters import fill
from initlab.train.trained import features, logit_maps

NETS = {
    "perceptron": RunSpec(depth=4, width=16),
    "convnet": RunSpec(model="convnet", depth=5, width=4),
    "narrowing": RunSpec(model="convnet", depth=3, width=4, padding="valid"),
    "textbook": RunSpec(model="textbook", width=4),
    "normalized": RunSpec(model="vgg11", width=4, norm="batch", dataset="fashion", image_size=14),
    "lenet": RunSpec(model="lenet", dataset="fashion", image_size=14),
}
# Sums of a few hundred products of numbers about 1, in float32, in another order.
CLOSE = {"rtol": 1e-3, "atol": 1e-4}


def arrays_of(run):
    """Arrays of a checkpoint, drawn; statistics are of a mean about 0 and a variance about 1."""
    rng = np.random.default_rng(7)
    found = {}
    for own in layer_parameters(run):
        for each in own:
            scale = 1 / np.sqrt(np.prod(each.shape[:-1])) if each.name.endswith("kernel") else 0.1
            values = scale * rng.standard_normal(each.shape)
            if each.path[-1] == STATISTICS:
                values[1] = 1 + np.abs(values[1])
            found[each.name] = values.astype(np.float32)
    return found


def images_of(run, number=3, larger=0):
    *places, channels = recipe_of(run).image_shape
    shape = (number, *(size + larger for size in places), channels)
    return np.random.default_rng(3).standard_normal(shape).astype(np.float32)


def logits_of(run, arrays, images):
    """What the network itself answers, its repeated layers scanned."""
    network = build_network(
        layers_of(run),
        image_shape=recipe_of(run).image_shape,
        activation=ACTIVATIONS["relu"].function,
        dtype="float32",
    )
    stacked, statistics = {}, []
    for own in layer_parameters(run):
        for each in own:
            if each.path[-1] == STATISTICS:
                statistics.append(arrays[each.name])
            elif each.copy is None:
                stacked[each.path] = arrays[each.name]
            else:
                stacked.setdefault(each.path, []).append(arrays[each.name])
    parameters = fill(network, {path: np.array(values) for path, values in stacked.items()})
    passing = Pass(statistics=[jnp.array(one) for one in statistics])
    return np.asarray(network.passed(parameters, jnp.asarray(images), passing))


@pytest.mark.parametrize("name", NETS)
def test_the_readout_of_the_last_features_is_the_networks_answer(name):
    run = NETS[name]
    arrays, images = arrays_of(run), images_of(run)
    last = len(layer_parameters(run)) - 1
    found = features(run, arrays, images, layer=last)
    if name in ("perceptron", "convnet", "narrowing", "normalized", "lenet"):
        kernel, bias = (arrays[each.name] for each in layer_parameters(run)[-1][:2])
        np.testing.assert_allclose(found @ kernel + bias, logits_of(run, arrays, images), **CLOSE)
    raw = features(run, arrays, images, layer=last, rectified=False)
    np.testing.assert_array_equal(found, np.maximum(raw, 0))
    assert (raw < 0).any()
    logits = features(run, arrays, images, layer=last + 1, rectified=False)
    np.testing.assert_allclose(logits, logits_of(run, arrays, images), **CLOSE)


def test_pooled_features_are_means_over_places():
    run = NETS["convnet"]
    arrays, images = arrays_of(run), images_of(run)
    whole = features(run, arrays, images, layer=2)
    pooled = features(run, arrays, images, layer=2, pooled=True)
    assert whole.shape == (3, 8 * 8 * 4)
    np.testing.assert_allclose(pooled, whole.reshape(3, 64, 4).mean(axis=1), rtol=1e-5)


def test_convolutions_take_images_of_another_size():
    run = NETS["convnet"]
    arrays = arrays_of(run)
    larger = images_of(run, larger=4)
    whole = features(run, arrays, larger, layer=1).reshape(3, 12, 12, 4)
    part = features(run, arrays, larger[:, :8, :8], layer=1).reshape(3, 8, 8, 4)
    # Beyond a tap of the border neither sees what the other lacks.
    np.testing.assert_allclose(whole[:, :7, :7], part[:, :7, :7], **CLOSE)


@pytest.mark.parametrize("name", NETS)
def test_dense_layers_are_the_convolutions_that_equal_them(name):
    run = NETS[name]
    arrays, images = arrays_of(run), images_of(run)
    maps = logit_maps(run, arrays, images)
    assert maps.shape == (3, 1, 1, run.outputs)
    np.testing.assert_allclose(maps[:, 0, 0], logits_of(run, arrays, images), **CLOSE)


@pytest.mark.parametrize("name", ["perceptron", "narrowing"])
def test_of_larger_images_each_place_is_the_answer_to_its_window(name):
    run = NETS[name]
    arrays, images = arrays_of(run), images_of(run, larger=2)
    maps = logit_maps(run, arrays, images)
    assert maps.shape == (3, 3, 3, 10)
    for down in range(3):
        for right in range(3):
            window = images[:, down : down + 8, right : right + 8]
            np.testing.assert_allclose(
                maps[:, down, right], logits_of(run, arrays, window), **CLOSE
            )


def test_what_cannot_be_had_is_refused():
    run = NETS["convnet"]
    arrays, images = arrays_of(run), images_of(run)
    with pytest.raises(
        ValueError, match=r"^`layer` must be one at which .* \(1, 2, 3, 4, 5\), got 6"
    ):
        features(run, arrays, images, layer=6)
    with pytest.raises(ValueError, match=r"^no nonlinearity follows layer 5: take it as it is\.$"):
        features(run, arrays, images, layer=5)
    other = {name: array for name, array in arrays.items() if name != "hidden/0/kernel"}
    other |= {"readout/kernel": arrays["readout/kernel"].T, "hidden/0/scale": arrays["first/bias"]}
    with pytest.raises(ValueError, match=r"^`arrays` do not fit the run's network: lacks ") as told:
        features(run, other, images, layer=1)
    assert str(told.value) == (
        "`arrays` do not fit the run's network: lacks hidden/0/kernel of shape (3, 3, 4, 4); "
        "readout/kernel has shape (10, 256), and the model needs (256, 10); has hidden/0/scale, "
        "which the model lacks."
    )
    nin, deep = RunSpec(model="nin", width=12), RunSpec(model="resnet20", width=4)
    with pytest.raises(ValueError, match=r"^a global pooling takes images of any size as it is\.$"):
        logit_maps(nin, arrays_of(nin), images_of(nin))
    with pytest.raises(ValueError, match=r"at which all branches meet \(1, 3, "):
        features(deep, arrays_of(deep), images_of(deep), layer=2)
