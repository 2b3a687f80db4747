import math

import pandas as pd
import pytest

from initlab.analysis.claims.making import (
    claim_id,
    drawn_claims,
    make_claim,
    positive_claim,
    with_distinct_ids,
)
from initlab.analysis.findings import Drawing
from initlab.analysis.intervals import Interval
from initlab.analysis.paired import UNPAIRED


def claim(
    *words, measured=0.5, verdict="supported", n=5, low=0.4, high=0.6, p_value=None
):  # fmt: skip
    return make_claim(
        words or ("a",), "It is so.", source="ours", predicted="0.5", unit="of 1",
        measured=Interval(measured, low, high, n), verdict=verdict, figure="f", query="q",
        paired=UNPAIRED._replace(p_value=p_value) if p_value is not None else None,
    )  # fmt: skip


def test_interval_is_none_below_five_seeds():
    assert claim().interval == (0.4, 0.6)
    assert claim(n=4).interval is None
    assert claim(low=math.nan).interval is None


def test_what_is_predicted_says_in_which_unit():
    assert claim().predicted == "0.5 (of 1)"


def test_without_a_number_nothing_is_supported_and_what_was_seen_refutes():
    assert claim(measured=math.nan).verdict == "inconclusive"
    assert claim(measured=math.nan, verdict="refuted").verdict == "refuted"
    assert claim(measured=math.inf).interval is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("factor", "normal(stddev=0.005)"), "factor-normal-0-005"),
        (("x", "law(a=1, b=é)"), "x-law-a-1-b"),
        (("…",), "claim"),
        (("word " * 40,), ("word-" * 13)[:64]),
    ],
)
def test_ids_are_safe(words, expected):
    assert claim_id(*words) == expected.strip("-")


def test_ids_that_come_again_get_numbers():
    found = with_distinct_ids([claim("a"), claim("a"), claim("b"), claim("a"), claim("c" * 64)] * 2)
    ids = [one.id for one in found]
    assert ids[:4] == ["a", "a-2", "b", "a-3"]
    assert len(set(ids)) == len(ids)
    assert max(map(len, ids)) == 64


def test_claims_without_their_figure_are_left_out():
    drawing = Drawing("f", "", "", pd.DataFrame(), lambda table: None)
    assert [one.id for one in drawn_claims([claim("a"), claim("a")], [drawing])] == ["a", "a-2"]
    assert drawn_claims([claim("a")], []) == ()


def test_a_difference_is_above_zero_where_its_whole_interval_is():
    def verdicts(values):
        found = positive_claim(
            ("a",),
            "It is so.",
            pd.Series(values),
            source="ours",
            unit="of 1",
            figure="f",
            query="q",
        )  # fmt: skip
        return [(one.verdict, one.n, one.paired.p_value < 0.05) for one in found]

    values = [1.0, 1.1, 0.9, 1.0, 1.05, math.nan]
    assert verdicts(values) == [("supported", 5, True)]
    assert verdicts([-1.0, -1.1, -0.9, -1.0, -1.05]) == [("refuted", 5, True)]
    assert verdicts([math.nan]) == []
