"""Filters, maps and receptive fields as tables: every number where it belongs."""

import numpy as np
import pandas as pd
import pytest

from initlab.analysis.filter_images import activation_maps, filter_images
from initlab.analysis.filters import images_seen
from initlab.analysis.receptive_fields import receptive_fields


def test_a_row_is_a_weight_of_its_bank_filter_place_and_channel():
    rng = np.random.default_rng(0)
    kernels = {"one": rng.normal(size=(3, 3, 2, 4)), "other": rng.normal(size=(5, 5, 2, 1))}
    table = filter_images(kernels, most=2)
    assert len(table) == 9 * 2 * 2 + 25 * 2
    for row in table.sample(20, random_state=1).itertuples(index=False):
        assert row.weight == kernels[row.bank][row.row, row.column, row.channel, row.filter]
    assert table["bank"].unique().tolist() == ["one", "other"]


@pytest.mark.parametrize(
    ("kernels", "found"), [({}, "[]"), ({"a": (3, 3, 1, 2), "b": (3, 3, 3, 2)}, "[1, 3]")]
)
def test_kernels_of_unlike_channels_are_refused(kernels, found):
    with pytest.raises(ValueError) as caught:
        filter_images({name: np.zeros(shape) for name, shape in kernels.items()})
    assert str(caught.value) == (
        f"`kernels` must hold kernels of one number of channels, got {found}."
    )


def test_the_image_comes_before_what_the_layers_make_of_it():
    rng = np.random.default_rng(0)
    image, maps = rng.random((6, 6, 3)), rng.random((4, 4, 10))
    table = activation_maps([("conv_1", maps)], image=image, most=5)
    assert table["layer_name"].unique().tolist() == ["image", "conv_1"]
    assert len(table) == 6 * 6 * 3 + 4 * 4 * 5
    for row in table.sample(20, random_state=1).itertuples(index=False):
        source = image[:, :, row.channel] if row.layer_name == "image" else maps[:, :, row.map]
        assert row.activation == source[row.row, row.column]


def test_receptive_fields_grow_by_what_a_window_reaches_beyond():
    runs = pd.DataFrame([{"model": "convnet", "depth": 4, "width": 8, "dataset": "shapes"}])
    table = receptive_fields(runs)
    # 3 by 3 windows of stride 1: two more pixels a layer, about the middle of 16 by 16.
    assert table["layer_name"].tolist() == ["conv_1", "conv_2", "conv_3"]
    assert table["rows"].tolist() == table["columns"].tolist() == [3, 5, 7]
    assert table["top"].tolist() == table["left"].tolist() == [6.5, 5.5, 4.5]


def test_a_choice_that_all_runs_made_alike_is_read_back():
    # Then its column holds NumPy's numbers, not Python's.
    runs = pd.DataFrame([{"model": "googlenet", "dataset": "fashion", "auxiliary_heads": False}])
    assert runs["auxiliary_heads"].dtype == bool
    assert receptive_fields(runs)["rows"].iloc[-1] > 28


def test_a_dense_network_has_no_receptive_fields():
    assert receptive_fields(pd.DataFrame([{"model": "mlp", "dataset": "shapes"}])).empty


def test_images_have_the_size_of_their_run_where_others_have_none():
    runs = pd.DataFrame({"dataset": ["fashion", "digits"], "image_size": [14, None]})
    assert images_seen(runs) == (14, 14, 1)
    assert images_seen(runs[::-1]) == (8, 8, 1)
