"""Names beside lines: where they stand, and beside which panels."""

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from initlab.figures.axes import Margins, panels
from initlab.figures.depth_profile import draw_depth_profile
from initlab.figures.line_ends import LineEnd, name_line_ends, spread, whole_columns
from initlab.figures.style import house_style, looks

from .samples import profile


def test_names_are_moved_apart_and_no_further():
    assert spread([0.0, 50.0], 10.0, 0.0, 100.0) == [0.0, 50.0]
    assert spread([50.0, 50.0, 50.0], 10.0, 0.0, 100.0) == pytest.approx([40.0, 50.0, 60.0])
    assert spread([98.0, 99.0], 10.0, 0.0, 100.0) == pytest.approx([90.0, 100.0])
    crowd = spread([3.0, 1.0, 2.0], 10.0, -50.0, 50.0)
    assert crowd == pytest.approx([12.0, -8.0, 2.0])


@pytest.mark.parametrize("panel", [1.24, 0.96])
def test_names_stand_no_lower_and_no_higher_than_the_panel_they_belong_to(panel):
    names = {f"mine(a={number})": f"a {number}" for number in range(12)}
    look = looks(names)
    with house_style():
        figure, grid = panels(2, 1, height=panel, margins=Margins(right=1.0, down=0.14))
        for ax, height in zip(grid[:, 0], (0.0, 1.0), strict=True):
            ends = [LineEnd(label, height) for label in names]
            name_line_ends(ax, ends, names, look, between=0.14)
    FigureCanvasAgg(figure).draw()
    upper, lower = ([text.get_window_extent() for text in ax.texts] for ax in grid[:, 0])
    assert min(box.y0 for box in upper) > max(box.y1 for box in lower)


def test_names_stand_at_line_ends_only_where_each_line_has_one():
    short, long = profile(value=[1.0, 0.5]), profile(value=[1.0, 0.5, 0.2])
    other = short.assign(initializer="zeros")
    assert whole_columns([[short, long], [long, long]], "initializer") == [0, 1]
    assert whole_columns([[pd.concat([short, other]), long]], "initializer") == [0]
    assert whole_columns([[short, other], [short, long]], "initializer") == []


def by_depth(*lengths, factor):
    """Profiles of networks of several depths, each layer multiplying by a factor, and a level."""
    parts = []
    for length in lengths:
        steep = profile(value=[factor**layer for layer in range(length)])
        level = profile(value=[1.0] * length).assign(initializer="glorot_uniform")
        parts += [steep, level]
    return pd.concat(parts).assign(activation="relu")


def columns_of_names(figure):
    return [j for j, ax in enumerate(figure.axes) if ax.texts]


def test_names_stand_beside_the_panel_in_which_most_lines_end_in_view():
    assert columns_of_names(draw_depth_profile(by_depth(4, 40, factor=1e-3))) == [0]
    assert columns_of_names(draw_depth_profile(by_depth(4, 40, factor=1.0))) == [1]


def test_names_lie_between_the_panels_and_on_neither():
    figure = draw_depth_profile(by_depth(4, 40, factor=1e-3))
    FigureCanvasAgg(figure).draw()
    left, right = (ax.get_window_extent() for ax in figure.axes)
    for text in figure.axes[0].texts:
        box = text.get_window_extent()
        assert left.x1 < box.x0
        assert box.x1 < right.x0


def test_the_axis_holds_every_value_of_the_shallowest_networks_and_no_more():
    (first, *_) = draw_depth_profile(by_depth(4, 40, factor=1e-3)).axes
    assert first.get_ylim() == pytest.approx((1e-9, 1.0))


def test_the_axis_follows_deeper_networks_for_six_decades():
    (first, *_) = draw_depth_profile(by_depth(2, 40, factor=1e-1)).axes
    assert first.get_ylim() == pytest.approx((1e-6, 1.0))
    (first, *_) = draw_depth_profile(by_depth(2, 4, factor=1e-1)).axes
    assert first.get_ylim() == pytest.approx((1e-3, 1.0))


def test_the_axis_holds_deeper_networks_too_where_the_whole_is_asked_for():
    (first, *_) = draw_depth_profile(by_depth(4, 12, factor=1e-1), whole=True).axes
    assert first.get_ylim() == pytest.approx((1e-11, 1.0))


def test_names_stand_in_a_key_where_a_row_ends_before_its_last_panel():
    table = by_depth(4, 40, factor=1e-3)
    short = table[table["depth"] == 4].assign(activation="tanh")
    figure = draw_depth_profile(pd.concat([table, short]))
    assert columns_of_names(figure) == []
    assert len(figure.legends) == 1
