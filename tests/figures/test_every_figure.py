import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from initlab.figures.style import SINGLE, WIDE, page
from initlab.figures.venues import VENUES, venue_width

from .samples import samples

NAMES = list(samples())
# Whose axes are numbers of the initializers, and not their names.
UNNAMED = ("trainability_map", "log_curves", "small_trials")
HOSTILE = (
    r"$\frac$",
    "_underscore",
    "two\nlines\x00 of \N{CJK UNIFIED IDEOGRAPH-4E00} $x$ {braces} %s",
    "a" * 300,
)


@pytest.fixture(scope="module", params=[WIDE, min(map(venue_width, VENUES))])
def drawn(request):
    with page(request.param):
        figures = {name: draw(table) for name, (table, draw, _) in samples().items()}
    for figure in figures.values():
        FigureCanvasAgg(figure).draw()
    return request.param, figures


def texts(figure):
    unseen = set()
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        low, high = sorted(axis.get_view_interval())
        ticks = [tick for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high]
        unseen |= {label for tick in ticks for label in (tick.label1, tick.label2)}
    shown = (text for text in figure.findobj(Text) if text.get_visible() and text not in unseen)
    return [text for text in shown if text.get_text().strip()]


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_can_be_read_and_lies_on_the_page(drawn, name):
    _, figures = drawn
    figure = figures[name]
    renderer = figure.canvas.get_renderer()
    sheet = figure.bbox
    assert texts(figure)
    for text in texts(figure):
        assert text.get_fontsize() >= 6.0, text.get_text()
        box = text.get_window_extent(renderer)
        inside = sheet.x0 - 1 <= box.x0 and box.x1 <= sheet.x1 + 1
        assert inside, f"{text.get_text()!r} leaves the page sideways"
        assert sheet.y0 - 1 <= box.y0, f"{text.get_text()!r} leaves the page below"
        assert box.y1 <= sheet.y1 + 1, f"{text.get_text()!r} leaves the page above"


@pytest.mark.parametrize("name", NAMES)
def test_width_is_that_of_a_page(drawn, name):
    width, figures = drawn
    assert figures[name].get_size_inches()[0] in (SINGLE, width)


@pytest.mark.parametrize("name", NAMES)
def test_alternative_text_names_chart_groups_and_ranges(name):
    table, _, alt = samples()[name]
    text = alt(table)
    assert re.match(r"[A-Z][a-z]+ (charts?|maps?|of)", text)
    assert "He normal" in text
    assert re.search(r"(from|reach from|training from) \N{MINUS SIGN}?\d", text)
    assert "nan" not in text.lower().replace("nano", "")
    assert text.endswith(".")
    assert 100 < len(text) < 1500


@pytest.mark.parametrize("name", NAMES)
def test_hostile_labels_are_drawn(name, tmp_path):
    table, draw, alt = samples(initializers=HOSTILE, num_seeds=2)[name]
    figure = draw(table)
    figure.draw_without_rendering()
    assert alt(table)
    whole = " ".join(text.get_text() for text in texts(figure))
    assert (r"$\frac$" in whole) == (name not in UNNAMED)
    assert "\x00" not in whole


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", ["one seed", "all diverged", "all zero"])
def test_poor_tables_are_drawn(name, how):
    if how == "one seed":
        table, draw, alt = samples(num_seeds=1)[name]
    else:
        # The third initializer of a sweep diverges, the second is zero.
        labels = ("he_normal", "zeros", "normal(stddev=1)")
        table, draw, alt = samples(initializers=labels)[name]
        if "initializer" in table:
            chosen = labels[2] if how == "all diverged" else labels[1]
            table = table[table["initializer"] == chosen].reset_index(drop=True)
    if table.empty:
        pytest.skip("an array that a diverged run did not keep")
    draw(table).draw_without_rendering()
    assert alt(table).endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_drawing_leaves_the_table_as_it_was(name):
    table, draw, alt = samples()[name]
    before = table.copy(deep=True)
    draw(table)
    alt(table)
    pd.testing.assert_frame_equal(table, before)


def test_two_trials_on_one_line_are_refused():
    table, draw, _ = samples()["depth_profile"]
    doubled = pd.concat([table, table.assign(value=np.nan)])
    with pytest.raises(ValueError) as caught:
        draw(doubled)
    assert str(caught.value) == (
        "initializer 'zeros' has several rows at one layer; select one trial a line."
    )


def test_what_two_trials_on_one_line_differ_in_is_named():
    table, draw, _ = samples()["depth_profile"]
    both = [table.assign(learning_rate=rate, momentum=0.9) for rate in (0.01, 0.1)]
    told = r"at one layer, which differ in learning_rate 0\.01, 0\.1;"
    with pytest.raises(ValueError, match=told):
        draw(pd.concat(both))
