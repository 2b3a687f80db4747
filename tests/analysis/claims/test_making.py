import math

import pytest

from initlab.analysis.claims.making import claim_id, make_claim, with_distinct_ids
from initlab.analysis.intervals import Interval


def claim(*words, measured=0.5, verdict="supported", n=5, low=0.4, high=0.6):
    return make_claim(
        words or ("a",), "It is so.", source="ours", predicted="0.5",
        measured=Interval(measured, low, high, n), verdict=verdict, figure="f", query="q",
    )  # fmt: skip


def test_interval_is_none_below_five_seeds():
    assert claim().interval == (0.4, 0.6)
    assert claim(n=4).interval is None
    assert claim(low=math.nan).interval is None


def test_a_number_that_is_none_decides_nothing():
    assert claim(measured=math.nan).verdict == "inconclusive"
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
