"""A linear probe finds what is linear in features, and chooses its penalty on held-out images."""

import numpy as np
import pytest

from initlab.analysis.layer_probes import ACROSS, layer_probes, probe_accuracy
from initlab.analysis.seen_images import Part, Seen


def parts(rng, features, sizes=(300, 100, 200)):
    """Features and labels of three parts; `features` makes them of labels."""
    labels = tuple(rng.integers(0, 3, size).astype(np.int32) for size in sizes)
    return [features(own) for own in labels], labels


def test_classes_that_a_line_parts_are_told_apart():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(3, 20)) * 10
    found = parts(rng, lambda labels: centres[labels] + rng.normal(size=(len(labels), 20)))
    assert probe_accuracy(*found) == 1.0


def test_features_that_know_nothing_leave_a_guess():
    rng = np.random.default_rng(0)
    found = parts(rng, lambda labels: rng.normal(size=(len(labels), 5)), (300, 100, 2_000))
    # A third, with a deviation of a hundredth.
    assert probe_accuracy(*found) == pytest.approx(1 / 3, abs=0.05)


def test_the_scale_of_a_feature_and_one_that_is_constant_change_nothing():
    rng = np.random.default_rng(0)
    features, labels = parts(rng, lambda own: np.eye(3)[own] + rng.normal(size=(len(own), 3)))
    scaled = [
        np.hstack([part * [1e-3, 1.0, 1e3] + 5, np.ones((len(part), 1))]) for part in features
    ]
    assert probe_accuracy(scaled, labels) == probe_accuracy(features, labels)


def test_the_penalty_is_chosen_on_held_out_images():
    rng = np.random.default_rng(0)

    def noisy(labels):  # few images, many features: least squares alone learns noise
        signal = np.eye(3)[labels] @ np.ones((3, 280)) * 0
        signal[:, :3] = 2 * np.eye(3)[labels]
        return signal + rng.normal(size=(len(labels), 280))

    features, labels = parts(rng, noisy, (300, 300, 600))
    weak = probe_accuracy(
        [features[0], features[0], features[2]], (labels[0], labels[0], labels[2])
    )
    assert probe_accuracy(features, labels) > weak + 0.05


def test_maps_are_seen_as_means_of_blocks():
    rng = np.random.default_rng(0)

    def part(number):
        labels = rng.integers(0, 2, number).astype(np.int32)
        images = rng.normal(size=(number, 8, 8, 1)).astype(np.float32)
        images[:, :2, :2] += 8.0 * labels[:, None, None, None]  # a block of 2 by 2 of 16
        return Part(images, labels)

    checkpoint = {
        "first/kernel": np.zeros((3, 3, 1, 2), np.float32),
        "first/bias": np.zeros(2, np.float32),
        "readout/kernel": rng.normal(size=(8 * 8 * 2, 2)).astype(np.float32),
        "readout/bias": np.zeros(2, np.float32),
    }
    found = layer_probes(checkpoint, Seen(part(200), part(100), part(100)))
    assert ACROSS == 4
    assert list(found) == ["image", "conv_1", "readout"]
    assert found["image"] == 1.0
    assert found["conv_1"] < 0.75  # a layer that is silent
