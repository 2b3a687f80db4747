"""What a network sees of the pixels."""

import inspect

import numpy as np
import pytest

from initlab.data import input_scaling, load
from tests.image_sets import SMALL_SETS


def scaled(name, inputs):
    images = load(name)
    shift, scale = input_scaling(images.train_images, images.max_value, inputs)
    assert type(shift) is float
    assert type(scale) is float
    return (images.train_images.astype(np.float64) - shift) * scale


@pytest.mark.parametrize("name", SMALL_SETS)
def test_standardized_inputs_have_mean_zero_and_variance_one(name):
    x = scaled(name, "standardized")
    # Double precision sums of up to nineteen million terms.
    assert x.mean() == pytest.approx(0.0, abs=1e-10)
    assert x.var() == pytest.approx(1.0, rel=1e-10)


def extremes(name):
    """Returns the darkest and the brightest pixel, as shares of the brightest that there may be."""
    images = load(name)
    return tuple(
        end / images.max_value for end in (images.train_images.min(), images.train_images.max())
    )


@pytest.mark.parametrize("name", SMALL_SETS)
def test_centred_inputs_have_mean_zero_and_a_range_of_one(name):
    x = scaled(name, "centred")
    assert x.mean() == pytest.approx(0.0, abs=1e-10)
    darkest, brightest = extremes(name)
    assert x.max() - x.min() == pytest.approx(brightest - darkest, rel=1e-12)


@pytest.mark.parametrize("name", SMALL_SETS)
def test_unit_inputs_go_from_zero_to_one_and_raw_ones_to_255(name):
    unit, raw = scaled(name, "unit"), scaled(name, "raw")
    ends = extremes(name)
    assert ends == (0.0, 1.0) or name == "shapes"  # whose noise comes near to black and white
    assert (unit.min(), unit.max()) == pytest.approx(ends, rel=1e-12)
    assert (raw.min(), raw.max()) == pytest.approx([255 * end for end in ends], rel=1e-12)


def test_fashion_has_the_statistics_of_the_whole_set():
    images = load("fashion")
    mean, scale = input_scaling(images.train_images, 255, "standardized")
    # The usual constants, of 60,000 images. Images' means scatter by 0.15 and their standard
    # deviations by 0.07, so that 5,000 of them are within 0.011 and 0.005 with five errors.
    assert mean / 255 == pytest.approx(0.2860, abs=0.011)
    assert 1 / scale / 255 == pytest.approx(0.3530, abs=0.005)


def test_the_statistics_are_those_of_the_images_given():
    images = load("digits").train_images[:100]
    shift, scale = input_scaling(images, 16, "standardized")
    assert shift == pytest.approx(images.mean(), rel=1e-12)
    assert 1 / scale == pytest.approx(images.std(), rel=1e-12)
    assert shift != input_scaling(load("digits").train_images, 16, "standardized")[0]


REFUSED = [
    (
        np.zeros((0, 8, 8, 1), np.uint8),
        16,
        "unit",
        "`train_images` must not be empty, got shape (0, 8, 8, 1).",
    ),
    (np.zeros((1, 8, 8, 1), np.uint8), 0, "unit", "`max_value` must be positive, got 0."),
    (
        np.zeros((1, 8, 8, 1), np.uint8),
        16,
        "normalized",
        "`inputs` must be one of standardized, centred, unit, raw, got 'normalized'.",
    ),
    (
        np.full((1, 8, 8, 1), 7, np.uint8),
        16,
        "standardized",
        "`train_images` must vary to be standardized, got only 7.",
    ),
]


@pytest.mark.parametrize(("images", "max_value", "inputs", "message"), REFUSED)
def test_bad_arguments_are_refused(images, max_value, inputs, message):
    # Unwrapped, since the type checker of the tests would refuse an unknown name first.
    with pytest.raises(ValueError) as caught:
        inspect.unwrap(input_scaling)(images, max_value, inputs)
    assert str(caught.value) == message
