import math
from dataclasses import replace

import pytest

from initlab.report.check import ReportError, check_findings

from .hostile import HOSTILE, has_control


def refusal(findings):
    with pytest.raises(ReportError) as caught:
        check_findings(findings)
    assert caught.value.exit_code == 2
    return str(caught.value)


def forced(frozen, **fields):
    """A copy with values that the types forbid and an author's program may still pass."""
    copy = replace(frozen)
    for name, value in fields.items():
        object.__setattr__(copy, name, value)
    return copy


def test_sound_findings_pass_unchanged(findings):
    assert check_findings(findings).claims == findings.claims


def test_claims_ids_are_unique(findings):
    assert refusal(replace(findings, claims=findings.claims * 2)) == "claim 'holds' comes 2 times."


def test_figure_of_a_claim_has_to_be_drawn(findings, claim):
    other = replace(claim, figure="profil")
    assert refusal(replace(findings, claims=(other,))) == (
        "claim 'holds': its figure 'profil' is not drawn. Drawn: profile."
    )
    assert refusal(replace(findings, drawings=())) == (
        "claim 'holds': its figure 'profile' is not drawn. Drawn: none."
    )


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_number_that_is_not_finite_supports_nothing(findings, claim, number):
    bad = replace(claim, measured=number, interval=None)
    assert refusal(replace(findings, claims=(bad,))) == (
        f"claim 'holds': its numbers ({number},) are not all finite, so that its verdict can only "
        "be refuted or inconclusive, got supported."
    )
    for verdict in ("inconclusive", "refuted"):  # as a loss that is not finite refutes
        check_findings(replace(findings, claims=(replace(bad, verdict=verdict),)))


def test_interval_without_ends_is_refused(findings, claim):
    bad = replace(claim, interval=(math.nan, math.nan))
    assert refusal(replace(findings, claims=(bad,))) == (
        "claim 'holds': its numbers (0.9873, nan, nan) are not all finite, so that its verdict can "
        "only be refuted or inconclusive, got supported."
    )


def test_interval_upside_down_is_refused(findings, claim):
    bad = replace(claim, interval=(1.0, 0.9))
    assert refusal(replace(findings, claims=(bad,))) == (
        "claim 'holds': its interval (1.0, 0.9) is upside down."
    )


def test_unknown_verdict_is_refused(findings, claim):
    assert refusal(replace(findings, claims=(forced(claim, verdict="proved"),))) == (
        "claim 'holds': its verdict must be one of supported, refuted, inconclusive, got 'proved'."
    )


@pytest.mark.parametrize("n", [-1, True, 2.5, math.nan])
def test_number_of_seeds_is_a_count(findings, claim, n):
    assert refusal(replace(findings, claims=(forced(claim, n=n),))) == (
        f"claim 'holds': its `n` must be a number of seeds, got {n!r}."
    )


@pytest.mark.parametrize(
    "name",
    ["", "../up", "/etc/x", "a/b", "a\nb", "a\n", ".hidden", "a.b", "A", "x" * 65, "\u202ea"],
)
def test_names_that_are_no_plain_file_names_are_refused(findings, drawing, listing, name):
    bad = replace(
        findings,
        claims=(),
        drawings=(replace(drawing, name=name),),
        listings=(replace(listing, name=name),),
    )
    advice = "use 1 to 64 of a-z, 0-9, '_' and '-', the first a letter or a digit."
    assert refusal(bad) == (
        f"figure name {name!r} is no safe file name: {advice} "
        f"table name {name!r} is no safe file name: {advice}"
    ).replace(" table", "\ntable")


def test_names_are_unique(findings):
    twice = replace(findings, drawings=findings.drawings * 2, listings=findings.listings * 2)
    assert refusal(twice) == "figure 'profile' comes 2 times.\ntable 'accuracies' comes 2 times."


def test_claim_id_can_be_an_anchor(findings, claim):
    assert refusal(replace(findings, claims=(replace(claim, id='a"b'),))) == (
        "claim 'a\"b': its id must be 1 to 64 letters, digits and hyphens."
    )


@pytest.mark.parametrize("alt", [" ", "\x1b[31m", "\u202e"])
def test_figure_without_alt_text_is_refused(findings, drawing, alt):
    mute = replace(drawing, alt=alt)
    assert refusal(replace(findings, drawings=(mute,))) == (
        "figure 'profile' needs a `caption` and an `alt` text."
    )


def test_what_is_no_findings_is_refused():
    check = getattr(check_findings, "__wrapped__", check_findings)
    with pytest.raises(ReportError) as caught:
        check({})
    assert str(caught.value) == (
        "`analyse` must return initlab.analysis.findings.Findings, got a dict."
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_comes_out_clean(findings, claim, drawing, listing, text):
    marked = replace(claim, statement=text, source=text, predicted=text, query=text)
    found = check_findings(
        replace(
            findings,
            answer=(text,),
            claims=(marked,),
            drawings=(replace(drawing, caption=f"A {text}", alt=f"A {text}"),),
            listings=(replace(listing, caption=text),),
        )
    )
    (one,), (figure,), (table,) = found.claims, found.drawings, found.listings
    texts = [*found.answer, one.statement, one.source, one.predicted, one.query]
    texts += [figure.caption, figure.alt, table.caption]
    assert not any(map(has_control, texts))
