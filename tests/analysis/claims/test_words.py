import math

import pytest

from initlab.analysis.claims.words import about, answer, factors, judged, percent, spread
from initlab.analysis.numbers import MINUS, TIMES, factor, number

from .test_making import claim

NO, OPEN = {"verdict": "refuted"}, {"verdict": "inconclusive"}


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([{}], "Yes"),
        ([NO, NO], "No, in both cases"),
        ([OPEN] * 3, "Undecided, in all 3 cases"),
        ([NO, {}], "Yes in 1 of 2 cases, no in 1"),
        ([OPEN, NO, {}, {}], "Yes in 2 of 4 cases, no in 1 and undecided in 1"),
    ],
)
def test_verdicts_are_an_answer(verdicts, said):
    claims = [claim("a", str(number), **verdict) for number, verdict in enumerate(verdicts)]
    assert judged(about([*claims, claim("b")], "a-")) == said


def test_measured_numbers_are_a_range():
    claims = [claim(measured=0.25), claim(measured=-0.004), claim(measured=math.nan)]
    assert spread(claims) == f"{MINUS}0.004 to 0.25"
    assert percent(claims) == "0 to 25"
    assert factors([claim(measured=-39.5), claim(measured=0.01)]) == "10⁻⁴⁰ to 1.02"
    assert spread([claim(measured=0.2503), claim(measured=0.2498)]) == "0.25"
    assert spread([]) == "no measured number"


def test_an_answer_takes_its_numbers_from_the_claims():
    claims = [claim("a", "x", measured=0.25), claim("a", "y", measured=12.0, verdict="refuted")]
    said = answer(
        claims,
        (
            "So? {judged[a-]}, from {spread[a-]}, x being {percent[a-x]} %.",
            "Of this nothing is claimed: {judged[b-]}, nor is this said: {judged[a-]}.",
        ),
    )
    assert said == ("So? Yes in 1 of 2 cases, no in 1, from 0.25 to 12, x being 25 %.",)


def test_numbers_are_written_for_readers():
    assert number(-1.5e-7) == f"{MINUS}1.5 {TIMES} 10⁻⁷"
    assert [factor(power) for power in (0.0, -1.0, 1.9999, 34.4)] == [
        "1.00",
        "0.100",
        "100",
        "10³⁴",
    ]
    assert number(math.inf) == factor(math.nan) == "no number"
