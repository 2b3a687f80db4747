"""What each random change of images does to them, by another way of computing it."""

import inspect
from typing import get_args

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.data import load
from initlab.data.augmentation import (
    AUGMENTATIONS,
    LUMA,
    augment,
    colour_jitter,
    crop,
    flip,
    grayscale,
    rotate,
    rotation,
    translation,
)
from initlab.spec.augmentation import AUGMENTATION_MODELS, AUGMENTATION_NAMES
from initlab.spec.schema import RunSpec

KEY = jax.random.key(7)


def noise(number=400, height=6, width=6, channels=3):
    """Returns images of which no two pixels are likely to be alike."""
    random = np.random.default_rng(0)
    return random.integers(1, 256, (number, height, width, channels), np.uint8)


def laws(*named):
    return RunSpec.model_validate({"dataset": "photo_patches", "augmentation": named}).augmentation


def shifted(image, down, across, fill):
    """Returns an image moved by whole pixels, with loops' plain slices."""
    height, width, _ = image.shape
    moved = np.full_like(image, fill)
    rows = slice(max(0, down), min(height, height + down))
    columns = slice(max(0, across), min(width, width + across))
    from_rows = slice(max(0, -down), min(height, height - down))
    from_columns = slice(max(0, -across), min(width, width - across))
    moved[rows, columns] = image[from_rows, from_columns]
    return moved


def within(found, number, share):
    """Tells whether a count is within five standard deviations of its expectation."""
    return abs(found - number * share) < 5 * np.sqrt(number * share * (1 - share))


def test_a_flip_mirrors_its_share_of_the_images_left_to_right():
    images = noise(width=5)
    for probability in (0.5, 0.2):
        flipped = np.asarray(flip(KEY, jnp.asarray(images), probability=probability))
        mirrored = (flipped == images[:, :, ::-1]).all(axis=(1, 2, 3))
        unchanged = (flipped == images).all(axis=(1, 2, 3))
        assert (mirrored ^ unchanged).all()
        assert within(mirrored.sum(), 400, probability)
    assert (np.asarray(flip(KEY, jnp.asarray(images), probability=1.0)) == images[:, :, ::-1]).all()


@pytest.mark.parametrize("fill", [0, 9])
def test_a_translation_moves_by_whole_pixels_and_fills_what_it_uncovers(fill):
    images = noise(height=6, width=5)
    moved = np.asarray(translation(KEY, jnp.asarray(images), pixels=2, fill=fill))
    distances = []
    for image, result in zip(images, moved, strict=True):
        fitting = [
            (down, across)
            for down in range(-2, 3)
            for across in range(-2, 3)
            if (shifted(image, down, across, fill) == result).all()
        ]
        assert len(fitting) == 1
        distances += fitting
    for axis in (0, 1):
        counts = np.bincount(np.array(distances)[:, axis] + 2, minlength=5)
        assert all(within(count, 400, 1 / 5) for count in counts)


@pytest.mark.parametrize("mode", ["constant", "edge", "reflect"])
def test_a_crop_is_a_window_of_the_padded_image(mode):
    images = noise(number=200, height=5, width=6)
    cut = np.asarray(crop(KEY, jnp.asarray(images), padding=2, mode=mode))
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)), mode=mode)
    corners = []
    for whole, result in zip(padded, cut, strict=True):
        fitting = [
            (row, column)
            for row in range(5)
            for column in range(5)
            if (whole[row : row + 5, column : column + 6] == result).all()
        ]
        assert len(fitting) == 1
        corners += fitting
    assert len(set(corners)) > 20  # of 25 places that are equally likely, in 200 draws


@pytest.mark.parametrize("size", [5, 6])
@pytest.mark.parametrize("turns", [-1, 1, 2])
def test_quarter_turns_are_those_of_rot90(size, turns):
    images = jnp.asarray(noise(number=3, height=size, width=size))
    angles = jnp.full(3, turns * jnp.pi / 2)
    turned = rotate(images, angles)
    np.testing.assert_array_equal(turned, jnp.rot90(images, turns, axes=(1, 2)))
    values = images.astype(jnp.float32)
    # A quarter turn in float32 is 4e-8 off, on distances of 3 pixels and steps of 255.
    np.testing.assert_allclose(
        rotate(values, angles), jnp.rot90(values, turns, axes=(1, 2)), atol=1e-3
    )


