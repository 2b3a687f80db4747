"""`report.pdf`: tagged, with its fonts inside, and as true as the page."""

from dataclasses import replace

import pandas as pd
import pytest

from initlab.analysis.findings import Findings, Listing
from initlab.figures.save import save
from initlab.report import pdf
from initlab.report.census import take_census
from initlab.report.check import check_findings
from initlab.report.columns import print_columns
from initlab.report.pdf import render_pdf
from initlab.report.provenance import describe_source
from initlab.report.text import one_line

from .hostile import HOSTILE as EVERY
from .hostile import has_control
from .paper import Paper
from .sample import SPEC

HOSTILE = [text for text in EVERY if "\ud800" not in text]
ID = "0123456789abcdef"


@pytest.fixture
def render(results, tmp_path):
    drawn = []

    def render(
        findings, *, name="demo", question="Does it hold?", spec=SPEC, command="make sweep", said=()
    ):
        findings = check_findings(findings)
        census = take_census(results, list(results.committed))
        source = describe_source(name, question, results, census, spec_text=spec, command=command)
        folder = tmp_path / "bundle"
        folder.mkdir(exist_ok=True)
        for one in findings.drawings:
            if one.name not in drawn:
                save(one.draw(one.table), folder / "figures", one.name, one.table)
                drawn.append(one.name)
        return render_pdf(source, findings, folder, said, ID)

    return render


@pytest.fixture
def paper(render, findings):
    return Paper(render(findings, said=("We trained.",)))


def test_paper_says_what_the_page_says(paper):
    for words in (
        "Experiment demo", "Does it hold?", "2 trials, 2 seeds each; 4 runs; 1 claim: 1 supported.",
        "The signal holds: 0.987 [0.971, 1.004].", "1 a layer 0.987 [0.971, 1.004] n = 5",
        "✓ supported", "Figure 1, source 1, holds", "He et al. 2015, section 2.2.",
        "Figure 1. Signal by layer, mean, n = 5.", "Table 1. Accuracy by initializer.",
        "he_normal 0.91", "We trained.", "make sweep", "seeds = 2",
        "geometric mean over seeds of q(2) / q(1)", "jax 0.12.0", "typst",
        "To run it again 1. Take initlab", "4. Compare the results digest.",
        "initlab verify BUNDLE, with", "initlab replay RUN_ID, with",
    ):  # fmt: skip
        assert words in paper.text, words


def test_every_page_bears_the_report_and_its_number(paper):
    for number, text in enumerate(paper.pages, 1):
        assert f"initlab report {ID} {number} / {len(paper.pages)}" in text
    assert paper.reader.metadata.title == "Does it hold?"
    assert f"initlab report {ID}" in paper.reader.metadata["/Keywords"]


def test_paper_is_tagged_and_speaks_for_its_figures(paper):
    assert paper.root["/MarkInfo"]["/Marked"].value is True
    assert paper.root["/Lang"] == "en"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in paper.root["/Metadata"].get_data()
    kinds = [kind for kind, _ in paper.tags]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/Caption"} <= set(kinds)
    assert kinds.count("/H1") == 1
    assert ("/Figure", "A falling line.") in paper.tags


def test_every_font_is_embedded(paper):
    assert len(paper.fonts) >= 3
    assert all(paper.fonts.values()), paper.fonts
    assert any("DejaVuSans" in name for name in paper.fonts), "the figure's text is text"


def test_texts_are_printed_and_never_read(render, findings, claim, drawing):
    texts = [*HOSTILE, "#panic()", '#import "x"', "= Heading", "$ x^2 $", "\\ *b* _i_ @ref <l>"]
    table = pd.DataFrame({"label": texts})
    for text in texts:
        hostile = Findings(
            (text,),
            (replace(claim, statement=text, predicted=text, source=text, query=text),),
            (replace(drawing, caption=f"A {text}", alt=f"A {text}"),),
            (Listing("accuracies", text, table),),
        )
        said = (one_line(text),)
        paper = Paper(render(hostile, name=text, question=text, spec=text, command=text, said=said))
        assert not has_control(paper.text.replace("\u200b", ""))
        assert [kind for kind, _ in paper.tags].count("/H1") == 1
    assert "#panic()" in paper.text
    assert "<script>alert(1)</script>" in paper.text
    assert "=1+1" in paper.text
    assert r"$\frac$" in paper.text
    assert "{{ 7 * 7 }}{% include 'x' %}" in paper.text


def test_character_that_the_fonts_lack_is_marked_and_still_heard(render, findings, drawing):
    question = "\u4e2d\u6587 e\u0951 \u05d0\u05d1 \u0394"
    heard = replace(findings, drawings=(replace(drawing, alt=question),))
    paper = Paper(render(heard, question=question))
    assert "\ufffd\ufffd e\ufffd" in paper.text
    assert "\u0394" in paper.text
    assert paper.reader.metadata.title == question
    assert ("/Figure", question) in paper.tags


