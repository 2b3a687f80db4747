import csv
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib.figure import Figure

from initlab.analysis.findings import Findings
from initlab.figures.style import plain_text
from initlab.report import inputs
from initlab.report.default import analyse
from initlab.report.write import write_report
from initlab.store.failures import record_failure

from .hostile import HOSTILE as EVERY
from .hostile import Page
from .paper import Paper
from .sample import RECORDED, SPEC, load_sample, make_results, publish

HOSTILE = [text for text in EVERY if "\ud800" not in text]
ROOT = Path(__file__).parents[2]
REPORT = """
import sys
from pathlib import Path
sys.path[:0] = [{tests!r}]
from report.sample import SPEC, load_sample
from initlab.report.default import analyse
from initlab.report.write import write_report
results = load_sample(Path("results/demo"))
write_report("demo", "Does it hold?", results, analyse(results), Path("reports/demo"),
             spec_text=SPEC, command="make sweep", planned=list(results.committed))
"""


@pytest.fixture
def write(tmp_path):
    def write(results, findings, *, out="reports/demo", spec=SPEC, command="make sweep", **further):
        return write_report(
            "demo", "Does it hold?", results, findings, tmp_path / out, spec_text=spec,
            command=command, **further,
        )  # fmt: skip

    return write


def provenance(bundle):
    return json.loads((bundle / "provenance.json").read_text())


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_methods_are_written_as_text_and_escaped_for_latex(write, tmp_path):
    fields = RECORDED | {"initializer": "my_law", "readout_initializer": "my_law"}
    results = load_sample(make_results(tmp_path / "demo", **fields))
    bundle = write(results, Findings((), (), ()))
    said = Page((bundle / "report.html").read_text()).text
    assert "Kernels were initialized by my law." in said
    assert "95 % Student t" in (bundle / "methods.txt").read_text()
    assert "95 \\% Student t" in (bundle / "methods.tex").read_text()


def test_bundle_holds_what_was_promised(write, results, findings):
    bundle = write(results, findings)
    assert set(files(bundle)) == {
        "report.html", "report.pdf", "claims.json", "provenance.json", "cite.bib", "CITATION.cff",
        "zenodo.json", "ro-crate-metadata.json", "croissant.json", "checklist.md",
        "environment.txt",
        *(f"figures/profile.{ending}" for ending in ("pdf", "svg", "png", "csv")),
        *(f"tables/accuracies.{ending}" for ending in ("csv", "md", "tex")),
    }  # fmt: skip


def test_provenance_leads_back_to_results_specification_and_files(write, results, findings):
    bundle = write(results, findings, planned=["run-3-0", "run-9-0"])
    found = provenance(bundle)
    assert (bundle / found["results"]).resolve() == results.path
    assert found["results"] == "../../results/demo"
    own = results.only(["run-3-0"])
    assert found["results_digest"] == own.digest != results.digest
    shards = found["groups"].pop("group-3")["shards"]
    assert found["groups"] == {}, "nothing is known of the group that holds no declared run"
    for name, digest in shards.items():
        path = results.path / "groups" / "group-3" / name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    assert {"runs.parquet", "steps.parquet", "layers.parquet"} <= shards.keys()
    (claim,) = json.loads((bundle / "claims.json").read_text())
    assert claim["results_digest"] == own.digest
    assert found["spec_digest"] == hashlib.sha256(SPEC.encode()).hexdigest()
    assert found["versions"] == {"jax": ["0.12.0"]}
    assert found["devices"] == ["cpu"]
    assert found["runs"] == {
        "planned": 2, "completed": 1, "diverged": 0, "failed": 0, "missing": 1,
    }  # fmt: skip
    for name, content in files(bundle).items():
        if name != "provenance.json":
            assert found["files"].pop(name) == hashlib.sha256(content).hexdigest()
    assert found["files"] == {}
    assert found["report_id"] in (bundle / "report.html").read_text()


def test_same_inputs_give_the_same_bytes_in_separate_processes(tmp_path):
    bundles = []
    for name, seed in (("a", "1"), ("b", "2")):
        folder = tmp_path / name
        make_results(folder / "results" / "demo")
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"}
        environment["PYTHONPATH"] = str(ROOT)
        code = REPORT.format(tests=str(ROOT / "tests"))
        subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, check=True)
        bundles.append(files(folder / "reports" / "demo"))
    assert len(bundles[0]) == 18
    assert bundles[0] == bundles[1]


