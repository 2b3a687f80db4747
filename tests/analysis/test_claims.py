import math

import numpy as np
import pandas as pd
import pytest

from initlab.analysis.claims import (
    about,
    by_seed,
    claim_id,
    final_accuracy,
    judged,
    make_claim,
    one_setting,
    run_factors,
    seed_interval,
    spread,
    with_distinct_ids,
)
from initlab.analysis.intervals import Interval
from initlab.analysis.profiles import BACKWARD

from .literal_tables import layers_table, runs_table, steps_table


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


def test_claims_are_counted_in_words():
    claims = [claim("a", "x"), claim("a", "y", verdict="refuted"), claim("b")]
    assert judged(about(claims, "a-")) == "it is supported in 1, refuted in 1 of 2 cases"
    assert spread([claim(measured=0.25), claim(), claim(measured=math.nan)]) == "0.250 to 0.500"
    assert spread([]) == "no measured number"


def test_runs_of_a_seed_are_averaged_before_seeds_are():
    runs = runs_table({"seed": 0}, {"seed": 0}, {"seed": 1}, {"seed": 2})
    values = by_seed(runs, pd.Series({"run-0": 1.0, "run-1": 3.0, "run-2": 5.0}))
    assert values.to_dict() == {0: 2.0, 1: 5.0}
    assert seed_interval(values).n == 2


def test_a_diverged_run_answers_as_a_guess():
    runs = runs_table({}, {"diverged_at_step": 3}, {})
    records = steps_table(
        {"run-0": {0: 0.2, 10: 0.9}, "run-1": {0: 0.8}}, statistic="test_accuracy"
    )
    assert final_accuracy(runs, records, classes=10).to_dict() == {"run-0": 0.9, "run-1": 0.1}


def test_the_commonest_setting_is_kept_and_named():
    runs = runs_table({"learning_rate": 0.1}, {"learning_rate": 0.1}, {"learning_rate": 0.5})
    kept, held = one_setting(runs)
    assert kept["learning_rate"].tolist() == [0.1, 0.1]
    assert held == "learning rate 0.1"
    assert one_setting(kept)[1] == ""


def test_factors_of_single_runs_are_those_of_their_profiles():
    runs = runs_table({}, {}, depth=5)
    rising, falling = [2.0**layer for layer in range(5)], [0.5**layer for layer in range(5)]
    layers = layers_table({"run-0": rising, "run-1": falling}, **{
        BACKWARD: {"run-0": rising, "run-1": [0.0] * 5}
    })  # fmt: skip
    factors = run_factors(runs, layers).set_index("run_id")
    assert factors["forward"].tolist() == pytest.approx([2.0, 0.5])
    assert factors.loc["run-0", "backward"] == pytest.approx(0.5)
    assert np.isnan(factors.loc["run-1", "backward"])
