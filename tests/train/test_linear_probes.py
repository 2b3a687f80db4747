"""The linear probe: what it stores is what a classifier on the layer's own features comes to."""

import jax.numpy as jnp
import numpy as np
import pytest

from initlab.data import load, stratified_choice
from initlab.train.linear import Labelled, fit_linear
from tests.train.conftest import variant
from tests.train.plain_loop import plain_parameters


def test_each_layer_is_classified_as_it_is_and_rectified(train):
    run = variant(
        steps=0,
        activation="relu",
        probes=["linear"],
        measure={"statistics": "moments"},
        validation_fraction=0.9,
    )
    kept = train(run).arrays[f"linear_accuracy/{run.run_id}"]
    assert kept.shape == (run.depth - 1, 2, 2, 2)
    np.testing.assert_array_equal(kept[:, :, 0], kept[:, :, 1])  # of places there are none
    images = load(run.dataset)
    held = stratified_choice(images.train_labels, round(0.9 * len(images.train_labels)), seed=0)
    own = np.setdiff1d(np.arange(len(images.train_labels)), held)
    pixels = images.train_images[own]
    kernel, bias = plain_parameters(run)[0]

    def features(part):
        x = jnp.asarray((part.reshape(len(part), -1) - pixels.mean()) / pixels.std(), jnp.float32)
        return np.asarray(x @ kernel + bias)

    parts = [
        (features(pixels), images.train_labels[own]),
        (features(images.train_images[held]), images.train_labels[held]),
        (features(images.test_images), images.test_labels),
    ]
    for place, change in enumerate((lambda x: x, lambda x: np.maximum(x, 0))):
        labelled = [Labelled(change(x), labels) for x, labels in parts]
        for kind, accuracy in zip(("svm", "softmax"), kept[0, place, 0], strict=True):
            wanted = fit_linear(kind, *labelled).test_accuracy
            # Features differ by rounding: one image of 360 may be told otherwise.
            assert accuracy == pytest.approx(wanted, abs=1.5 / 360)


def test_of_a_convolution_all_places_are_more_than_their_mean(train):
    run = variant(
        model="convnet",
        depth=3,
        width=4,
        steps=0,
        probes=["linear"],
        measure={"statistics": "moments"},
        validation_fraction=0.8,
    )
    kept = train(run).arrays[f"linear_accuracy/{run.run_id}"]
    assert kept.shape == (2, 2, 2, 2)
    assert (kept[:, :, 0] > kept[:, :, 1] + 0.1).all()
    assert (kept > 0.1).all()
