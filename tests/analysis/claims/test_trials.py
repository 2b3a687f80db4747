import math

import pytest

from initlab.analysis.claims.trials import (
    OverTrials,
    each_trial,
    over_trials,
    trial_listing,
    trial_rows,
)

from .test_making import claim


def over(*trials, worst=float):
    (found,) = over_trials(("all",), "All do", trials, worst=worst)
    return found


@pytest.mark.parametrize(
    ("verdicts", "expected", "holds"),
    [
        (("supported", "supported"), "supported", 2),
        (("supported", "inconclusive", "supported"), "inconclusive", 2),
        (("inconclusive", "refuted", "supported"), "refuted", 1),
    ],
)
def test_one_trial_refutes_and_all_support(verdicts, expected, holds):
    found = over(*[claim(str(n), verdict=verdict) for n, verdict in enumerate(verdicts)])
    assert (found.id, found.verdict) == ("all", expected)
    assert found.statement == f"All do ({holds} of {len(verdicts)} trials)."


def test_the_worst_of_the_worst_verdict_is_shown():
    trials = [
        claim("a", measured=9.0, low=8.0, high=10.0),
        claim("b", measured=0.2, low=0.1, high=0.3, verdict="refuted"),
        claim("c", measured=0.4, low=0.3, high=0.5, verdict="refuted"),
    ]
    assert over(*trials).interval == (0.3, 0.5)
    assert over(*trials, worst=lambda number: -number).interval == (0.1, 0.3)
    assert "`c`" in over(*trials).query


def test_a_trial_without_a_number_is_shown_only_among_its_like():
    none = claim("a", measured=math.nan)
    assert over(none, claim("b", verdict="inconclusive")).measured == 0.5
    assert math.isnan(over(none, claim("b")).measured)


def test_a_single_trial_keeps_its_query_and_no_trial_makes_no_claim():
    found = over(claim("a"))
    assert (found.statement, found.query) == ("All do.", "q")
    assert over_trials(("all",), "All do", [], worst=float) == []


def test_nothing_is_hidden_of_what_was_merged():
    merged, single = over(claim("a"), claim("a", verdict="refuted")), claim("d")
    assert isinstance(merged, OverTrials)
    assert [trial.id for trial in each_trial([merged, single])] == ["a", "a-2", "d"]
    rows = trial_rows([merged, single])
    assert rows[["claim", "trial", "verdict"]].to_numpy().tolist() == [
        ["all", "a", "supported"],
        ["all", "a-2", "refuted"],
    ]
    assert list(rows.columns) == list(trial_rows([]).columns)


def test_p_values_of_a_claim_s_trials_are_corrected_for_their_number():
    trials = [claim(name, p_value=p) for name, p in (("a", 0.01), ("b", 0.04), ("c", math.nan))]
    rows = trial_rows([over(*trials), over(claim("d", p_value=0.01), claim("e", p_value=0.02))])
    assert rows["p"].tolist() == pytest.approx([0.02, 0.04, math.nan, 0.02, 0.02], nan_ok=True)


def test_p_is_a_column_where_a_claim_is_about_a_difference():
    plain = over(claim("d"), claim("e"))
    tested = over(claim("d", p_value=0.01), claim("e", p_value=0.02))
    assert "p" not in trial_listing([plain]).table
    assert "Holm" not in trial_listing([plain]).caption
    assert list(trial_listing([plain, tested]).table["p"].notna()) == [False, False, True, True]
    assert "Holm" in trial_listing([plain, tested]).caption
