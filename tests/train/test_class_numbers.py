"""Regression upon class numbers: the loss of an output that says nothing, and what is nearest."""

import jax.numpy as jnp
import pytest

from initlab.train.class_numbers import number_losses


@pytest.mark.parametrize("classes", [2, 5, 10])
def test_an_output_of_zero_loses_a_half(classes):
    labels = jnp.arange(classes)
    loss, _ = number_losses(jnp.zeros(classes), labels, classes=classes)
    assert float(loss) == pytest.approx(0.5, rel=1e-5)  # float32


def test_the_right_numbers_lose_nothing_and_are_nearest():
    labels = jnp.arange(10)
    right = (labels - 4.5) / jnp.sqrt(99 / 12)
    loss, accuracy = number_losses(right, labels, classes=10)
    assert float(loss) == pytest.approx(0.0, abs=1e-10)
    assert float(accuracy) == 1.0
    step = 1 / jnp.sqrt(99 / 12)
    _, accuracy = number_losses(right + 0.6 * step, labels, classes=10)
    assert float(accuracy) == pytest.approx(0.1)  # beyond the last class there is none
