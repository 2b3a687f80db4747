"""Figures are as wide as the text of the venue that was asked for."""

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
