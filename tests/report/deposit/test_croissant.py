"""`croissant.json` describes each CSV file, its columns and their types."""

import csv
import json
from dataclasses import replace

import pandas as pd
import pytest

from initlab.analysis.findings import Listing
from initlab.figures.save import encode_numbers
from initlab.report.deposit.croissant import encode_croissant
from initlab.report.record import list_files
from initlab.report.tables import guarded, to_csv

from ..hostile import HOSTILE as EVERY

HOSTILE = [text for text in EVERY if "\ud800" not in text]


@pytest.fixture
def encode(tmp_path):
    def encode(report):
        for name in ("figures", "tables"):
            (tmp_path / name).mkdir(exist_ok=True)
        for one in report.findings.drawings:
            path = tmp_path / "figures" / f"{one.name}.csv"
            path.write_text(encode_numbers(guarded(one.table)), newline="\n")
        for one in report.findings.listings:
            path = tmp_path / "tables" / f"{one.name}.csv"
            path.write_text(to_csv(one), newline="\n")
        return json.loads(encode_croissant(report, tmp_path, list_files(tmp_path)))

    return encode


def test_every_table_has_its_digest_and_the_types_of_its_columns(encode, describe, tmp_path):
    found = encode(describe())
    assert [one["contentUrl"] for one in found["distribution"]] == [
        "figures/profile.csv", "tables/accuracies.csv",
    ]  # fmt: skip
    for one in found["distribution"]:
        assert one["sha256"] == list_files(tmp_path)[one["contentUrl"]]
    profile, accuracies = found["recordSet"]
    assert profile["description"] == "Signal by layer, mean, n = 5."
    assert [(one["name"], one["dataType"]) for one in profile["field"]] == [
        ("layer", "sc:Integer"), ("value", "sc:Float"),
    ]  # fmt: skip
    assert [one["dataType"] for one in accuracies["field"]] == ["sc:Text", "sc:Float"]


def test_columns_have_the_names_that_the_file_gives_them(encode, describe, findings, tmp_path):
    table = pd.DataFrame({f"{mark} {i}": [1.5] for i, mark in enumerate(HOSTILE)})
    table["flag"] = [True]
    found = encode(describe(replace(findings, listings=(Listing("t", HOSTILE[0], table),))))
    with (tmp_path / "tables" / "t.csv").open(newline="", encoding="utf-8") as file:
        head = next(csv.reader(file))
    fields = found["recordSet"][1]["field"]
    assert [one["source"]["extract"]["column"] for one in fields] == head
    assert fields[-1]["dataType"] == "sc:Boolean"
    ids = [one["@id"] for one in fields]
    assert len(set(ids)) == len(ids)


def test_validator_of_the_format_takes_it_and_reads_the_rows(
    encode, describe, findings, tmp_path, validator
):
    hostile = replace(findings, answer=tuple(HOSTILE))
    path = tmp_path / "croissant.json"
    path.write_text(json.dumps(encode(describe(hostile, question=HOSTILE[1]))))
    told = validator("mlcroissant", "validate", "--jsonld", path)
    assert "Done" in told
    words = ("load", "--jsonld", path, "--record_set", "tables/accuracies", "--num_records", "1")
    assert "he_normal" in validator("mlcroissant", *words)
