import json
import re

import pytest

from initlab.analysis.findings import Findings
from initlab.report.index import first_sentence, write_index
from initlab.report.write import write_report
from initlab.store.failures import record_failure

from .hostile import HOSTILE, Page, has_control
from .sample import SPEC, load_sample, make_results


@pytest.fixture
def reports(tmp_path, results, findings):
    """A folder with two reports, the second of which says nothing, and other things."""
    folder = tmp_path / "reports"
    for name, found in (("a b", findings), ("demo", Findings((), (), ()))):
        write_report(
            name, f"Does {name} hold?", results, found, folder / name,
            spec_text=SPEC, command="make sweep",
        )  # fmt: skip
    (folder / "notes").mkdir()
    (folder / "README.md").write_text("mine")
    return folder


def test_each_report_is_listed_with_its_answer_thumbnail_and_verdicts(reports):
    page = Page(write_index(reports).read_text())
    assert [link["href"] for link in page.all("a")] == ["a%20b/report.html", "demo/report.html"]
    assert (
        "Does a b hold? The signal holds: 0.987 [0.971, 1.004]. a b , 4 runs, 1 supported"
        in page.text
    )
    assert page.text.endswith("Does demo hold? demo , 4 runs")
    (picture,) = page.all("img")
    assert picture["alt"] == "", "what it shows stands beside it"
    assert picture["src"].startswith("data:image/webp;base64,")
    assert int(picture["width"]) == 320


def test_missing_and_failed_runs_and_single_seeds_are_told(tmp_path):
    path = make_results(tmp_path / "results", depths=(3,), seeds=1)
    record_failure(path, "group-9", error="no memory", attempt=1, run_ids=["run-9-0"])
    write_report(
        "demo", "Does it hold?", load_sample(path), Findings((), (), ()), tmp_path / "all" / "demo",
        spec_text=SPEC, command="make sweep", planned=["run-3-0", "run-9-0", "run-7-0", "run-7-1"],
    )  # fmt: skip
    text = Page(write_index(tmp_path / "all").read_text()).text
    assert text.endswith("demo , 1 run, 2 of 4 runs missing , 1 of 4 runs failed , one seed each")


def test_writing_again_follows_what_lies_there(reports):
    write_index(reports)
    (reports / "demo").rename(reports.parent / "away")
    assert "Does demo hold?" not in write_index(reports).read_text()
    assert sorted(path.name for path in reports.iterdir()) == [
        "README.md", "a b", "index.html", "notes"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"answer": 3},
        {"answer": [None]},
        {"runs": []},
        {"runs": {"completed": "many", "diverged": 0}},
        {"figures": {"a": 1}},
        {"question": None},
    ],
)
def test_a_report_whose_record_is_malformed_is_left_out_and_told(reports, change):
    path = reports / "demo" / "provenance.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    told = []
    page = Page(write_index(reports, told.append).read_text())
    assert [link["href"] for link in page.all("a")] == ["a%20b/report.html"]
    assert told == [
        f"{path} is left out of index.html: it lacks its experiment, question, answer, figures or "
        "runs, or their form"
    ]


def test_a_figure_with_an_impossible_name_is_no_picture(reports):
    path = reports / "demo" / "provenance.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"figures": ["a\0b"]}))
    assert len(Page(write_index(reports).read_text()).all("img")) == 1


def test_a_folder_without_reports_says_how_to_make_one(tmp_path):
    assert "No report lies here yet: initlab report EXPERIMENT writes one." in (
        Page(write_index(tmp_path).read_text()).text
    )


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\ud800" not in text])
def test_hostile_text_is_shown_and_never_obeyed(tmp_path, results, text):
    found = Findings((text,), (), ())
    write_report(
        text, text, results, found, tmp_path / "reports" / "x", spec_text=SPEC, command="make"
    )
    page = Page(write_index(tmp_path / "reports").read_text())
    assert not has_control("".join(page.texts).replace("\n", "").replace("\t", ""))
    assert [tag for tag, _ in page.elements if tag in ("script", "img", "b", "h1")] == ["h1", "b"]


def test_it_asks_for_nothing(reports):
    text = write_index(reports).read_text()
    (policy,) = [meta for meta in Page(text).all("meta") if "http-equiv" in meta]
    assert policy["content"].startswith("default-src 'none'; img-src data:; style-src")
    assert not re.search(r"url\(|@import|<script", text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("It holds. It grows.", "It holds."),
        ("Does it hold? No, 0.1 a layer. Why?", "Does it hold? No, 0.1 a layer."),
        ("Without an end", "Without an end"),
        ("He et al. say so. It holds.", "He et al. say so."),
        ("It halves, i.e. vanishes (cf. Fig. 2). Next.", "It halves, i.e. vanishes (cf. Fig. 2)."),
        ("The seeds equal. 5 of 6.", "The seeds equal."),
    ],
)
def test_the_answer_is_told_in_its_first_sentence(text, sentence):
    assert first_sentence(text) == sentence
