"""Shapes drawn in ones: where they lie, and how they turn."""

import numpy as np
import pytest

from initlab.filters import cross, curve


@pytest.mark.parametrize("size", [3, 5, 7, 11])
def test_a_curve_is_a_quarter_of_a_circle_in_four_turns(size):
    bank = curve(size)
    assert set(np.unique(bank)) == {0.0, 1.0}
    rows, columns = np.nonzero(bank[0])
    radius = np.hypot(size - 1 - rows, size - 1 - columns)
    assert (np.abs(radius - (size - 1)) < 0.5).all()
    # It reaches both ends, and every column in between.
    assert bank[0][-1, 0] == bank[0][0, -1] == 1
    assert set(columns) == set(range(size))
    for turned, before in zip(bank[1:], bank[:-1], strict=True):
        np.testing.assert_array_equal(turned, np.rot90(before))
    assert len({one.tobytes() for one in bank}) == 4


@pytest.mark.parametrize("size", [3, 5, 7, 11])
def test_a_cross_is_both_diagonals(size):
    (one,) = cross(size)
    rows, columns = np.nonzero(one)
    assert ((rows == columns) | (rows + columns == size - 1)).all()
    assert one.sum() == 2 * size - 1
