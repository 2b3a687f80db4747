"""The page in a real browser: what the script draws, what it asks for, and whom it serves."""

import os
import shutil

import pytest

from initlab.analysis.findings import Findings
from initlab.analysis.profiles import FORWARD
from initlab.report.index import write_index
from initlab.report.load_analysis import load_analysis
from initlab.report.write import write_report
from initlab.store.query import load_results

from ..experiments.signals import signal
from ..experiments.tables import ROOT, publish
from .sample import SPEC

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
WIDTHS = (390, 820, 1440)

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright
except ImportError:
    Axe = sync_playwright = None

pytestmark = pytest.mark.skipif(
    BROWSER is None or sync_playwright is None,
    reason="needs Debian's chromium and requirements/browser.txt, both of which .ci/run installs",
)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A folder of one report, of two activations by two depths by three initializers."""
    folder = tmp_path_factory.mktemp("browser")
    moving = {FORWARD: lambda seed, step, layer: 2.0**layer * 10.0 ** (step / 2)}
    kinds = [
        signal(2.0 if law == "he_normal" else 0.5, depth=depth, activation=activation,
               initializer=law, scatter=0.05, more=moving if law == "he_normal" else None,
               predictions={FORWARD: [0.5**layer for layer in range(1, depth + 1)]})
        for activation in ("relu", "tanh")
        for depth in (5, 10)
        for law in ("he_normal", "lecun_normal", "zeros")
    ]  # fmt: skip
    results = load_results(publish(folder / "results", *kinds))
    findings = load_analysis(ROOT / "experiments" / "signal_propagation")(results)
    write_report(
        "demo", "How far does the signal travel?", results, findings,
        folder / "reports" / "demo", spec_text=SPEC, command="make sweep",
    )  # fmt: skip
    _write_gridless(folder)
    write_index(folder / "reports")
    return folder / "reports"


def _write_gridless(folder):
    """Writes a report of single products, which are compared field by field."""
    kinds = [
        signal(factor, depth=depth, **fields)
        for factor, depth, fields in (
            (2.0, 5, {"pooling": "max", "dropout": 0.0}),
            (0.5, 5, {"pooling": "none", "dropout": 0.0}),
            (1.0, 4, {"pooling": "max", "dropout": 0.2}),
            (2.0, 4, {"pooling": "max", "dropout": 0.5}),
        )
    ]
    results = load_results(publish(folder / "gridless", *kinds))
    write_report(
        "gridless", "What does pooling do?", results, Findings((), (), ()),
        folder / "reports" / "gridless", spec_text=SPEC, command="make sweep",
    )  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def opened(browser, reports):
    """Opens a page from disk, and at the end checks what it asked for and complained of."""
    contexts, requests, complaints = [], [], []

    def open_page(name="demo/report.html", *, width=1440, scheme="light", script=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((reports / name).as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    asked = [url for url in requests if not url.startswith(("file:", "data:"))]
    loaded = [url for url in requests if url.startswith("file:")]
    assert (asked, complaints) == ([], [])
    assert len(loaded) == len(contexts), "the page alone is read from the disk"


def lines(page):
    """What is drawn: each panel's name, and where its lines run."""
    return page.eval_on_selector_all(
        "#explore-panels figure",
        """figures => figures.map(one => [one.querySelector('figcaption').textContent,
            [...one.querySelectorAll('.line')].map(line => line.getAttribute('d')).join(' ')])""",
    )


def legend(page):
    """The names of the lines that can be drawn."""
    return [text.strip() for text in page.locator("#explore-legend label").all_inner_texts()]


def test_pickers_choose_which_panels_are_drawn(opened):
    page = opened()
    assert [name for name, _ in lines(page)] == [
        f"relu, depth {depth}, {way}" for way in ("forward", "backward") for depth in (5, 10)
    ]
    page.select_option("#explore-depth", "10")
    page.select_option("#explore-activation", "tanh")
    assert [name for name, _ in lines(page)] == [
        "tanh, depth 10, forward", "tanh, depth 10, backward"
    ]  # fmt: skip
    page.select_option("#explore-activation", "")
    page.select_option("#explore-depth", "")
    assert len(lines(page)) == 8


