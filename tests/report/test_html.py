import base64
import hashlib
import itertools
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from markupsafe import Markup

from initlab.analysis.findings import Findings, Listing
from initlab.report import html
from initlab.report.census import take_census
from initlab.report.check import VERDICTS, check_findings
from initlab.report.html import Picture, code_spans, render_page
from initlab.report.images import Image
from initlab.report.profiles import Profiles
from initlab.report.provenance import describe_source

from .hostile import HOSTILE as EVERY
from .hostile import Page, has_control
from .sample import SPEC

HOSTILE = [text for text in EVERY if "\ud800" not in text]
CSS = Path("initlab/report/templates/report.css")


@pytest.fixture
def render(results):
    def render(
        findings,
        *,
        name="demo",
        question="Does it hold?",
        spec=SPEC,
        command="make sweep",
        said=(),
        profiles=None,
    ):
        findings = check_findings(findings)
        source = describe_source(
            name,
            question,
            results,
            take_census(results, list(results.committed)),
            spec_text=spec,
            command=command,
        )
        image = Image("data:image/svg+xml;base64,PHN2Zy8+", 500, 250)
        pictures = [Picture(drawing, image) for drawing in findings.drawings]
        return render_page(source, findings, pictures, said, "0123456789abcdef", profiles)

    return render


@pytest.fixture
def page(render, findings):
    return Page(render(findings))


def test_page_asks_for_nothing_outside_itself(render, findings):
    text = render(findings)
    page = Page(text)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert page.all("script") == [{}]
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    assert all(image["src"].startswith("data:image/") for image in page.all("img"))
    assert not re.search(r"url\((?!#)|@import", text)
    (policy,) = [meta for meta in page.all("meta") if "http-equiv" in meta]
    assert policy["http-equiv"] == "Content-Security-Policy"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy["content"] == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_page_has_a_language_a_title_and_a_width_for_phones(page):
    assert page.all("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all(
        "meta"
    )
    assert "Does it hold? \N{EN DASH} demo" in page.texts


def test_page_has_landmarks_and_headings_without_gaps(page):
    for landmark in ("header", "nav", "main", "footer", "h1"):
        assert len(page.all(landmark)) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_anchor_leads_somewhere_and_ids_are_unique(page):
    assert len(page.ids) == len(set(page.ids))
    targets = [link["href"] for link in page.all("a")]
    assert {target[1:] for target in targets if target.startswith("#")} <= set(page.ids)
    assert targets[0] == "#answer"
    labels = [label for _, found in page.elements if (label := found.get("aria-labelledby"))]
    assert set(labels) <= set(page.ids)


def test_claim_shows_prediction_measurement_interval_n_verdict_and_figure(page):
    assert (
        "The signal holds. Figure 1 , source 1 , holds 1 a layer 0.987 "
        "[0.971, 1.004] n = 5 ✓ supported "
        "Sources of the claims He et al. 2015, section 2.2. "
    ) in page.text
    assert "How each number is computed holds geometric mean over seeds" in page.text


@pytest.mark.parametrize(
    ("verdict", "shown"),
    [("supported", "✓ supported"), ("refuted", "✗ refuted"), ("inconclusive", "? inconclusive")],
)
def test_verdict_has_a_word_and_a_symbol(render, findings, claim, verdict, shown):
    text = render(replace(findings, claims=(replace(claim, verdict=verdict),)))
    assert shown in Page(text).text


def test_number_that_was_not_measured_is_said_to_be_none(render, findings, claim):
    unmeasured = replace(claim, measured=float("nan"), interval=None, verdict="inconclusive")
    assert "1 a layer not measured n = 5 ? inconclusive" in (
        Page(render(replace(findings, claims=(unmeasured,)))).text
    )


def test_claims_can_be_shown_by_verdict_without_a_script(render, findings, claim):
    refuted = replace(claim, id="fails", verdict="refuted")
    page = Page(render(replace(findings, claims=(claim, refuted, replace(refuted, id="no")))))
    assert "Show all 3 ✓ supported 1 ✗ refuted 2" in page.text
    choices = [found["id"] for found in page.all("input")]
    assert choices == ["show-all", "show-supported", "show-refuted"]
    rows = [found["data-verdict"] for found in page.all("tr") if "data-verdict" in found]
    assert rows == ["supported", "refuted", "refuted"]
    hidden = re.findall(
        r'#show-(\w+):checked\) tbody tr:not\(\[data-verdict="(\w+)"', CSS.read_text()
    )
    assert hidden == [(verdict, verdict) for verdict in VERDICTS]