def test_report_id_follows_what_the_report_says_and_not_where_it_lies(
    write, results, findings, drawing
):
    def identity(findings, **further):
        return provenance(write(results, findings, **further))["report_id"]

    first = identity(findings)
    assert identity(findings, out="elsewhere/x", command="another") == first
    assert identity(findings, spec="seeds = 3") != first
    assert identity(replace(findings, answer=("No.",))) != first
    moved = replace(drawing, table=drawing.table.assign(value=[1.0, 0.98 + 1e-15]))
    assert identity(replace(findings, drawings=(moved,))) != first


def test_runs_that_are_not_declared_change_no_byte(write, findings, tmp_path):
    path = make_results(tmp_path / "results" / "demo", depths=(3,))
    planned = ["run-3-0", "run-3-1", "run-7-0"]
    alone = files(write(load_sample(path), findings, planned=planned))
    publish(path, depth=5)
    record_failure(path, "group-9", error="no memory", attempt=1, run_ids=["run-9-0"])
    with (path / "events.jsonl").open("a") as log:
        log.write('{"time": "2027-01-01T00:00:00+00:00", "event": "done", "group_id": "group-5"}')
    assert files(write(load_sample(path), findings, planned=planned)) == alone


def test_report_id_follows_what_the_report_was_made_from(write, results, findings, tmp_path):
    def identity(**further):
        bundle = write(results, findings, experiment=tmp_path, **further)
        return provenance(bundle)["report_id"]

    (tmp_path / "analysis.py").write_text("analyse = None\n")
    first = identity(planned=["run-3-0"])
    assert identity(planned=["run-3-0"]) == first
    others = {first, identity(planned=["run-3-0", "run-9-0"])}
    (tmp_path / "analysis.py").write_text("analyse = 1\n")
    others.add(identity(planned=["run-3-0"]))
    (tmp_path / "parts.py").write_text("ACTIVATIONS = {}\n")
    others.add(identity(planned=["run-3-0"]))
    assert len(others) == 4


@pytest.mark.parametrize("changed", ["version", "_PACKAGE"])
def test_report_id_follows_the_program_that_writes(
    write, results, findings, tmp_path, monkeypatch, changed
):
    first = provenance(write(results, findings))["report_id"]
    (tmp_path / "package").mkdir()
    other = tmp_path / "package" if changed == "_PACKAGE" else lambda name: f"9-{name}"
    monkeypatch.setattr(inputs, changed, other)
    assert provenance(write(results, findings))["report_id"] != first


def test_figures_bear_the_report_s_id(write, results, findings):
    bundle = write(results, findings)
    mark = f"initlab report {provenance(bundle)['report_id']}".encode()
    for ending in ("svg", "png", "pdf"):
        content = (bundle / "figures" / f"profile.{ending}").read_bytes()
        assert mark in content, ending


def test_writing_again_replaces_the_report_and_what_it_no_longer_has(write, results, findings):
    write(results, findings)
    bundle = write(results, replace(findings, listings=()))
    assert list((bundle / "tables").iterdir()) == []


def test_figure_that_cannot_be_drawn_is_named_and_nothing_is_left(
    write, results, findings, drawing, tmp_path
):
    def fail(table):
        raise ValueError("no such colour")

    with pytest.raises(ValueError, match="no such colour") as caught:
        write(results, replace(findings, drawings=(replace(drawing, draw=fail),)))
    assert caught.value.__notes__ == ["This happened while figure 'profile' was drawn."]
    assert list((tmp_path / "reports").iterdir()) == []


