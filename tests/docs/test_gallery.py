"""The gallery shows every figure with what its report says of it, and obeys no text of it."""

import pandas as pd
import pytest
from markdown_it import MarkdownIt
from matplotlib.figure import Figure

from initlab.analysis.findings import Drawing, Findings
from initlab.report.write import write_report
from scripts.site.gallery import figures_of, gallery

from ..report.hostile import HOSTILE
from ..report.sample import SPEC, load_sample, make_results

WHOLE = " ".join(text for text in HOSTILE if "\ud800" not in text and len(text) < 100)


def draw(table):
    return Figure(figsize=(2, 1))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A report in a folder with a name that is Markdown, each of whose texts is hostile."""
    folder = tmp_path_factory.mktemp("gallery")
    table = pd.DataFrame({"value": [1.0]})
    drawings = (
        Drawing("first", f"A caption, {WHOLE}", f"An alt text, {WHOLE}", table, draw),
        Drawing("second", "Plain.", "It's 'quoted': # no comment.", table, draw),
    )
    return write_report(
        WHOLE, WHOLE, load_sample(make_results(folder / "results")),
        Findings((), (), drawings), folder / "a](b) {x}`y", spec_text=SPEC, command="make",
    )  # fmt: skip


def test_a_page_gives_its_figures_with_alt_text_and_caption(bundle):
    first, second = figures_of((bundle / "report.html").read_text())
    assert (first.name, second.name) == ("first", "second")
    assert second.alt == "It's 'quoted': # no comment."
    assert "".join(second.caption).strip() == "Figure 2. Plain."
    assert first.alt.startswith("An alt text, <script>alert(1)</script>")


def test_hostile_names_are_text(bundle, tmp_path):
    page = gallery([bundle], tmp_path / "images")
    tokens = MarkdownIt("commonmark", {"html": True}).parse(page)
    inner = [one for token in tokens for one in token.children or ()]
    kinds = {one.type for one in (*tokens, *inner)}
    assert not kinds & {"html_block", "html_inline", "image", "code_inline", "strong_open"}
    assert [one.attrs["href"] for one in inner if one.type == "link_open"] == ["../figures.md"]
    headings = [tokens[n + 1] for n, one in enumerate(tokens) if one.type == "heading_open"]
    shown = ["".join(one.content for one in token.children) for token in headings]
    assert shown[0] == "Gallery"
    assert shown[1].startswith("<script>alert(1)</script>")
    figures = [token for token in tokens if token.type == "fence"]
    assert [token.info.split() for token in figures] == [
        ["{figure}", "images/1-first.png"], ["{figure}", "images/1-second.png"]
    ]  # fmt: skip
    assert figures[1].content == ":alt: 'It''s ''quoted'': # no comment.'\n\nPlain\\.\n"
    assert len(figures[0].content.splitlines()) == 3


def test_pictures_of_an_earlier_gallery_go(bundle, tmp_path):
    images = tmp_path / "images"
    images.mkdir()
    (images / "9-old.png").write_bytes(b"old")
    gallery([bundle], images)
    assert sorted(path.name for path in images.iterdir()) == ["1-first.png", "1-second.png"]
