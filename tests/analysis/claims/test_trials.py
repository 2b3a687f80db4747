import math
from functools import partial

import numpy as np
import pandas as pd
import pytest

from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.trials import (
    OverTrials,
    each_trial,
    over_trials,
    trial_listing,
    trial_rows,
)
from initlab.analysis.intervals import interval
from initlab.analysis.verdicts import above

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


def test_numbers_have_three_digits_of_their_interval_s_width():
    trials = [
        claim("a", measured=0.0381123, low=-0.0381123, high=0.1143369),
        claim("b", measured=-7.451e-9, low=-0.02128, high=0.02128),
        claim("c", measured=1234.5678, low=1000.123, high=1469.0),
        claim("d", measured=0.123456, low=0.123456, high=0.123456),
        claim("e", measured=0.123456, n=3),
    ]
    rows = trial_rows([over(*trials)])[["measured", "low", "high"]].to_numpy().tolist()
    assert rows[:2] == [[0.038, -0.038, 0.114], [0.0, -0.0213, 0.0213]]
    assert math.copysign(1.0, rows[1][0]) == 1.0
    assert rows[2:4] == [[1235.0, 1000.0, 1469.0], [0.1235] * 3]
    assert rows[4] == pytest.approx([0.1235, math.nan, math.nan], nan_ok=True)


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
    assert not {"effect", "wins"} & set(trial_listing([plain]).table)
    assert "Holm" in trial_listing([plain, tested]).caption


def differences(rng, mean, trials, seeds=5):
    """Claims that differences are above 0, of so many trials with this true mean."""
    found = [interval(row, log=False) for row in rng.normal(mean, 1.0, (trials, seeds))]
    rule = partial(above, bound=0.0)
    return [
        claim(str(i), verdict=rule, measured=one.centre, low=one.low, high=one.high)
        for i, one in enumerate(found)
    ]


def test_what_holds_in_twenty_trials_is_refuted_in_few_sweeps():
    rng = np.random.default_rng(0)
    families = [differences(rng, 0.0, 20) for _ in range(400)]
    # Every mean is at the very bound, where one interval in forty lies below it.
    alone = np.mean([any(one.verdict == "refuted" for one in trials) for trials in families])
    assert alone == pytest.approx(1 - 0.975**20, abs=5 * math.sqrt(0.25 / 400))
    merged = np.mean([over(*trials).verdict == "refuted" for trials in families])
    # At most 2.5 % over all trials on this side, and five deviations of 400 families.
    assert merged <= 0.025 + 5 * math.sqrt(0.025 / 400)


def test_one_trial_that_is_clearly_otherwise_refutes_among_twenty():
    rng = np.random.default_rng(1)
    trials = differences(rng, 5.0, 19) + differences(rng, -10.0, 1)
    found = over(*trials, worst=lambda number: -number)
    assert (found.verdict, found.trials[-1].measured) == ("refuted", found.measured)
    assert found.query == (
        "q. Shown is the worst trial, `0-2`; the table `trials` has each. Refuted at 5 % over 20 "
        "trials: where the interval of one at 99.75 % leaves what is allowed"
    )


def test_of_trials_that_refute_one_that_does_among_all_is_shown():
    rule = partial(above, bound=0.0)
    wide = claim("wide", verdict=rule, measured=-5.0, low=-9.9, high=-0.1)
    clear = claim("clear", verdict=rule, measured=-2.0, low=-2.1, high=-1.9)
    assert wide.verdict == clear.verdict == "refuted"
    found = over(wide, clear, *[claim(str(i), verdict=rule) for i in range(8)], worst=abs)
    assert (found.verdict, found.measured) == ("refuted", -2.0)


def test_a_trial_that_refutes_alone_refutes_not_among_many():
    rule = partial(above, bound=0.0)
    near = claim("near", verdict=rule, measured=-0.5, low=-0.9, high=-0.1)
    holds = [claim(str(i), verdict=rule) for i in range(19)]
    assert near.verdict == over(near).verdict == "refuted"
    found = over(near, *holds)
    assert (found.verdict, found.measured) == ("inconclusive", -0.5)
    assert found.statement == "All do (19 of 20 trials)."
    # What no interval says is no matter of chance, and one counterexample is enough.
    assert over(claim("seen", verdict="refuted"), near, *holds).verdict == "refuted"


def test_effect_and_wins_of_a_difference_are_in_the_table():
    rows = [[1.0, 2.0, 3.0, -1.0, 0.0], [1.0, 1.0, 1.0, 1.0, 1.0]]
    about = {"source": "ours", "unit": "of 1", "figure": "f", "query": "q"}
    trials = [
        one
        for name, row in zip("ab", rows, strict=True)
        for one in positive_claim((name,), "It is so.", pd.Series(row), **about)
    ]
    table = trial_listing([over(*trials)]).table
    # The mean 1 over the deviation sqrt(2.5), times J(4) = gamma(2) / (sqrt(2) gamma(1.5)).
    assert table["effect"].tolist() == pytest.approx([0.5046, math.nan], abs=1e-4, nan_ok=True)
    assert table["wins"].tolist() == [0.7, 1.0]
