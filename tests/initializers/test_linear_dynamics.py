"""A linear network drawn orthogonal learns each of its modes as Saxe's solution says."""

import math

import jax
import numpy as np
import pytest

from initlab.initializers import orthogonal

STRENGTH, FIRST, LAST = 3.0, 1e-3, 2.9  # of each mode: the task's, at the start, at the end
MODES = 8


def learning_time(step):
    """Returns when a network of one hidden layer has learned its modes, by gradient flow.

    The midpoint rule on the squared error over whitened inputs, of the two kernels that are drawn.
    """
    inner = np.asarray(orthogonal(gain=math.sqrt(FIRST))(jax.random.key(0), (MODES, MODES)))
    kernels = np.stack([inner.T, inner]).astype(np.float64)

    def flow(kernels):
        outer, inner = kernels
        error = STRENGTH * np.eye(MODES) - outer @ inner
        return np.stack([error @ inner.T, outer.T @ error])

    time, before = 0.0, FIRST
    while True:
        kernels = kernels + step * flow(kernels + step / 2 * flow(kernels))
        after = np.trace(kernels[0] @ kernels[1]) / MODES
        if after >= LAST:
            return time + step * (LAST - before) / (after - before)
        time, before = time + step, after


def test_modes_are_learned_in_the_known_time():
    known = math.log(LAST * (STRENGTH - FIRST) / (FIRST * (STRENGTH - LAST))) / (2 * STRENGTH)
    assert known == pytest.approx(1.895555001, abs=5e-10)
    # A kernel grows at a rate of 3 at most, of which the rule misses a sixth of (3 h)^2; the last
    # step is cut along a line, and what is drawn is float32.
    step = 1e-3
    assert learning_time(step) == pytest.approx(known, abs=2 * (3 * step) ** 2)
