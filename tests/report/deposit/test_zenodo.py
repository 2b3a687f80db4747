"""`zenodo.json` holds what Zenodo's deposit interface asks for, and gives nothing away."""

import json
from dataclasses import replace

import pytest

from initlab.report.deposit.zenodo import encode_zenodo
from initlab.report.text import one_line

from ..hostile import HOSTILE, Page
from .conftest import ID


def test_record_has_what_zenodo_requires(describe):
    found = json.loads(encode_zenodo(describe()))
    # developers.zenodo.org, "Deposit metadata": required ones, and the words that they may have.
    assert found["upload_type"] == "dataset"
    assert found["title"] == "Does it hold?"
    assert found["creators"] == [{"name": "The authors of the experiment demo"}]
    assert found["description"].startswith("<p>The signal holds")
    assert found["publication_date"] == "2026-11-28"
    assert found["version"] == ID
    assert {"identifier": "arXiv:1502.01852", "relation": "cites"} in found["related_identifiers"]


def test_nothing_is_given_away_by_default(describe):
    found = json.loads(encode_zenodo(describe()))
    assert found["access_right"] == "closed"
    assert "license" not in found


@pytest.mark.parametrize("text", HOSTILE)
def test_description_is_html_with_every_text_escaped(describe, findings, text):
    cited = describe(replace(findings, answer=(text,)), question=text)
    found = json.loads(encode_zenodo(cited))
    page = Page(found["description"])
    assert {tag for tag, _ in page.elements} == {"p"}
    assert one_line(text).replace("`", "") in page.text
    assert found["title"] == (one_line(text) or "Experiment demo")