def test_fields_of_a_sweep_without_a_grid_are_compared_one_at_a_time(opened):
    page = opened("gridless/report.html")
    names = page.locator("#explore-compared option").all_inner_texts()
    assert names == ["pooling", "dropout"]
    assert legend(page) == ["max", "none"]
    assert page.locator("#explore-held").inner_text() == "Held: dropout 0."
    before = lines(page)
    page.select_option("#explore-compared", label="dropout")
    assert page.locator("#explore-held").inner_text() == "Held: pooling max."
    assert legend(page) == ["0", "0.2", "0.5"]
    assert lines(page) != before
    assert opened().locator("#explore-compared").is_hidden()


def test_slider_moves_the_lines_from_step_to_step_by_keyboard(opened):
    page = opened()
    slider = page.locator("#explore-step")
    before = dict(lines(page))
    assert page.locator("#explore-shown").inner_text() == "0 of 10"
    assert page.locator("path.theory").count() == 6, "forward, in each panel three trials"
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "step 1"
    page.keyboard.press("End")
    assert page.locator("#explore-shown").inner_text() == "10 of 10"
    after = dict(lines(page))
    assert before["relu, depth 5, forward"] != after["relu, depth 5, forward"], "it moves by 1e5"
    assert before["relu, depth 5, backward"] == after["relu, depth 5, backward"], "it stays"
    assert page.locator("path.theory").count() == 0


def test_a_panel_tells_its_numbers_to_whom_cannot_see_it(opened):
    said = opened().locator("#explore-panels svg").first.get_attribute("aria-label")
    assert said.startswith(
        "relu, depth 5, forward: mean square of preactivations at step 0, from layer 1 to layer 5. "
    )
    # 2 and 32 in the mean over seeds, to a hundredth of a power of ten.
    assert "He normal 2.00 to 32.4" in said
    assert "LeCun normal 0.501 to 0.0309" in said


def test_a_line_can_be_taken_out_and_put_back(opened):
    page = opened()
    count = page.locator("#explore-panels .line").count()
    box = page.get_by_role("checkbox", name="He normal")
    box.uncheck()
    assert page.locator("#explore-panels .line").count() == count * 2 // 3
    box.check()
    assert page.locator("#explore-panels .line").count() == count


def verdicts(page):
    return page.eval_on_selector_all(
        "tr[data-verdict]", "rows => rows.map(row => row.dataset.verdict)"
    )


def test_claims_are_sorted_and_filtered(opened):
    page = opened()
    ids = "rows => rows.map(row => row.id)"
    original = page.eval_on_selector_all("tr[data-verdict]", ids)
    page.select_option("#sort-claims", "verdict")
    first = page.eval_on_selector_all(
        "table.claims tbody",
        "all => all.map(one => one.querySelector('[data-verdict]').dataset.verdict)",
    )
    rank = {"refuted": 0, "inconclusive": 1, "supported": 2}
    assert [rank[one] for one in first] == sorted(rank[one] for one in first)
    assert len(set(first)) > 1
    assert page.locator("th[aria-sort=ascending]").inner_text() == "Verdict"
    page.select_option("#sort-claims", "measured")
    numbers = page.eval_on_selector_all(
        "table.claims tbody",
        "all => all.map(one => one.querySelector('[data-verdict]').dataset.measured)",
    )
    known = [float(number) for number in numbers if number]
    assert known == sorted(known)
    page.select_option("#sort-claims", "")
    assert page.eval_on_selector_all("tr[data-verdict]", ids) == original
    assert page.locator("th[aria-sort]").count() == 0
    page.check("#show-supported")
    shown = page.locator("tr[data-verdict]:visible")
    assert shown.count() == verdicts(page).count("supported")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["demo/report.html", "index.html"])
def test_axe_finds_no_serious_fault_and_nothing_runs_off_the_side(opened, name, width, scheme):
    page = opened(name, width=width, scheme=scheme)
    for box in page.locator(".unfold").all():
        box.check()
    # axe comes through the debugger, past the page's policy, which would refuse it.
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"]) for one in serious] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("INITLAB_SCREENSHOTS"):
        path = f"{folder}/{name.replace('/', '-')}-{width}-{scheme}.png"
        page.screenshot(path=path, full_page=True)