def test_a_turn_interpolates_between_pixels_and_fills_corners():
    # The plane a + b row + c column is what bilinear interpolation reproduces exactly.
    rows, columns = np.indices((9, 9)) - 4.0
    plane = (100 + 3 * rows - 2 * columns).astype(np.float32)[None, ..., None]
    angle = 0.3
    turned = np.asarray(rotate(jnp.asarray(plane), jnp.array([angle]), fill=7.0))[0, ..., 0]
    back_rows = np.cos(angle) * rows + np.sin(angle) * columns
    back_columns = np.cos(angle) * columns - np.sin(angle) * rows
    inside = (np.abs(back_rows) <= 4) & (np.abs(back_columns) <= 4)
    outside = (np.abs(back_rows) >= 5) | (np.abs(back_columns) >= 5)
    expected = 100 + 3 * back_rows - 2 * back_columns
    assert inside.sum() > 60
    np.testing.assert_allclose(turned[inside], expected[inside], rtol=1e-5)
    corners = np.asarray(rotate(jnp.asarray(plane), jnp.array([jnp.pi / 4]), fill=7.0))[0, ..., 0]
    assert corners[0, 0] == corners[-1, -1] == 7.0
    assert (turned[outside] == 7.0).all()


def test_angles_of_a_rotation_are_uniform_up_to_its_limit():
    # A bright pixel 20 to the right of the middle moves along a circle, by which its angle is seen.
    image = np.zeros((1, 41, 41, 1), np.float32)
    image[0, 19:22, 39:41] = 255.0
    turned = np.asarray(rotation(KEY, jnp.repeat(image, 400, 0), degrees=30.0))[..., 0]
    rows, columns = np.indices((41, 41)) - 20.0
    mass = turned.sum(axis=(1, 2))
    angles = np.degrees(
        np.arctan2(
            -(turned * rows).sum(axis=(1, 2)) / mass, (turned * columns).sum(axis=(1, 2)) / mass
        )
    )
    # The centre of mass is read to well under a degree.
    assert np.abs(angles).max() < 31
    assert np.abs(angles).max() > 28
    assert within((angles > 0).sum(), 400, 0.5)
    assert within((np.abs(angles) < 15).sum(), 400, 0.5)


def test_a_turn_by_no_angle_changes_nothing():
    images = jnp.asarray(noise(number=4))
    np.testing.assert_array_equal(rotate(images, jnp.zeros(4)), images)


def test_grey_images_have_the_luma_in_every_channel():
    images = noise()
    grey = np.asarray(grayscale(KEY, jnp.asarray(images), probability=1.0))
    assert (grey == grey[..., :1]).all()
    luma = images @ np.array([0.299, 0.587, 0.114])
    # Rounded, and computed in float32 near 255.
    assert np.abs(grey[..., 0] - luma).max() <= 0.5 + 1e-4
    assert sum(LUMA) == pytest.approx(1.0, abs=1e-12)
    white = np.full((2, 3, 3, 3), 255, np.uint8)
    np.testing.assert_array_equal(grayscale(KEY, jnp.asarray(white), probability=1.0), white)


def test_a_share_of_the_images_turns_grey():
    images = noise()
    some = np.asarray(grayscale(KEY, jnp.asarray(images), probability=0.3))
    grey = (some == some[..., :1]).all(axis=(1, 2, 3))
    assert (some[~grey] == images[~grey]).all()
    assert within(grey.sum(), 400, 0.3)
    one_channel = images[..., :1]
    np.testing.assert_array_equal(
        grayscale(KEY, jnp.asarray(one_channel), probability=1.0), one_channel
    )


def off(**strengths):
    return {"brightness": 0.0, "contrast": 0.0, "saturation": 0.0} | strengths


def factors_of(numerator, denominator):
    """Returns each image's factor, by least squares."""
    axes = (1, 2, 3)
    return (numerator * denominator).sum(axes) / (denominator**2).sum(axes)


def test_brightness_multiplies():
    images = noise().astype(np.float32) / 2  # far enough from 255 not to be cut
    found = np.asarray(colour_jitter(KEY, jnp.asarray(images), **off(brightness=0.4)))
    factors = factors_of(found, images)
    np.testing.assert_allclose(found, factors[:, None, None, None] * images, rtol=1e-5)
    assert_uniform(factors, 0.4)


def test_contrast_keeps_the_mean_grey_and_stretches_about_it():
    images = 100 + noise().astype(np.float32) / 8
    found = np.asarray(colour_jitter(KEY, jnp.asarray(images), **off(contrast=0.4)))
    mean = (images @ np.array(LUMA)).mean(axis=(1, 2))[:, None, None, None]
    factors = factors_of(found - mean, images - mean)
    np.testing.assert_allclose(
        found, mean + factors[:, None, None, None] * (images - mean), rtol=1e-5
    )
    assert_uniform(factors, 0.4)


def test_saturation_keeps_each_pixels_grey_and_stretches_its_colour():
    images = 100 + noise().astype(np.float32) / 8
    found = np.asarray(colour_jitter(KEY, jnp.asarray(images), **off(saturation=0.4)))
    grey = (images @ np.array(LUMA))[..., None]
    np.testing.assert_allclose((found @ np.array(LUMA))[..., None], grey, rtol=1e-5)
    factors = factors_of(found - grey, images - grey)
    np.testing.assert_allclose(
        found, grey + factors[:, None, None, None] * (images - grey), rtol=1e-5
    )
    assert_uniform(factors, 0.4)


