import math

from initlab.analysis.claims.words import about, answer, judged, spread

from .test_making import claim


def test_claims_are_counted_in_words():
    claims = [claim("a", "x"), claim("a", "y", verdict="refuted"), claim("b")]
    assert judged(about(claims, "a-")) == "it is supported in 1, refuted in 1 of 2 cases"
    assert spread([claim(measured=0.25), claim(), claim(measured=math.nan)]) == "0.250 to 0.500"
    assert spread([]) == "no measured number"


def test_an_answer_takes_its_numbers_from_the_claims():
    claims = [claim("a", "x", measured=0.25), claim("a", "y", measured=12.0, verdict="refuted")]
    said = answer(
        claims,
        (
            "So: {judged[a-]}, from {least_and_most[a-]}, x being {spread[a-x]}.",
            "Of this nothing is claimed: {judged[b-]}, nor is this said: {judged[a-]}.",
        ),
    )
    assert said == (
        "So: it is supported in 1, refuted in 1 of 2 cases, from 0.25 to 12, x being 0.250.",
    )
