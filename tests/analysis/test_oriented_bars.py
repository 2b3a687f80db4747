"""Bars lie where they are said to, and tuning tells units that prefer one from others."""

import numpy as np
import pytest

from initlab.analysis.oriented_bars import (
    ORIENTATIONS,
    bar_tuning,
    oriented_bars,
    tuning_by_layer,
)
from initlab.filters import gabor


def test_tuning_is_one_of_a_single_orientation_and_zero_of_all():
    answers = np.stack([np.eye(ORIENTATIONS)[3], np.ones(ORIENTATIONS)], axis=1)
    assert bar_tuning(answers) == pytest.approx([1.0, 0.0])


def test_answers_by_the_squared_cosine_have_a_tuning_of_one_half():
    turns = np.pi * np.arange(ORIENTATIONS) / ORIENTATIONS
    assert bar_tuning(np.cos(turns - 0.4)[:, None] ** 2) == pytest.approx([0.5])


def test_a_unit_that_never_answers_has_no_tuning():
    assert np.isnan(bar_tuning(np.zeros((ORIENTATIONS, 1)))).all()


def test_bars_run_as_they_are_numbered():
    bars = oriented_bars(32, 1)[..., 0]
    assert bars.shape == (ORIENTATIONS, 14, 32, 32)
    level, upright = bars[0, 3], bars[ORIENTATIONS // 2, 3]  # through the middle, bright
    assert level[15:17, 8:24].min() == 1.0
    assert upright == pytest.approx(level.T)
    right, up = np.meshgrid(np.arange(32) - 15.5, 15.5 - np.arange(32))
    diagonal = bars[ORIENTATIONS // 4, 3]
    assert (diagonal * right * up).sum() > 0  # anticlockwise: up to the right
    assert bars[:, 7:] == pytest.approx(-bars[:, :7])


def test_a_gabor_filter_is_tuned_and_its_mean_is_not():
    # Waves that run to the right answer upright bars.
    wave = gabor(7, frequency=0.25, orientation=0.0, phase=0.0, sigma=1.75)
    blurred = np.exp(-(np.add.outer((np.arange(7) - 3) ** 2, (np.arange(7) - 3) ** 2)) / 8)
    kernel = np.stack([wave, blurred], axis=-1)[:, :, None].astype(np.float32)
    checkpoint = {
        "first/kernel": kernel,
        "first/bias": np.zeros(2, np.float32),
        "readout/kernel": np.zeros((32 * 32 * 2, 3), np.float32),
        "readout/bias": np.zeros(3, np.float32),
    }
    (tuned, plain) = tuning_by_layer(checkpoint, side=32, channels=1)["conv_1"]
    assert tuned > 0.3
    assert plain < 0.05
