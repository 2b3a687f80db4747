"""Figures are as wide as the text of the venue that was asked for."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from initlab.figures.axes import HIGHEST, Margins, inches, panel_width, panels
from initlab.figures.histograms import CLOSE, plot_histograms
from initlab.figures.style import WIDE, page, page_width
from initlab.figures.venues import VENUES, venue_width

# Inches: the style files neurips_2024.sty, icml2024.sty, iclr2024_conference.sty, jmlr2e.sty and
# tmlr.sty.
WIDTHS = {"neurips": 5.5, "icml": 6.75, "iclr": 5.5, "jmlr": 6.0, "tmlr": 6.5}


def test_widths_are_those_of_the_style_files():
    assert {venue: venue_width(venue) for venue in VENUES} == WIDTHS


def test_page_is_as_wide_as_asked_inside_the_block_alone():
    assert page_width() == WIDE
    with page(5.5):
        assert page_width() == 5.5
        with page(6.0):
            assert page_width() == 6.0
        assert page_width() == 5.5
    assert page_width() == WIDE


@pytest.mark.parametrize(("rows", "high"), [(2, 2 * 1.5 + 0.92), (6, HIGHEST)])
def test_a_figure_leaves_room_for_a_caption(rows, high):
    margins = Margins(top=0.3, bottom=0.42, down=0.2)
    figure, axes = panels(rows, 2, height=1.5, margins=margins)
    assert inches(figure)[1] == pytest.approx(high)
    # The margins stay as they are: what is pressed is the panels.
    assert axes[0, 0].get_position().y1 * high == pytest.approx(high - 0.3)
    assert axes[-1, 0].get_position().y0 * high == pytest.approx(0.42)


def test_panels_stay_high_enough_to_be_read():
    figure, _ = panels(20, 1, height=1.0, margins=Margins(top=0, bottom=0, down=0))
    assert inches(figure)[1] == pytest.approx(12.0)


@pytest.mark.parametrize(("width", "ticks"), [(3.0, [-4, -2, 0, 2, 4]), (0.5, [-4, 0, 4])])
def test_ticks_and_shares_of_a_narrow_histogram_stay_apart(width, ticks):
    """A number at a peak goes where its letters, as wide as they are there, meet less."""
    edges = np.linspace(-4, 4, 81)
    share = np.zeros(80)
    share[40], share[37:39], share[56:60] = 0.5, 0.07, 0.08  # far at the right a second heap
    table = pd.DataFrame({"bin_low": edges[:-1], "bin_high": edges[1:], "share": share})
    _, axes = panels(1, 1, height=1.0, margins=Margins(left=0, right=0), width=width)
    ax = plot_histograms(table.assign(layer=1, rms=1.0), axes[0, 0], layers=[1])
    assert (panel_width(ax) < CLOSE) == (len(ticks) == 3)
    assert list(ax.xaxis.get_major_locator()()) == ticks
    (named,) = [text for text in ax.texts if text.get_text() == "0.50"]
    # In a wide panel the number ends before the heap at the right, which is the higher one.
    assert named.get_horizontalalignment() == ("left" if width > CLOSE else "right")
    assert mpl.colors.same_color(named.get_path_effects()[0]._gc["foreground"], "white")
