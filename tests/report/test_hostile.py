"""Every text of a report is hostile; each file of its bundle, read again, has it as text."""

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
import yaml
from markdown_it import MarkdownIt
from matplotlib.figure import Figure
from packaging.requirements import Requirement

from initlab import report
from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.figures.style import plain_text
from initlab.report.inputs import WRITERS
from initlab.report.text import one_line
from initlab.report.write import write_report
from initlab.store.failures import record_failure

from .hostile import HOSTILE as EVERY
from .hostile import Page, has_control
from .paper import Paper
from .sample import RECORDED, load_sample, make_results

HOSTILE = [text for text in EVERY if "\ud800" not in text]
SHORT = [text for text in HOSTILE if len(text) < 100]
WHOLE = " ".join(SHORT)
CLEAN = one_line(WHOLE)
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")


def draw(table):
    figure = Figure(figsize=(4, 5))
    for row, label in enumerate(table["label"]):
        figure.text(0.1, row / len(table), plain_text(label), parse_math=False)
    return figure


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    fields = {"device": WHOLE, "jax_version": WHOLE, "initializer": WHOLE, "dataset": WHOLE}
    path = make_results(folder / "results" / "demo", **RECORDED | fields)
    record_failure(path, "group-9", error=WHOLE, attempt=1, run_ids=["run-9-0"])
    table = pd.DataFrame(
        {"label": SHORT, **{f"{mark} {place}": 1.5 for place, mark in enumerate(SHORT)}}
    )
    claim = Claim(
        id="a", statement=WHOLE, source=WHOLE, predicted=WHOLE, measured=1.0, interval=None, n=2,
        verdict="inconclusive", figure="profile", query=WHOLE,
    )  # fmt: skip
    findings = Findings(
        tuple(SHORT),
        (claim,),
        (Drawing("profile", f"A {WHOLE}", f"A {WHOLE}", table, draw),),
        (Listing("accuracies", WHOLE, table),),
    )
    return write_report(
        WHOLE,
        WHOLE,
        load_sample(path),
        findings,
        folder / "reports" / "demo",
        spec_text=WHOLE,
        command=WHOLE,
    )


def text_of(bundle, name):
    return (bundle / name).read_text(encoding="utf-8")


def letters(text):
    """What is left where lines may break anywhere, and marks stand for letters a font lacks."""
    return re.sub(r"[\s\u200b\ufffd\uff1d]", "", text)


def test_no_file_holds_a_control_character_or_turns_its_text_around(bundle):
    for path in sorted(bundle.rglob("*")):
        if path.is_file() and path.suffix not in (".png", ".pdf"):
            assert not has_control(path.read_text(encoding="utf-8").replace("\r", "")), path.name


def test_page_shows_it_as_text(bundle):
    text = text_of(bundle, "report.html")
    page = Page(text)
    own = (Path(report.__file__).parent / "templates" / "page.js").read_text(encoding="utf-8")
    assert page.all("script") == [{"type": "application/json", "id": "profiles"}, {}]
    assert re.findall(r"<script>(.*?)</script>", text, re.DOTALL) == [own]
    assert page.text.count(CLEAN) >= 6, "name, question, claim, its source, captions, command"
    assert [image["alt"] for image in page.all("img")] == [f"A {CLEAN}"]
    assert "&lt;" not in page.text
    assert "&amp;" not in page.text


def test_paper_shows_it_as_text(bundle):
    paper = Paper((bundle / "report.pdf").read_bytes())
    assert paper.reader.metadata.title == CLEAN
    assert ("/Figure", f"A {CLEAN}") in paper.tags
    shown = letters(re.sub(r"initlab report [0-9a-f]{16} \d+ / \d+", "", paper.text))
    without_code = letters(CLEAN.replace("`", ""))
    assert shown.count(letters(CLEAN)) + shown.count(without_code) >= 4
    assert not has_control(paper.text.replace("\n", ""))


def test_picture_is_well_formed_and_its_numbers_are_no_formulas(bundle):
    picture = ElementTree.fromstring(text_of(bundle, "figures/profile.svg"))  # noqa: S314
    assert not [one for one in picture.iter() if one.tag.endswith(("script", "img", "h1"))]
    for name in ("figures/profile.csv", "tables/accuracies.csv"):
        rows = list(csv.reader(io.StringIO(text_of(bundle, name))))
        assert {len(row) for row in rows} == {len(SHORT) + 1}
        assert [row[0].removeprefix("'") for row in rows[1:]] == [one_line(one) for one in SHORT]
        assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\uff1d"))]


def test_markdown_holds_one_table_and_no_markup(bundle):
    tokens = MARKDOWN.parse(text_of(bundle, "tables/accuracies.md"))
    inner = [one for token in tokens for one in token.children or ()]
    kinds = {one.type for one in (*tokens, *inner)}
    assert kinds <= {
        "paragraph_open", "paragraph_close", "inline", "text", "text_special", "table_open",
        "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open",
        "tr_close", "th_open", "th_close", "td_open", "td_close",
    }, kinds  # fmt: skip
    assert [token.type for token in tokens].count("tr_open") == len(SHORT) + 1
    caption = "".join(one.content for one in tokens[1].children)
    assert caption == CLEAN


def test_checklist_holds_headings_and_lists_alone(bundle):
    tokens = MARKDOWN.parse(text_of(bundle, "checklist.md"))
    inner = [one for token in tokens for one in token.children or ()]
    kinds = {one.type for one in inner}
    assert kinds <= {"text", "text_special", "softbreak", "strong_open", "strong_close"}
    assert [token.type for token in tokens].count("heading_open") == 17
    told = ["".join(one.content for one in token.children or ()) for token in tokens]
    assert f"Command: {CLEAN}" in told


def test_records_hold_it_as_a_string(bundle):
    (claim,) = json.loads(text_of(bundle, "claims.json"))
    assert (claim["statement"], claim["source"], claim["query"]) == (CLEAN, CLEAN, CLEAN)
    provenance = json.loads(text_of(bundle, "provenance.json"))
    assert (provenance["experiment"], provenance["question"]) == (CLEAN, CLEAN)
    assert provenance["devices"] == [CLEAN]
    assert yaml.safe_load(text_of(bundle, "CITATION.cff"))["title"] == CLEAN
    zenodo = json.loads(text_of(bundle, "zenodo.json"))
    assert zenodo["title"] == CLEAN
    assert {tag for tag, _ in Page(zenodo["description"]).elements} == {"p"}
    assert json.loads(text_of(bundle, "croissant.json"))["name"] == CLEAN
    graph = json.loads(text_of(bundle, "ro-crate-metadata.json"))["@graph"]
    crate = {one["@id"]: one for one in graph}
    assert crate["./"]["name"] == CLEAN
    assert crate["#run"]["description"] == CLEAN


def test_environment_installs_nothing_of_it(bundle):
    lines = text_of(bundle, "environment.txt").splitlines()
    names = {Requirement(line).name for line in lines if line and not line.startswith("#")}
    assert names == set(WRITERS)


def test_bibliography_has_two_entries_of_its_own_with_even_braces(bundle):
    text = text_of(bundle, "cite.bib")
    entries = re.split(r"^@", text, flags=re.MULTILINE)[1:]
    assert [entry.partition("{")[0] for entry in entries][:2] == ["software", "misc"]
    for entry in entries:  # BibTeX counts those behind a backslash too
        assert entry.count("{") == entry.count("}")
