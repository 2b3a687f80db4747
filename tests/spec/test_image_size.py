"""The size of images: only whole divisors, one function for the shape, told where it is wrong."""

import pytest

from initlab.spec.datasets import DATASETS, image_shape, image_sizes
from initlab.spec.schema import RunSpec


@pytest.mark.parametrize("name", DATASETS)
def test_every_whole_divisor_is_a_size(name):
    side, _, channels = DATASETS[name].image_shape
    divisors = [size for size in range(1, 100) if side % size == 0]
    assert list(image_sizes(name)) == divisors
    for size in divisors:
        assert image_shape(name, size) == (size, size, channels)
    assert image_shape(name) == image_shape(name, "own") == DATASETS[name].image_shape


@pytest.mark.parametrize("size", [0, -4, 3, 16, 100])
def test_another_size_is_refused(size):
    with pytest.raises(ValueError) as caught:
        image_shape("digits", size)
    assert str(caught.value) == (
        f"`image_size` = {size} does not divide the 8 pixels of 'digits': take one of 1, 2, 4, 8"
    )


def test_a_sweep_may_vary_it(load):
    runs = load('[base]\ndataset = "fashion"\n[axes]\nimage_size = ["own", 14, 7]\n', seeds=1).runs
    assert [run.image_size for run in runs] == ["own", 14, 7]
    assert len({run.run_id for run in runs}) == 3
    assert "image_size" not in runs[0].canonical


def test_its_own_size_is_the_trial_without_it(problems):
    (said,) = problems("[axes]\nimage_size = ['own', 8]\n")
    assert said == "axes: declares the same trial twice: image_size = 8."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[base]\nimage_size = 3\n",
            "base: `image_size` = 3 does not divide the 8 pixels of 'digits': take one of 1, 2, 4, "
            "8.",
        ),
        (
            '[base]\ndataset = "fashion"\nimage_size = 8\n',
            "base: `image_size` = 8 does not divide the 28 pixels of 'fashion': take one of 1, 2, "
            "4, 7, 14, 28.",
        ),
        ("[base]\nimage_size = 0\n", "base.image_size: must be at least 1, got 0."),
        (
            "[base]\nimage_size = 4.0\n",
            'base.image_size: must be "own" or a whole number, got 4.0.',
        ),
        (
            "[base]\nimage_size = true\n",
            'base.image_size: must be "own" or a whole number, got true.',
        ),
        ('[base]\nimage_size = "half"\n', "base.image_size: unknown name 'half'. Known: own."),
    ],
)
def test_a_wrong_size_is_told_with_what_is_accepted(problems, text, said):
    assert problems(text) == [said]


def test_the_program_is_specific_to_it():
    from initlab.spec.plan import signature

    assert signature(RunSpec(image_size=4)) != signature(RunSpec())
    assert signature(RunSpec(image_size=8)) == signature(RunSpec())


def test_a_wrong_size_hides_no_other_fault(problems):
    (said,) = problems("[base]\nimage_size = 3\nwarmup_steps = 200\n")
    assert said == (
        "base: `warmup_steps` = 200 is more than `steps` = 100; `image_size` = 3 does not divide "
        "the 8 pixels of 'digits': take one of 1, 2, 4, 8."
    )
