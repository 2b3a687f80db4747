"""Figures of sizes, which no run has a part in."""

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from initlab.analysis.paper_plans import shares_by_layer
from initlab.analysis.size_facts import FOUND, STATED, facts_table, size_facts
from initlab.figures.facts import alt_facts, draw_facts
from initlab.figures.size_shares import alt_size_shares, draw_size_shares

from .test_every_figure import HOSTILE, texts

HOSTILE_FACTS = pd.DataFrame(
    [
        {"label": label, "statistic": statistic, "value": 1.0 + place, "mistaken": False}
        for place, label in enumerate(HOSTILE)
        for statistic in (STATED, FOUND)
    ]
)
TABLES = {
    "facts": (facts_table(size_facts()), draw_facts),
    "hostile facts": (HOSTILE_FACTS, draw_facts),
    "shares": (shares_by_layer(), draw_size_shares),
    "hostile shares": (
        shares_by_layer().replace({"model": {"LeNet": HOSTILE[0], "NIN": HOSTILE[2]}}),
        draw_size_shares,
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_letter_lies_on_the_page(name):
    table, draw = TABLES[name]
    before = table.copy(deep=True)
    figure = draw(table)
    FigureCanvasAgg(figure).draw()
    page, renderer = figure.bbox, figure.canvas.get_renderer()
    assert texts(figure)
    for text in texts(figure):
        assert text.get_fontsize() >= 6.0, text.get_text()
        box = text.get_window_extent(renderer)
        assert page.x0 - 1 <= box.x0, text.get_text()
        assert box.x1 <= page.x1 + 1, text.get_text()
        assert page.y0 - 1 <= box.y0, text.get_text()
        assert box.y1 <= page.y1 + 1, text.get_text()
    pd.testing.assert_frame_equal(table, before)


def test_powers_of_ten_are_written_without_markup():
    [ax] = draw_facts(facts_table(size_facts())).axes
    ax.figure.canvas.draw()
    ticks = [text.get_text() for text in ax.get_xticklabels()]
    assert ticks == ["1", "10²", "10⁴", "10⁶", "10⁸", "10¹⁰"]


def test_a_number_is_drawn_where_it_is_told_and_where_it_is_found():
    table = facts_table(size_facts())
    [ax] = draw_facts(table).axes
    marks = [line for line in ax.lines if line.get_marker() == "o"]
    told, found = (
        {
            (float(line.get_xdata()[0]), float(line.get_ydata()[0]))
            for line in marks
            if (line.get_markerfacecolor() == "none") == hollow
        }
        for hollow in (True, False)
    )
    for statistic, drawn in ((STATED, told), (FOUND, found)):
        rows = table[table["statistic"] == statistic]["value"]
        assert drawn == {(float(value), float(row)) for row, value in enumerate(rows)}


@pytest.mark.parametrize("mistaken", [True, False])
def test_the_key_speaks_of_mistakes_where_there_are_any(mistaken):
    facts = [fact for fact in size_facts() if fact.mistaken <= mistaken]
    [legend] = draw_facts(facts_table(facts)).legends
    said = [text.get_text() for text in legend.get_texts()]
    assert said == ["as told", "as found", *["known for a mistake"] * mistaken]


def test_alternative_texts_tell_what_parts_and_what_there_is_in_all():
    assert "(512 told, 256 found)" in alt_facts(facts_table(size_facts()))
    assert "VGG 16 1.38" in alt_size_shares(shares_by_layer())