def test_word_longer_than_a_line_is_broken(render, findings):
    paper = Paper(render(replace(findings, answer=("x" * 400,))))
    assert paper.text.replace("\u200b", "").replace(" ", "").count("x" * 400) == 1
    assert "xxx xxx" in paper.text.replace("\u200b", " ")


def test_long_table_says_that_rows_are_left_out(render):
    long = Listing("t", "Rows.", pd.DataFrame({"row": [f"r{i}" for i in range(61)]}))
    paper = Paper(render(Findings((), (), (), (long,))))
    assert "Here are the first 60 of 61 rows; tables/t.csv has all." in paper.text
    assert "r59" in paper.text
    assert "r60" not in paper.text
    assert "puts no answer into words" in paper.text
    assert "tests no claim" in paper.text


def test_wide_table_lies_across_its_page(render):
    wide = Listing("t", "Wide.", pd.DataFrame({f"column_{i:08d}": [i] for i in range(22)}))
    narrow = Listing("u", "Narrow.", pd.DataFrame({"x": [1]}))
    pages = Paper(render(Findings((), (), (), (wide, narrow)))).reader.pages
    across = [page.mediabox.width > page.mediabox.height for page in pages]
    assert across.count(True) == 1
    assert "Wide." in pages[across.index(True)].extract_text()


def test_tables_across_their_pages_leave_no_page_empty(render):
    wide = pd.DataFrame({f"column_{i:08d}": [i] for i in range(22)})
    listings = tuple(Listing(name, f"Table {name}.", wide) for name in "abc")
    pages = Paper(render(Findings((), (), (), listings))).pages
    assert [len(page.split()) for page in pages if len(page.split()) < 8] == []


def test_heads_of_a_tight_table_stand_apart(render):
    """Bold heads that are wider than the cells below, in a table that fills its width."""
    names = [f"{word}mmm" for word in "abcdefghij"]
    table = Listing("t", "Tight.", pd.DataFrame([[1] * 10] * 2, columns=names))
    paper = Paper(render(Findings((), (), (), (table,))))
    assert all(f"{name} " in paper.text for name in names)


def test_a_head_stays_beside_the_next_where_most_texts_are_short(render):
    """A column of prose is as wide as its mean cell, and as a word of its head."""
    said = {"as theory has it": ["yes"] * 30 + ["not judged: an unstable fixed point of it"]}
    long = {"forward": ["shrinks: 0.501 a layer, predicted 0.500; nothing is left of it"] * 31}
    heads = {f"accuracy {i}": [0.5] * 31 for i in range(4)}
    (theory,) = print_columns(Listing("t", "c", pd.DataFrame(said)))
    assert pdf._width(theory) >= 0.52 * (len("theory") + 1)
    assert not pdf._column(theory)["stretches"]
    table = Listing("t", "Tight.", pd.DataFrame({**long, **said, **heads}))
    assert "as theory has it" in Paper(render(Findings((), (), (), (table,)))).text


def test_table_without_rows_says_so(render):
    empty = Listing("t", "Nothing.", pd.DataFrame({"x": []}))
    assert "The table has no rows." in Paper(render(Findings((), (), (), (empty,)))).text


def test_picture_too_large_to_be_set_is_a_photograph(render, findings, monkeypatch):
    monkeypatch.setattr(pdf, "_LARGEST_VECTORS", 10)
    paper = Paper(render(findings))
    assert [len(page.images) for page in paper.reader.pages].count(1) == 1
    assert ("/Figure", "A falling line.") in paper.tags


def test_the_caption_of_a_table_stays_with_its_first_row(render, findings):
    table = pd.DataFrame({"label": [f"row {number}" for number in range(9)]})
    listing = Listing("long", f"{'A caption of some length. ' * 20}Its end.", table)
    for lines in range(18, 48, 6):  # steps of less than caption, head and row are high
        answer = tuple(f"Line {number}." for number in range(lines))
        found = replace(findings, answer=answer, claims=(), drawings=(), listings=(listing,))
        pages = Paper(render(found)).pages
        (page,) = [page for page in pages if "Table 1." in page]
        assert "Its end." in page, lines
        assert "row 0" in page, lines


def test_the_head_of_the_claims_stays_with_the_first(render, findings, claim):
    claims = tuple(replace(claim, id=f"c{number}") for number in range(5))
    for lines in (32, 33, 34, 35):  # that fill the first page
        answer = tuple(f"Line {number}." for number in range(lines))
        found = replace(findings, answer=answer, claims=claims, listings=())
        pages = Paper(render(found)).pages
        (page,) = [page for page in pages if "Claims What was predicted" in page]
        assert "The signal holds." in page, lines