def test_hostile_labels_reach_figures_as_text_alone(write, results, findings, drawing):
    def draw(table):
        figure = Figure(figsize=(4, 4))
        for row, label in enumerate(table["label"]):
            figure.text(0.1, row / len(table), plain_text(label), parse_math=False)
        return figure

    table = pd.DataFrame({"label": HOSTILE, "=value": 1.0})
    bundle = write(results, replace(findings, drawings=(replace(drawing, table=table, draw=draw),)))
    picture = ElementTree.parse(bundle / "figures" / "profile.svg")  # noqa: S314
    assert not [node for node in picture.iter() if node.tag.endswith(("script", "img"))]
    with open(bundle / "figures" / "profile.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == len(HOSTILE) + 1
    assert {len(row) for row in rows} == {2}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def page_of(bundle):
    return Page((bundle / "report.html").read_text())


def on_top(bundle, *sentences):
    """Checks what a reader meets first: on the page before the answer, in the PDF on sheet one."""
    page = page_of(bundle).text
    sheet = Paper((bundle / "report.pdf").read_bytes()).pages[0]
    for sentence in sentences:
        assert sentence in page[: page.index(" Claims The analysis") + 1]
        assert sentence in sheet
    return page


def test_sweep_without_results_is_reported_as_such(write, tmp_path):
    results = load_sample(make_results(tmp_path / "results" / "demo", depths=()))
    page = on_top(
        write(results, analyse(results), planned=["a", "b"]),
        "0 trials; 0 runs; no claims tested",
        "No run has results yet, so nothing below rests on a measurement.",
        "Of 2 planned runs, 2 are missing",
    )
    assert "missing 2 planned, not run" in page


def test_one_seed_is_reported_as_such(write, tmp_path):
    results = load_sample(make_results(tmp_path / "results" / "demo", seeds=1))
    bundle = write(results, analyse(results))
    on_top(bundle, "2 trials, 1 seed each; 2 runs", "Each trial has one seed")


def test_one_seed_of_several_that_are_stored_is_reported_as_such(write, tmp_path):
    path = make_results(tmp_path / "results" / "demo", depths=(3,), seeds=5)
    publish(path, depth=4, seeds=5, jax_version="0.13.0", device="gpu")
    results = load_sample(path)
    bundle = write(results, analyse(results.only(["run-3-0"])), planned=["run-3-0"])
    page = on_top(
        bundle,
        "1 trial, 1 seed each; 1 run",
        "Each trial has one seed",
    )
    assert "not declared" not in page
    assert "several versions" not in page
    assert provenance(bundle)["versions"] == {"jax": ["0.12.0"]}
    checklist = (bundle / "checklist.md").read_text()
    assert "1 trial, 1 seed each; 1 run" in checklist
    assert "Each trial has one seed" in checklist


def test_sweep_in_which_all_diverged_is_reported_as_such(write, tmp_path):
    path = make_results(tmp_path / "results" / "demo", status="diverged", diverged_at_step=1)
    results = load_sample(path)
    on_top(
        write(results, analyse(results)),
        "4 runs, 4 of them diverged",
        "Every one of the 4 runs with results diverged",
    )


def test_half_of_the_groups_missing_is_reported_as_such(write, tmp_path):
    results = load_sample(make_results(tmp_path / "results" / "demo", depths=(3,)))
    planned = [f"run-{depth}-{seed}" for depth in (3, 4) for seed in (0, 1)]
    on_top(
        write(results, analyse(results), planned=planned),
        "1 trial, 2 seeds each; 2 runs",
        "Of 4 planned runs, 2 are missing: not run yet, and in no number here.",
    )


def test_groups_that_failed_are_listed_with_their_reason(write, tmp_path):
    path = make_results(tmp_path / "results" / "demo", depths=(3,))
    record_failure(
        path, "group-9", error="killed by <SIGKILL>", attempt=2, run_ids=["run-9-0", "run-9-1"]
    )
    results = load_sample(path)
    bundle = write(results, analyse(results))
    page = on_top(bundle, "2 runs failed and left no measurement")
    assert "group-9 , 2 runs, 1 attempt: killed by <SIGKILL>" in page
    paper = Paper((bundle / "report.pdf").read_bytes()).text
    assert "2 runs, 1 attempt: killed by <SIGKILL>" in paper


def test_mixed_versions_are_told_before_the_answer(write, tmp_path):
    path = make_results(tmp_path / "results" / "demo", depths=(3,))
    publish(path, depth=4, jax_version="0.13.0", device="gpu")
    results = load_sample(path)
    on_top(
        write(results, analyse(results)),
        "The runs were made with several versions of jax: 0.12.0, 0.13.0.",
        "The runs were made on several devices: cpu, gpu.",
    )


def test_results_that_nobody_may_write_can_be_reported(write, results, findings):
    before = files(results.path)
    write(results, findings)
    assert files(results.path) == before
