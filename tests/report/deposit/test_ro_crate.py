"""`ro-crate-metadata.json` keeps the rules of RO-Crate 1.1 and of Process Run Crate 0.5."""

import json
from dataclasses import replace

import pytest

from initlab.report.deposit.ro_crate import encode_ro_crate

from ..hostile import HOSTILE
from .conftest import ID, TIMINGS

FILES = {
    "report.html": "0" * 64,
    "figures/profile.svg": "1" * 64,
    "experiment/sweep.toml": "2" * 64,
    "experiment/analysis.py": "3" * 64,
    "figures/notes.rst": "4" * 64,
}


def crate(report):
    graph = json.loads(encode_ro_crate(report, FILES))["@graph"]
    found = {one["@id"]: one for one in graph}
    assert len(found) == len(graph), "an entity comes twice"
    return found


def references(value):
    """Yields every id that is referred to."""
    if isinstance(value, list):
        for one in value:
            yield from references(one)
    elif isinstance(value, dict):
        if value.keys() == {"@id"}:
            yield value["@id"]
        for one in value.values():
            yield from references(one)


def test_root_has_what_ro_crate_requires(describe):
    found = crate(describe())
    described = found["ro-crate-metadata.json"]
    assert described["about"] == {"@id": "./"}
    assert described["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = found["./"]
    assert root["@type"] == "Dataset"
    assert root["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"}
    assert root["datePublished"] == "2026-11-28"
    assert ID in root["identifier"]
    assert found[root["license"]["@id"]]["name"] == "No licence is stated"
    assert {one["@id"] for one in root["hasPart"]} == {*FILES, "provenance.json"}


def test_every_entity_has_a_type_and_a_name_and_every_reference_leads_to_one(describe):
    found = crate(describe())
    for name, one in found.items():
        assert "@type" in one, name
        assert "name" in one or name == "ro-crate-metadata.json", name
    outside = {one for one in references(list(found.values())) if one not in found}
    assert outside == {
        "https://w3id.org/ro/crate/1.1",
        "http://schema.org/FailedActionStatus",
        "http://schema.org/CompletedActionStatus",
    }


def test_sweep_made_the_results_and_the_analysis_the_report(describe):
    found = crate(describe())
    sweep, writing = found["#run"], found["#writing"]
    assert sweep["@type"] == writing["@type"] == "CreateAction"
    assert found[sweep["instrument"]["@id"]]["@type"] == "SoftwareApplication"
    assert sweep["object"] == {"@id": "experiment/sweep.toml"}
    assert (sweep["startTime"], sweep["endTime"]) == (TIMINGS.started, TIMINGS.ended)
    results = found[sweep["result"]["@id"]]
    assert results["identifier"] == f"sha256:{describe().source.results_digest}"
    assert {"@id": results["@id"]} in writing["object"]
    assert {"@id": "experiment/analysis.py"} in writing["object"]
    assert {"@id": "report.html"} in writing["result"]
    assert sweep["actionStatus"]["@id"].endswith("FailedActionStatus"), "a run is missing"


def test_files_have_a_format_and_a_digest(describe):
    found = crate(describe())
    assert found["figures/profile.svg"]["encodingFormat"] == "image/svg+xml"
    assert found["figures/profile.svg"]["sha256"] == "1" * 64
    assert found["figures/notes.rst"]["encodingFormat"] == "application/octet-stream"


def test_each_version_that_made_runs_is_an_instrument(describe):
    report = describe()
    mixed = replace(report.source, versions={"initlab": ("0.1.0", "0.2.0 <x>")})
    found = crate(replace(report, source=mixed))
    named = [found[one["@id"]]["softwareVersion"] for one in found["#run"]["instrument"]]
    assert named == ["0.1.0", "0.2.0 <x>"]
    assert all(" " not in one["@id"] for one in found["#run"]["instrument"])


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_change_no_structure(describe, findings, text):
    hostile = describe(replace(findings, answer=(text,)), name=text, question=text)
    assert crate(hostile).keys() == crate(describe()).keys()
