"""A linear probe at every layer: how well its output alone tells the classes apart."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float, Int32

from initlab.analysis.layer_outputs import layer_outputs
from initlab.analysis.seen_images import Seen

ACROSS = 4  # places of a map along each axis that a probe sees, each the mean of a block
PENALTIES = (1e-3, 1e-2, 1e-1, 1.0)  # over the mean variance of a feature
IMAGE = "image"

type Features = Float[np.ndarray, "_ feature"]
type Labels = Int32[np.ndarray, " _"]


def layer_probes(
    checkpoint: Mapping[str, np.ndarray[Any, np.dtype[Any]]], seen: Seen
) -> dict[str, float]:
    """Returns the test accuracy of a linear probe at the image and at each layer, by name.

    A probe sees maps as the means of 4 by 4 blocks. It is a least-squares fit to the classes with
    the penalty that serves the validation part best.

    Args:
        checkpoint: of a run of `layer_outputs.can_be_passed`.
        seen: its images, some held out; their sides are whole multiples of 4.

    References:
        Alain and Bengio, Understanding intermediate layers using linear classifier probes,
        arXiv:1610.01644, whose probes are trained by gradients and see maps whole.
    """
    parts = (seen.train, seen.validation, seen.test)
    ends = np.cumsum([len(part.images) for part in parts])[:-1]
    inputs = np.concatenate([part.images for part in parts])
    labels = tuple(part.labels for part in parts)
    found = {}
    for name, outputs in ((IMAGE, inputs), *layer_outputs(checkpoint, inputs)):
        features = _features(outputs)
        found[name] = probe_accuracy(np.split(features, ends), labels)
    return found


def probe_accuracy(features: list[Features], labels: tuple[Labels, ...]) -> float:
    """Returns the share of test images that a linear classifier of features tells right.

    Args:
        features: of the images to fit, to choose the penalty by, and to test.
        labels: of the same.
    """
    mean, deviation = features[0].mean(axis=0), features[0].std(axis=0)
    scaled = [(part - mean) / np.where(deviation > 0, deviation, 1.0) for part in features]
    fit, held, test = (np.hstack([part, np.ones((len(part), 1))]) for part in scaled)
    targets = np.eye(int(labels[0].max()) + 1)[labels[0]]
    gram, product = fit.T @ fit / len(fit), fit.T @ targets / len(fit)
    penalised = np.eye(len(gram))
    penalised[-1, -1] = 0.0  # the constant goes free
    best, accuracy = -1.0, 0.0
    for penalty in PENALTIES:
        weights = np.linalg.solve(gram + penalty * penalised, product)
        score = _right(held @ weights, labels[1])
        if score > best:
            best, accuracy = score, _right(test @ weights, labels[2])
    return accuracy


def _right(scores: Float[np.ndarray, "image output"], labels: Labels) -> float:
    """Returns the share of images whose greatest score is that of their class."""
    return float((scores.argmax(axis=1) == labels).mean())


def _features(outputs: Float[np.ndarray, "image ..."]) -> Features:
    """Returns what a probe sees of a layer's output."""
    exact = outputs.astype(np.float64)
    if exact.ndim == 2:
        return exact
    number, height, width, units = exact.shape
    blocks = exact.reshape(number, ACROSS, height // ACROSS, ACROSS, width // ACROSS, units)
    return blocks.mean(axis=(2, 4)).reshape(number, -1)