def test_claims_of_one_kind_are_folded_into_a_line_with_their_verdicts(render, findings, claim):
    ids = ("grows", "factor-a", "factor-b", "factor-c", "holds-a", "holds-b")
    claims = [replace(claim, id=name, statement=f"It is {name}.") for name in ids]
    claims[2] = replace(claims[2], verdict="refuted")
    page = Page(render(replace(findings, claims=tuple(claims))))
    assert "3 claims factor : ✓ 2 supported ✗ 1 refuted The first: It is factor-a." in page.text
    rows = [found.get("data-verdict", "family") for found in page.all("tr")[1:8]]
    assert rows == ["supported", "family", "supported", "refuted", *["supported"] * 3]
    assert [found["class"] for found in page.all("input")[3:]] == ["unfold"]
    folding = CSS.read_text().partition("@media screen {")[2].partition("\n}")[0]
    assert "tbody:has(.unfold:not(:checked)) tr[data-verdict]:not(:target)" in folding


def test_a_source_is_written_once_however_many_claims_have_it(render, findings, claim):
    claims = (claim, replace(claim, id="b"), replace(claim, id="c", source="Another"))
    page = Page(render(replace(findings, claims=claims)))
    assert page.text.count("He et al. 2015, section 2.2") == 1
    links = [link["href"] for link in page.all("a") if "#source-" in link["href"]]
    assert links == ["#source-1", "#source-1", "#source-2"]


def test_figure_has_alt_text_size_caption_and_its_files(page):
    (image,) = page.all("img")
    assert image["alt"] == "A falling line."
    assert (image["width"], image["height"]) == ("500", "250")
    assert "Figure 1. Signal by layer, mean, n = 5." in page.text
    links = [link["href"] for link in page.all("a")]
    for ending in ("pdf", "svg", "png", "csv"):
        assert f"figures/profile.{ending}" in links


def test_tables_have_captions_that_do_not_scroll_and_scopes(page):
    captions = [found["id"] for found in page.all("p") if found.get("class") == "caption"]
    assert [table.get("aria-labelledby") for table in page.all("table")[:2]] == captions
    order = [found for _, found in page.elements]
    for name in captions[1:]:
        caption, scroll = ({"class": "caption", "id": name}, {"class": "scroll"})
        assert scroll.items() <= order[order.index(caption) + 2].items()
    assert all(head["scope"] in ("row", "col") for head in page.all("th"))


def test_page_says_how_to_check_it(page):
    at = page.text.index("To check it")
    assert at < page.text.index("To run it again")
    for command in ("initlab verify BUNDLE", "initlab replay RUN_ID"):
        assert command in page.text[at:]


def test_page_says_how_it_was_run(page):
    for said in (
        "completed 4 reached the last step",
        "Versions jax 0.12.0",
        "Device cpu",
        "The command make sweep",
        'The specification question = "Does it hold?" seeds = 2',
        "Report 0123456789abcdef",
    ):
        assert said in page.text


def test_findings_that_say_nothing_give_a_page_that_says_so(render):
    page = Page(render(Findings((), (), ())))
    assert "The analysis of this experiment puts no answer into words." in page.text
    assert "The analysis of this experiment tests no claim." in page.text
    assert page.all("figure") == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_never_obeyed(render, findings, claim, drawing, text):
    table = pd.DataFrame({text or "x": [text]})
    marked = Findings(
        (text,),
        (replace(claim, statement=text, source=text, predicted=text, query=text),),
        (replace(drawing, caption=text + ".", alt=text + "."),),
        (Listing("t", text, table),),
    )
    calm = Page(
        render(replace(findings, listings=(Listing("t", "c", pd.DataFrame({"x": ["y"]})),)))
    )
    page = Page(render(marked, name=text, question=text, spec=text, command=text))
    assert not has_control("".join(page.texts).replace("\n", "").replace("\t", ""))
    shape = [tag for tag, _ in page.elements if tag != "code"]
    assert shape == [tag for tag, _ in calm.elements if tag != "code"]
    assert {name for _, found in page.elements for name in found} == {
        name for _, found in calm.elements for name in found
    }


def test_code_spans_are_marked_and_an_odd_backtick_is_text():
    assert code_spans("`a<b` and `c`") == "<code>a&lt;b</code> and <code>c</code>"
    assert code_spans("a ` b <i>") == "a ` b &lt;i&gt;"


def test_captions_of_tables_mark_code_too(render, findings):
    listing = replace(findings.listings[0], caption="Of `a<b`, see `factors`.")
    text = render(replace(findings, listings=(listing,)))
    assert "Of <code>a&lt;b</code>, see <code>factors</code>." in text


