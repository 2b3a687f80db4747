"""Linear classifiers: the right answer where there is one, the penalty chosen where it matters."""

import numpy as np
import pytest

from initlab.train.linear import Labelled, fit_linear


def clusters(number, seed, *, noise=0.3, extra=0):
    """Three classes about corners of a square, and features that say nothing."""
    rng = np.random.default_rng(seed)
    labels = np.arange(number) % 3
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    signal = corners[labels] + noise * rng.standard_normal((number, 2))
    return Labelled(np.hstack([signal, rng.standard_normal((number, extra))]), labels)


@pytest.mark.parametrize("kind", ["svm", "softmax"])
def test_classes_that_are_apart_are_told_apart(kind):
    parts = [clusters(60, seed, noise=0.05) for seed in range(3)]
    found = fit_linear(kind, *parts)
    assert found.test_accuracy == found.validation_accuracy == 1.0


@pytest.mark.parametrize("kind", ["svm", "softmax"])
def test_the_penalty_is_the_one_of_the_validation_part(kind):
    parts = [clusters(45, 1, extra=100), clusters(300, 2, extra=100), clusters(300, 3, extra=100)]
    by_penalty = {
        one: fit_linear(kind, *parts, penalties=[one]).validation_accuracy for one in (1e-3, 1e3)
    }
    assert len(set(by_penalty.values())) == 2
    found = fit_linear(kind, *parts, penalties=[1e3, 1e-3])
    assert found.penalty == max(by_penalty, key=by_penalty.__getitem__)


def test_the_test_part_chooses_nothing():
    train, validation = clusters(45, 1, extra=100), clusters(300, 2, extra=100)
    found = [
        fit_linear("softmax", train, validation, clusters(300, seed, extra=100)) for seed in (3, 4)
    ]
    assert found[0].penalty == found[1].penalty
    assert found[0].test_accuracy != found[1].test_accuracy


def test_a_feature_that_is_always_the_same_does_no_harm():
    parts = [clusters(60, seed, noise=0.05) for seed in range(3)]
    parts = [Labelled(np.hstack([x, np.ones((60, 1))]), labels) for x, labels in parts]
    assert fit_linear("svm", *parts).test_accuracy == 1.0


def test_another_kind_is_refused():
    part = clusters(6, 1)
    with pytest.raises(ValueError, match="must be 'svm' or 'softmax', with penalties, got 'tree'"):
        fit_linear("tree", part, part, part)
