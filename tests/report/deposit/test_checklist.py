"""`checklist.md` answers what the record can, and leaves the rest open."""

import re
from dataclasses import replace

import pytest

from initlab.report.deposit.checklist import encode_checklist

from ..hostile import HOSTILE, has_control
from .conftest import ID, TIMINGS


def answers(text):
    parts = re.split(r"^## (\d+)\. ", text, flags=re.MULTILINE)[1:]
    found = [re.findall(r"^Answer: \*\*(.*)\*\*$", part, re.MULTILINE) for part in parts[1::2]]
    return {number: answer for number, (answer,) in zip(parts[::2], found, strict=True)}


def test_sixteen_items_are_answered_or_left_open(describe):
    text = encode_checklist(describe())
    yes, left = "yes, as far as the record goes", "left to the authors"
    found = answers(text)
    assert list(found) == [str(number) for number in range(1, 17)]
    assert {number for number, answer in found.items() if answer == yes} == {
        "4", "6", "7", "8", "12",
    }  # fmt: skip
    assert all(found[str(number)] == left for number in (1, 2, 3, 5, 9, 10, 11, 13, 14, 15, 16))
    assert f"initlab report {ID}" in text


def test_compute_is_told_by_run_and_in_total_with_failed_attempts(describe):
    text = encode_checklist(describe())
    # 90 s for four runs; 30 s of compiling, 60 s that came to nothing.
    assert "A run: 22.5 s in the mean over 4 runs. In total 3 min, of them 0.5 min" in text
    assert "2 groups and 1 min in attempts that failed" in text
    assert "1.5 GB" in text
    assert "Attempts that failed: 3; the time of 1 is not recorded and not in the total." in text
    timed = replace(TIMINGS, untimed_attempts=0)
    assert "- Attempts that failed: 3.\n" in encode_checklist(describe(timings=timed))
    unknown = encode_checklist(describe(timings=replace(TIMINGS, groups=0)))
    assert "How long the runs took is not recorded." in unknown
    assert answers(unknown)["8"] == "left to the authors"


def test_seeds_intervals_licences_and_command_are_those_of_the_record(describe):
    text = encode_checklist(describe())
    assert "Of 1 claim, 1 have an interval." in text
    assert "- digits: CC BY 4.0 (UCI)" in text
    assert "- Command: initlab run demo" in text
    assert "- initlab verify BUNDLE, with" in text
    assert "- initlab replay RUN_ID, with" in text.replace("\\_", "_")
    assert "Of 5 planned runs, 1 is missing" in text


def test_claim_without_interval_answers_in_part(describe, findings, claim):
    few = replace(findings, claims=(replace(claim, n=2, interval=None),))
    assert answers(encode_checklist(describe(few)))["7"] == "in part"


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_are_no_markdown(describe, text):
    usual, hostile = encode_checklist(describe()), encode_checklist(describe(name=text))
    assert len(hostile.splitlines()) == len(usual.splitlines())
    assert answers(hostile) == answers(usual)
    assert not has_control(hostile.replace("\n", ""))
    assert not re.search(r"(?<!\\)[<`\[]", hostile)