def test_figure_too_large_for_the_page_is_named(results, findings):
    source = describe_source("d", "q", results, take_census(results), spec_text="", command="")
    page = Page(render_page(source, findings, [Picture(findings.drawings[0], None)], [], "0"))
    assert page.all("img") == []
    assert "too large for the page: figures/profile.png . A falling line." in page.text


def crowded(results, findings, *, letters, tables, pictures):
    """A page of tables of 600 rows, of 2 MB of profiles, and of pictures as large as they come."""
    table = pd.DataFrame({"number": range(600), "text": ["x" * letters] * 600})
    listings = tuple(Listing(f"table-{number}", "Many rows.", table) for number in range(tables))
    image = Image(f"data:image/svg+xml;base64,{'A' * 333_334}", 500, 250)
    drawings = tuple(
        replace(findings.drawings[0], name=f"figure-{number}") for number in range(pictures)
    )
    found = replace(findings, claims=(), drawings=drawings, listings=listings)
    source = describe_source("d", "q", results, take_census(results), spec_text="", command="")
    profiles = Profiles("Profiles.", Markup('"{}"').format("A" * 2_000_000))
    return render_page(source, found, [Picture(one, image) for one in drawings], [], "0", profiles)


def test_the_page_stays_below_its_limit_whatever_is_in_it(results, findings):
    text = crowded(results, findings, letters=300, tables=4, pictures=30)
    assert 8_000_000 - 333_434 < len(text.encode()) < 8_000_000, "no further picture has room"
    shown = text.count("<img ")
    assert 0 < shown < 30
    assert text.count("This figure is too large for the page") == 30 - shown
    assert text.count("Here are the first 500 of 600 rows") == 4


def test_rows_of_tables_give_way_where_they_fill_the_page(results, findings, monkeypatch):
    monkeypatch.setattr(html, "LARGEST", 2_700_000)  # of which the profiles take 2 MB
    text = crowded(results, findings, letters=300, tables=5, pictures=2)
    assert len(text.encode()) < 2_700_000
    assert text.count("Here are the first 100 of 600 rows") == 5
    assert text.count("<img ") == 1


def test_a_picture_that_finds_no_room_makes_it_for_a_smaller_one(results, findings):
    source = describe_source("d", "q", results, take_census(results), spec_text="", command="")
    sizes = [3_000_000, 3_000_000, 3_000_000, 1_000]
    drawings = [replace(findings.drawings[0], name=f"figure-{n}") for n in range(len(sizes))]
    found = replace(findings, claims=(), drawings=tuple(drawings))
    pictures = [
        Picture(one, Image(f"data:,{'A' * size}", 500, 250))
        for one, size in zip(drawings, sizes, strict=True)
    ]
    page = Page(render_page(source, found, pictures, [], "0"))
    assert [len(image["src"]) for image in page.all("img")] == [3_000_006, 3_000_006, 1_006]


def test_a_report_without_a_question_has_a_title(render, findings):
    page = Page(render(findings, question=""))
    assert page.text.startswith("Experiment demo \N{EN DASH} demo")
    assert page.text.count("Experiment demo ") >= 2


def test_what_needs_the_script_is_hidden_without_it(render, findings):
    profiles = Profiles("Profiles, n = 5.", Markup('{"steps":[0]}'))
    page = Page(render(findings, profiles=profiles))
    waiting = [(tag, found) for tag, found in page.elements if "data-needs-script" in found]
    assert [tag for tag, _ in waiting] == ["li", "label", "section"]
    assert all("hidden" in found for _, found in waiting)
    assert {"type": "application/json", "id": "profiles"} in page.all("script")


def test_a_claim_bears_the_number_that_it_is_sorted_by(render, findings, claim):
    unmeasured = replace(claim, id="b", measured=float("nan"), interval=None, verdict="refuted")
    page = Page(render(replace(findings, claims=(claim, unmeasured))))
    assert [row["data-measured"] for row in page.all("tr") if "data-measured" in row] == [
        "0.9873", ""
    ]  # fmt: skip


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_colours_stand_out_in_light_and_dark_and_print():
    """4.5 to 1 is WCAG 2.2's level AA for text (success criterion 1.4.3)."""
    palettes = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{(.*?)\}", CSS.read_text(), re.DOTALL)
    ]
    assert len(palettes) == 3
    for palette in palettes:
        for ground in ("paper", "tint"):
            for ink in ("ink", "quiet", "link", "good", "bad", "open"):
                dark, light = sorted([luminance(palette[ink]), luminance(palette[ground])])
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
