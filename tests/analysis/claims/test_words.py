import math
from dataclasses import replace
from functools import partial

import pytest

from initlab.analysis.claims.trials import over_trials
from initlab.analysis.claims.words import (
    about,
    against,
    always,
    answer,
    each,
    factors,
    in_favour,
    judged,
    percent,
    points,
    spread,
    times,
    unanswered,
)
from initlab.analysis.numbers import MINUS, TIMES, factor, number
from initlab.analysis.verdicts import above

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
    few = {"n": 3}  # without an interval
    claims = [claim(measured=number, **few) for number in (0.25, -0.004, math.nan)]
    assert spread(claims) == f"{MINUS}0.004 to 0.25"
    assert percent(claims) == "0 to 25"
    assert factors([claim(measured=power, **few) for power in (-39.5, 0.01)]) == "10⁻⁴⁰ to 1.02"
    assert spread([claim(measured=number, **few) for number in (0.2503, 0.2498)]) == "0.25"
    assert spread([]) == "no measured number"


def test_intervals_stand_beside_the_numbers_unless_they_say_the_same():
    assert spread([claim()]) == "0.5 (0.4 to 0.6)"
    assert spread([claim(), claim(measured=0.7, high=0.8)]) == "0.5 to 0.7 (intervals 0.4 to 0.8)"
    assert spread([claim(low=0.5, high=0.5)]) == "0.5"
    assert times(claim(measured=0.0, low=-1.0, high=1.0)) == f"{TIMES} 1.00 (0.100 to 10.0)"


def test_names_stand_beside_the_numbers():
    def of(name, activation, **more):
        return replace(claim(**more), subject=(name, f"with {activation}"))

    claims = [
        of("He", "relu"),
        of("He", "tanh", **NO),
        of("zeros", "relu"),
        of("ones", "relu", **OPEN),
    ]
    assert each(claims[:1]) == "He with relu: 0.5 (0.4 to 0.6)"
    assert points(claims[:1]) == "He with relu: 50 (40 to 60)"
    assert against(claims) == "He with tanh: 0.5 (0.4 to 0.6)"
    assert in_favour(claims) == "He with relu: 0.5 (0.4 to 0.6); zeros with relu: 0.5 (0.4 to 0.6)"
    assert always(claims) == "zeros"
    assert (against(claims[:1]), in_favour(claims[1:2]), always([])) == (
        "nothing",
        "nothing",
        "none",
    )


def test_an_answer_takes_its_numbers_from_the_claims():
    claims = [claim("a", "x", measured=0.25), claim("a", "y", measured=12.0, verdict="refuted")]
    said = answer(
        claims,
        (
            (
                "So? {judged[a-]}.",
                "Of this nothing is claimed: {judged[b-]}, {judged[a-]}.",
                "Yes.",
            ),
            ("x is {percent[a-x]} %.",),
            ("Nor of {judged[b-]}.",),
        ),
    )
    assert said == ("So? Yes in 1 of 2 cases, no in 1. Yes.", "x is 25 (40 to 60) %.")


def test_a_case_that_refutes_alone_and_not_among_all_is_told_so():
    rule = partial(above, bound=0.0)
    near = claim("a", "near", verdict=rule, measured=-0.5, low=-0.9, high=-0.1)
    clear = claim("a", "clear", verdict=rule, measured=-0.5, low=-0.51, high=-0.49)
    holds = [claim("a", str(number), verdict=rule) for number in range(19)]

    def said(*trials):
        merged = over_trials(("a",), "All do", trials, worst=float)
        return answer([*merged, claim("b")], (("So? {judged[a-]}.",),))[0]

    assert said(near, *holds) == "So? Yes in 19 of 20 cases, no in 1; over all 20 undecided."
    assert said(clear, *holds) == "So? Yes in 19 of 20 cases, no in 1."
    assert said(near) == "So? No."
    assert said(near, claim("a", "open", **OPEN)) == "So? No in 1 of 2 cases, undecided in 1."
    two = [near, claim("a", "open", verdict=rule, measured=0.0, low=-1.0, high=1.0)]
    assert said(*two) == "So? No in 1 of 2 cases, undecided in 1; over both undecided."
    other = over_trials(("a", "more"), "So do these", [claim("a", "more")], worst=float)
    both = [*over_trials(("a",), "All do", two, worst=float), *other]
    assert answer(both, (("So? {judged[a-]}.",),))[0] == (
        "So? Yes in 1 of 3 cases, no in 1 and undecided in 1."
    )


def test_questions_that_no_claim_is_about_are_told():
    paragraphs = (
        ("So? {judged[a-]}; {each[a-]}.", "Is it 1.5 times as far? {judged[b-]}. And this? No."),
        ("Of this nothing is asked: {judged[c-]}.", "Do they? {judged[c-]}; {spread[a-]}."),
    )
    assert unanswered([claim("a", "x")], paragraphs) == [
        "Is it 1.5 times as far?",
        "And this?",
        "Do they?",
    ]
    assert unanswered([claim(name, "x") for name in "abc"], paragraphs) == []


def test_numbers_are_written_for_readers():
    assert number(-1.5e-7) == f"{MINUS}1.5 {TIMES} 10⁻⁷"
    assert [factor(power) for power in (0.0, -1.0, 1.9999, 34.4)] == [
        "1.00",
        "0.100",
        "100",
        "10³⁴",
    ]
    assert number(math.inf) == factor(math.nan) == "no number"
