"""Moved images and removed units."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.measure.probing import kept_units, moved

IMAGES = jnp.arange(1, 2 * 4 * 5 + 1, dtype=jnp.uint8).reshape(2, 4, 5, 1)


@pytest.mark.parametrize("by", [(0, 0), (1, 0), (-2, 0), (0, 1), (0, -2), (2, -1)])
def test_a_pixel_is_found_where_it_was_moved_to_and_zeros_come_in(by):
    found = np.asarray(moved(IMAGES, jnp.array(by), most=2))
    down, right = by
    for row in range(4):
        for column in range(5):
            source = (row - down, column - right)
            inside = 0 <= source[0] < 4 and 0 <= source[1] < 5
            wanted = IMAGES[:, *source, 0] if inside else jnp.zeros(2, jnp.uint8)
            np.testing.assert_array_equal(found[:, row, column, 0], wanted)
    assert found.dtype == np.uint8


@pytest.mark.parametrize(("share", "number"), [(0.0, 0), (0.1, 1), (0.26, 3), (1.0, 10)])
def test_the_nearest_whole_number_of_units_is_removed_in_every_layer(share, number):
    kept = kept_units(jax.random.key(0), 3, 10, jnp.float32(share))
    assert (~np.asarray(kept)).sum(axis=1).tolist() == [number] * 3


def test_a_larger_share_removes_the_same_units_and_more():
    key = jax.random.key(1)
    few, many = (np.asarray(kept_units(key, 2, 16, jnp.float32(s))) for s in (0.25, 0.5))
    assert not (many & ~few).any()
    other = np.asarray(kept_units(jax.random.key(2), 2, 16, jnp.float32(0.5)))
    assert (other != many).any()
