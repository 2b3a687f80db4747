"""Strips of images: which pixel stands where, in which colour; frames of receptive fields."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from initlab.analysis.filter_images import activation_maps, filter_images
from initlab.figures.activation_maps import draw_activation_maps
from initlab.figures.filter_grid import draw_filter_grid
from initlab.figures.receptive_fields import alt_receptive_fields, draw_receptive_fields
from initlab.figures.strips import plot_strip

RNG = np.random.default_rng(0)


def axes():
    return Figure(figsize=(3, 3)).subplots()


def test_images_stand_line_by_line_with_a_gap_of_one():
    kernel = RNG.normal(size=(3, 3, 1, 5))
    table = filter_images({"a": kernel}).sample(frac=1.0, random_state=0)
    how = {"number": "filter", "value": "weight", "limits": (-2.0, 2.0)}
    ax = plot_strip(table, axes(), across=3, **how)
    shown = ax.images[0].get_array()
    assert shown.shape == (7, 11)
    assert ax.images[0].get_clim() == (-2.0, 2.0)
    np.testing.assert_array_equal(shown[:3, 4:7], kernel[:, :, 0, 1])
    np.testing.assert_array_equal(shown[4:, :3], kernel[:, :, 0, 3])
    assert shown.mask[3].all()
    assert shown.mask[:, 3].all()
    assert shown.mask[4:, 8:].all()


def test_three_channels_are_colours_between_the_limits():
    kernel = RNG.normal(size=(3, 3, 3, 2))
    how = {"number": "filter", "value": "weight", "limits": (-4.0, 4.0)}
    ax = plot_strip(filter_images({"a": kernel}), axes(), **how)
    shown = ax.images[0].get_array()
    np.testing.assert_allclose(shown[:, :3], (kernel[..., 0] + 4) / 8)
    assert (shown[:, 3] == 1).all()
    # Each has a frame on its border, so that a white one is seen.
    assert [one.get_bbox().extents.tolist() for one in ax.patches] == [
        [-0.5, -0.5, 2.5, 2.5],
        [3.5, -0.5, 6.5, 2.5],
    ]


def test_one_scale_holds_for_all_banks():
    table = filter_images(
        {"a": RNG.normal(size=(3, 3, 1, 4)), "b": 9 * np.ones((5, 5, 1, 20))}, most=20
    )
    figure = draw_filter_grid(table)
    assert [ax.images[0].get_clim() for ax in figure.axes[:2]] == [(-9.0, 9.0)] * 2
    # Filters are of one width on the page, whatever their window, and 20 take two lines.
    heights = [ax.get_position().height for ax in figure.axes[:2]]
    assert heights[1] == pytest.approx(heights[0] * (11 / 95) / (3 / 63))


def test_each_layer_of_maps_has_its_own_scale():
    layers = [("conv_1", 3 * np.ones((4, 4, 2)) * np.arange(2)), ("conv_2", np.zeros((2, 2, 1)))]
    figure = draw_activation_maps(activation_maps(layers, image=RNG.random((8, 8, 1))))
    assert [ax.images[0].get_clim() for ax in figure.axes[1:]] == [(0.0, 3.0), (0.0, 1.0)]
    assert figure.axes[0].images[0].get_cmap().name == "gray"


def test_a_frame_lies_where_its_field_does():
    table = pd.DataFrame(
        [
            {"layer_name": "conv_1", "rows": 3, "columns": 3, "top": 6.5, "left": 6.5},
            {"layer_name": "conv_2", "rows": 20, "columns": 20, "top": -2.0, "left": -2.0},
        ]
    )
    image = RNG.random((16, 16, 1))
    figure = draw_receptive_fields(table, image=image)
    figure.draw_without_rendering()
    frames = [one for one in figure.axes[0].patches if isinstance(one, Rectangle)]
    assert [one.get_bbox().extents.tolist() for one in frames] == [
        [6.5, 6.5, 9.5, 9.5],
        [-2.0, -2.0, 18.0, 18.0],
    ]
    low, high = figure.axes[0].get_xlim()
    assert low < -2.0 < 18.0 < high
    assert alt_receptive_fields(table, image=image) == (
        "Map of what one unit of each convolution sees, frames about the middle of an image of 16 "
        "by 16 pixels: conv_1 3 by 3 and conv_2 20 by 20."
    )
