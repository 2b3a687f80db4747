"""The patches that excite a unit most are cut where its answers are greatest."""

import numpy as np

from initlab.analysis.exciting_patches import exciting_patches, most_exciting


def test_places_come_with_the_greatest_answer_first_and_one_an_image():
    maps = np.zeros((4, 5, 6, 2))
    maps[0, 1, 2, 0], maps[0, 4, 5, 0] = 3.0, 2.5  # the second of one image does not count
    maps[2, 3, 4, 0], maps[3, 0, 0, 0] = 9.0, 1.0
    found = most_exciting(maps, most=3)
    assert found.image[0].tolist() == [2, 0, 3]
    assert found.row[0].tolist() == [3, 1, 0]
    assert found.column[0].tolist() == [4, 2, 0]


def test_a_patch_is_what_lies_about_the_place():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (3, 8, 8, 3)).astype(np.uint8)
    maps = np.zeros((3, 8, 8, 2))  # the first unit never answers
    maps[1, 4, 5, 1], maps[2, 0, 7, 1], maps[0, 2, 2, 1] = 5.0, 4.0, 3.0
    table = exciting_patches(maps, images, field=3, units=4)
    assert table["unit"].unique().tolist() == [1]
    assert table["rank"].unique().tolist() == [1, 2, 3]
    first, corner = (
        table[table["rank"] == rank].sort_values(["row", "column", "channel"])["value"].to_numpy()
        for rank in (1, 2)
    )
    np.testing.assert_array_equal(first.reshape(3, 3, 3), images[1, 3:6, 4:7])
    beyond = np.pad(images[2], ((1, 1), (1, 1), (0, 0)), mode="edge")[0:3, 7:10]
    np.testing.assert_array_equal(corner.reshape(3, 3, 3), beyond)