def test_without_a_script_all_claims_and_figures_are_there(opened):
    page = opened(script=False)
    assert page.locator("#explore").is_hidden()
    assert page.locator("#sort-claims").is_hidden()
    assert page.locator("#figures img").count() > 3


def test_printed_it_shows_the_profiles_and_no_control(opened):
    page = opened()
    page.emulate_media(media="print")
    assert page.locator("#explore-panels svg").first.is_visible()
    for control in ("#explore-step", "#explore-activation", "#sort-claims", "nav"):
        assert page.locator(control).is_hidden()


def test_printed_a_figure_and_its_caption_fit_one_page(opened):
    page = opened(width=695)  # of letter paper, less margins of 16 mm
    page.emulate_media(media="print")
    heights = page.eval_on_selector_all(
        "#figures figure", "all => all.map(one => one.getBoundingClientRect().height)"
    )
    millimetre = 96 / 25.4
    assert max(heights) <= (279 - 36) * millimetre
    # The longest caption of the experiments here has 727 letters.
    page.eval_on_selector_all(
        "#figures figcaption", "all => all.forEach(one => one.textContent = 'letters '.repeat(100))"
    )
    captions = page.eval_on_selector_all(
        "#figures figcaption", "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert max(captions) <= (279 - 36 - 200 - 5) * millimetre, "a picture may have 200 mm"


def test_a_specification_that_a_page_ends_in_keeps_its_lines_off_the_edge(opened):
    page = opened()
    page.emulate_media(media="print")
    styles = page.locator("#run pre").last.evaluate(
        "one => (({overflowX, boxDecorationBreak, orphans}) => [overflowX, boxDecorationBreak, "
        "orphans])(getComputedStyle(one))"
    )
    assert styles == ["visible", "clone", "3"]


def test_index_leads_to_the_report(opened):
    page = opened("index.html")
    links = page.get_by_role("link").all()
    assert [link.get_attribute("href") for link in links] == [
        "demo/report.html", "gridless/report.html"
    ]  # fmt: skip


FOCUSED = """() => {
    const one = document.activeElement;
    return one.id || one.className || one.getAttribute('href') || one.tagName;
}"""


def test_the_first_key_leads_past_the_contents_to_the_answer(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0, "it is seen where it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "answer"
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "show-all", "the contents are behind"


def test_claims_and_pickers_are_worked_by_keys_in_the_order_of_the_page(opened):
    page = opened()
    page.locator("#answer").focus()
    met = []
    while not met or met[-1] != "explore-step":
        page.keyboard.press("Tab")
        met.append(page.evaluate(FOCUSED))
        assert len(met) < 200
    assert met[:2] == ["show-all", "sort-claims"]
    assert met[-3:] == ["explore-activation", "explore-depth", "explore-step"]
    tops = "() => document.activeElement.getBoundingClientRect().top + window.scrollY"
    assert page.evaluate(tops) > 0
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("t")
    assert page.locator("#explore-activation").input_value() == "tanh"
    assert {name.partition(",")[0] for name, _ in lines(page)} == {"tanh"}


def test_claims_of_a_kind_unfold_and_verdicts_are_chosen_by_keys(opened):
    page = opened()
    box = page.locator(".unfold").first
    body = page.locator("tbody", has=box)
    hidden = body.locator("tr[data-verdict]").first
    assert hidden.is_hidden()
    box.focus()
    page.keyboard.press("Space")
    assert hidden.is_visible()
    page.keyboard.press("Space")
    assert hidden.is_hidden()
    page.locator("#show-all").focus()
    page.keyboard.press("ArrowDown")
    chosen = page.evaluate(FOCUSED).removeprefix("show-")
    assert chosen in ("supported", "refuted", "inconclusive")
    assert set(page.eval_on_selector_all(
        "tr[data-verdict]",
        "rows => rows.filter(row => row.offsetParent).map(row => row.dataset.verdict)",
    )) <= {chosen}  # fmt: skip
