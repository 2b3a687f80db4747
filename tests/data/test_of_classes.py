"""Part of an image set: the right images, numbered anew."""

import numpy as np
import pytest

from initlab.data import load
from initlab.data.digest import payload_sha256
from initlab.data.of_classes import of_classes


def test_images_of_some_classes_are_numbered_anew():
    whole, part = load("digits"), load("digits", classes=(3, 8))
    for images, labels, own, numbers in (
        (whole.train_images, whole.train_labels, part.train_images, part.train_labels),
        (whole.test_images, whole.test_labels, part.test_images, part.test_labels),
    ):
        kept = np.isin(labels, (3, 8))
        np.testing.assert_array_equal(own, images[kept])
        np.testing.assert_array_equal(np.array([3, 8])[numbers], labels[kept])
    assert part.class_names == ("3", "8")
    assert part.sha256 == payload_sha256(
        part.train_images, part.train_labels, part.test_images, part.test_labels
    )
    assert part.sha256 != whole.sha256


def test_a_part_may_be_made_smaller():
    part = load("fashion", 14, (0, 9))
    assert part.train_images.shape == (1000, 14, 14, 1)
    np.testing.assert_array_equal(part.test_images, load("fashion", 14).test_images[
        np.isin(load("fashion").test_labels, (0, 9))])  # fmt: skip


@pytest.mark.parametrize("classes", [(3, 10), (-1, 2), (3, 3)])
def test_classes_that_are_not_there_are_refused(classes):
    with pytest.raises(ValueError, match=r"^`classes` must be different ones of 0 to 9, got \("):
        of_classes(load("digits"), classes)