def assert_uniform(factors, strength):
    """Checks range, mean and spread of 400 factors about 1."""
    assert np.abs(factors - 1).max() <= strength * (1 + 1e-4)
    deviation = strength / np.sqrt(3)
    assert abs(factors.mean() - 1) < 5 * deviation / np.sqrt(400)
    # The variance of a uniform variable scatters by sqrt(4 / 5 / n) of itself.
    assert factors.var() == pytest.approx(deviation**2, rel=5 * np.sqrt(0.8 / 400))


def test_jitter_is_cut_to_the_range_of_the_pixels():
    images = noise()
    strong = np.asarray(
        colour_jitter(KEY, jnp.asarray(images), brightness=1.0, contrast=1.0, saturation=1.0)
    )
    assert strong.dtype == np.uint8
    dim = np.asarray(colour_jitter(KEY, jnp.minimum(images, 16), brightness=1.0, max_value=16.0))
    assert dim.max() == 16
    assert within((np.asarray(strong).mean(axis=(1, 2, 3)) > 0).sum(), 400, 1 - 1e-3)
    still = np.asarray(colour_jitter(KEY, jnp.asarray(images), **off()))
    np.testing.assert_array_equal(still, images)


STRONG = (
    {"name": "flip"},
    {"name": "crop", "padding": 2, "mode": "reflect"},
    {"name": "translation", "pixels": 3, "fill": 128},
    {"name": "rotation", "degrees": 40},
    {"name": "colour_jitter"},
    {"name": "grayscale", "probability": 0.5},
)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, jnp.bfloat16])
def test_shape_and_type_stay_in_a_compiled_loop(dtype):
    images = jnp.asarray(noise(number=8, height=8, width=8), dtype)
    change = augment(laws(*STRONG))

    @jax.jit
    def loop(images):
        def step(carry, key):
            return carry, change(key, images)

        return jax.lax.scan(step, 0, jax.random.split(KEY, 3))[1]

    results = loop(images)
    assert results.shape == (3, *images.shape)
    assert results.dtype == images.dtype
    assert (results[0] != results[1]).any()
    # The same key gives the same bits, step by step and run by run.
    np.testing.assert_array_equal(results, loop(images))
    if dtype == np.uint8:
        alone = change(jax.random.split(KEY, 3)[1], images)
        # Fused or not, a sum may round the other way where it lies halfway between two pixels.
        assert np.abs(np.asarray(results[1], int) - np.asarray(alone, int)).max() <= 1


def test_changes_are_made_in_order_each_with_draws_of_its_own():
    images = jnp.asarray(noise(number=50, width=5))
    flips = np.asarray(augment(laws("flip", "flip"))(KEY, images))
    once = [flip(jax.random.fold_in(KEY, place), images) for place in (0, 1)]
    mirrored = [(np.asarray(one) != images).any(axis=(1, 2, 3)) for one in once]
    both = mirrored[0] ^ mirrored[1]
    assert mirrored[0].tolist() != mirrored[1].tolist()
    np.testing.assert_array_equal((flips != images).any(axis=(1, 2, 3)), both)
    ordered = augment(
        laws({"name": "translation", "fill": 200}, {"name": "grayscale", "probability": 1})
    )
    expected = translation(jax.random.fold_in(KEY, 0), images, fill=200)
    expected = grayscale(jax.random.fold_in(KEY, 1), expected, probability=1.0)
    np.testing.assert_array_equal(ordered(KEY, images), expected)


def test_no_change_leaves_images_as_they_are():
    images = jnp.asarray(noise(number=2))
    assert augment(())(KEY, images) is images


def test_the_brightest_pixel_is_that_of_the_data_set():
    images = jnp.asarray(load("digits").train_images[:50])
    jitter = RunSpec.model_validate({"augmentation": ["colour_jitter"]}).augmentation
    assert augment(jitter, max_value=16)(KEY, images).max() == 16
    assert augment(jitter)(KEY, images).max() > 16


def test_augmentations_of_the_specification_are_those_of_the_lab():
    assert tuple(AUGMENTATIONS) == AUGMENTATION_NAMES


@pytest.mark.parametrize("model", AUGMENTATION_MODELS)
def test_numbers_of_a_change_are_the_arguments_of_its_function(model):
    (name,) = get_args(model.model_fields["name"].annotation)
    arguments = inspect.signature(AUGMENTATIONS[name]).parameters
    fields = {key: field.default for key, field in model.model_fields.items() if key != "name"}
    given = {
        key: argument.default
        for key, argument in arguments.items()
        if key not in ("key", "images", "max_value")
    }
    assert fields == given
