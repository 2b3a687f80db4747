"""Every class trains, and validates where any does; what else is refused."""

import numpy as np
import pytest

from initlab.data import load
from initlab.data.held_out import split_validation
from initlab.spec.datasets import DATASETS, SHIPPED
from initlab.spec.schema import RunSpec
from initlab.spec.training_part import lacking, quotas


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("fraction", [0.0, 0.2, 0.97, 0.997, 0.003, 0.0001])
def test_classes_are_lacking_as_they_are_in_the_split(name, fraction):
    images, size = load(name), DATASETS[name]
    parts = split_validation(images, fraction)
    every = set(range(size.classes))
    trained, validated = (every - set(images.train_labels[part].tolist()) for part in parts)
    wanted = (trained, validated if len(parts[1]) else set())
    assert tuple(map(set, lacking(size.train_counts, fraction))) == wanted


def test_quotas_are_shares_rounded_by_largest_remainder():
    # Shares of 5 are 2.5, 1.25 and 1.25: the first remainder is the largest.
    assert quotas((4, 2, 2), 5) == (3, 1, 1)
    assert quotas((3, 3, 3), 4) == (2, 1, 1)
    assert quotas((0, 0), 0) == (0, 0)
    assert np.sum(quotas((142, 145, 142, 146, 145, 146, 145, 143, 139, 144), 40)) == 40


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "validation_fraction = 0.997\nbatch_size = 4",
            "base: `validation_fraction` = 0.997 leaves no training image of 'digits' in class "
            "0, 1, 2, 7, 8, 9: give 0, or 0.0067 to 0.9933.",
        ),
        (
            "validation_fraction = 0.002\nclasses = [3, 8]",
            "base: `validation_fraction` = 0.002 leaves no validation image of 'digits' in class "
            "8: give 0, or 0.0053 to 0.9947.",
        ),
    ],
)
def test_a_class_that_is_missing_from_a_part_is_told(problems, text, said):
    assert problems(f"[base]\n{text}\n") == [said]


@pytest.mark.parametrize("name", DATASETS)
def test_the_ends_that_are_told_are_accepted_and_no_more(name):
    with pytest.raises(ValueError, match="give 0, or") as caught:
        RunSpec(dataset=name, validation_fraction=0.99999, batch_size=2)
    ends = str(caught.value).partition("give 0, or ")[2].split("[")[0]
    least, greatest = (float(one) for one in ends.split(" to "))
    for fraction in (0.0, least, greatest):
        assert RunSpec(dataset=name, validation_fraction=fraction, batch_size=2)
    for fraction in (greatest + 1e-4, least - 1e-4):
        number = round(fraction * DATASETS[name].train)
        if number and fraction < 1:
            with pytest.raises(ValueError, match="leaves no"):
                RunSpec(dataset=name, validation_fraction=fraction, batch_size=2)
