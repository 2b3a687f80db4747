"""`CITATION.cff`, parsed as YAML and by the format's own validator."""

from dataclasses import replace

import pytest
import yaml

from initlab.report.deposit.cff import encode_cff
from initlab.report.text import one_line

from ..hostile import HOSTILE
from .conftest import ID, TIMINGS

# What the schema of version 1.2.0 asks for.
NEEDED = {"authors", "cff-version", "message", "title"}


def test_report_and_laboratory_are_cited(describe):
    found = yaml.safe_load(encode_cff(describe()))
    assert NEEDED <= found.keys()
    assert found["cff-version"] == "1.2.0"
    assert (found["type"], found["title"], found["version"]) == ("dataset", "Does it hold?", ID)
    assert found["abstract"] == "The signal holds: 0.987 [0.971, 1.004]."
    assert found["identifiers"][0]["value"] == f"initlab report {ID}"
    assert found["authors"] == [{"name": "The authors of the experiment demo"}]
    assert found["date-released"] == "2026-11-28"
    (laboratory,) = found["references"]
    assert laboratory["type"] == "software"
    assert laboratory["title"].startswith("initlab")


def test_day_that_no_log_tells_is_left_out(describe):
    unknown = describe(timings=replace(TIMINGS, started=None, ended=None))
    assert "date-released" not in yaml.safe_load(encode_cff(unknown))


@pytest.mark.parametrize("text", [*HOSTILE, "yes", "1e-3", "- a: b", "&a *a !!python/name:os"])
def test_every_text_is_a_string_and_comes_back_as_it_is(describe, findings, text):
    cited = describe(replace(findings, answer=(text,)), name=text, question=text)
    found = yaml.safe_load(encode_cff(cited))
    clean = one_line(text)
    assert found["title"] == (clean or "Experiment ")
    assert found["authors"] == [{"name": f"The authors of the experiment {clean}"}]
    if clean:
        assert found["abstract"] == clean.replace("`", "")


def test_validator_of_the_format_takes_it(describe, findings, tmp_path, validator):
    path = tmp_path / "CITATION.cff"
    path.write_text(encode_cff(describe(replace(findings, answer=HOSTILE), question=HOSTILE[0])))
    assert "valid" in validator("cffconvert", "--validate", "-i", path)
