"""Shapes planted in noise: what is planted where, the noise around it, and the split."""

import numpy as np
import pytest
from scipy.stats import norm

from initlab.data import load, shapes
from initlab.data.shapes import NAMES, plant_shapes
from initlab.errors import DataError
from initlab.filters import cross, curve, prewitt

PLANTED = plant_shapes(5_000)
# A sum of four uniform bytes has variance 4 (256^2 - 1) / 12; the remainder of its division by six,
# nearly uniform from 0 to 5, is lost.
NOISE_STD = np.sqrt((4 * (256**2 - 1) / 12 - (6**2 - 1) / 12) / 36)
NOISE_MEAN = 128 - 5 / 12
PIXELS = PLANTED.images[..., 0].astype(np.float64)


def test_the_set_is_the_first_five_thousand():
    images = load("shapes")
    np.testing.assert_array_equal(images.train_images, PLANTED.images[:4_000])
    np.testing.assert_array_equal(images.test_images, PLANTED.images[4_000:])
    assert np.bincount(images.train_labels).tolist() == [1_000] * 4
    assert np.bincount(images.test_labels).tolist() == [250] * 4
    np.testing.assert_array_equal(plant_shapes(10).images, PLANTED.images[:10])


def test_images_of_nothing_are_noise():
    noise = PIXELS[PLANTED.labels == 0].ravel()
    assert noise.mean() == pytest.approx(NOISE_MEAN, abs=5 * NOISE_STD / np.sqrt(noise.size))
    assert noise.std() == pytest.approx(NOISE_STD, rel=5 / np.sqrt(2 * noise.size))
    columns = PIXELS[PLANTED.labels == 0]
    correlation = np.corrcoef(columns[..., 1:].ravel(), columns[..., :-1].ravel())[0, 1]
    assert abs(correlation) < 5 / np.sqrt(columns[..., 1:].size)


@pytest.mark.parametrize(
    ("name", "bank"),
    [("edge", np.sign(prewitt(7)) / 2), ("curve", curve(7)), ("x", cross(7))],
)
def test_each_shape_lies_where_it_is_said_to(name, bank):
    chosen = np.flatnonzero(PLANTED.labels == NAMES.index(name))
    for turn in range(len(bank)):
        windows = [
            PIXELS[i][PLANTED.rows[i] : PLANTED.rows[i] + 7, PLANTED.columns[i] :][:, :7]
            for i in chosen
            if PLANTED.turns[i] == turn
        ]
        # Each of the directions is as likely: binomial, five deviations.
        share = len(chosen) / len(bank)
        assert abs(len(windows) - share) < 5 * np.sqrt(share) + 1
        mean = np.mean(windows, axis=0)
        # Pixels above 255 are cut: what a Gaussian loses there, which the noise nearly is.
        level = NOISE_MEAN + 96 * bank[turn]
        far = (255 - level) / NOISE_STD
        lost = NOISE_STD * (norm.pdf(far) - far * norm.sf(far))
        np.testing.assert_allclose(mean, level - lost, atol=5 * NOISE_STD / np.sqrt(len(windows)))


@pytest.mark.parametrize("axis", ["rows", "columns"])
def test_every_place_is_as_likely(axis):
    counts = np.bincount(getattr(PLANTED, axis), minlength=10)
    assert len(counts) == 10
    # Binomial(5,000, 1/10): deviation 21.
    assert np.abs(counts - 500).max() < 5 * 21.3


def test_other_images_are_refused(monkeypatch):
    monkeypatch.setattr(shapes, "SEED", 1)
    with pytest.raises(DataError) as caught:
        shapes.load_shapes()
    assert str(caught.value).startswith(
        "the generated set `shapes` is damaged or another version: expected SHA-256 "
        f"{shapes.SHA256}, found "
    )
