import pandas as pd
import pytest

from initlab.analysis.claims.holding import claims_on_holding
from initlab.analysis.claims.signal_answer import signal_answer
from initlab.analysis.claims.trained import Trained
from initlab.analysis.numbers import TIMES

NOTHING = Trained({}, "", "")
HELD = {"total": 1.0, "total_low": 0.9, "total_high": 1.1}
SHRUNK = {"total": 1e-3, "total_low": 1e-4, "total_high": 1e-2}
OPEN = {"total": 0.1, "total_low": 0.01, "total_high": 1.0}
GONE = {"total": float("nan"), "total_low": float("nan"), "total_high": float("nan"),
        "total_n": 0, "num_lost": 5, "fate": "vanishes"}  # fmt: skip
OVER = {"total": 1e70, "total_low": 1e70, "total_high": 1e70, "num_over": 5}


def answer_of(**ways):
    """The answer on relu at depth 20, of initializers that do to the signal what is said."""
    usual = {"activation": "relu", "depth": 20, "total_n": 5, "num_runs": 5, "num_lost": 0,
             "num_over": 0, "num_layers": 19, "fate": "holds"}  # fmt: skip
    rows = [
        usual | {"initializer": label, "direction": direction} | what
        for label, both in ways.items()
        for direction, what in zip(("forward", "backward"), both, strict=True)
    ]
    return signal_answer(claims_on_holding(pd.DataFrame(rows)), NOTHING)


def test_initializers_are_named_by_what_they_do_both_ways():
    summary, rule, relu = answer_of(
        he_normal=(HELD, HELD), zeros=(GONE, GONE), orthogonal=(HELD, SHRUNK)
    )
    assert summary.endswith("a factor of ten forward and backward in relu with He normal.")
    assert "a factor of ten" in rule
    assert relu.startswith("relu, 20 layers: the signal ")
    assert "holds both ways with He normal" in relu
    assert "vanishes both ways with zeros" in relu
    assert "holds forward and shrinks backward with orthogonal" in relu
    kept = f"{TIMES} 1.00 (0.900 to 1.10)"
    assert relu.endswith(f"it was with He normal: {kept} forward and {kept} backward.")


def test_an_interval_across_the_bound_is_undecided_and_overflow_explodes():
    _, _, relu = answer_of(he_normal=(OPEN, OPEN), orthogonal=(OVER, OVER))
    assert "explodes both ways with orthogonal; is undecided both ways with He normal" in relu


def test_where_none_holds_that_is_said():
    summary, _, relu = answer_of(he_normal=(SHRUNK, SHRUNK), orthogonal=(OPEN, SHRUNK))
    assert summary.endswith("in relu with no initializer for certain.")
    assert "With none it holds both ways for certain" in relu


def test_the_most_common_case_of_many_is_that_of_all_others():
    labels = ("zeros", "ones", "lecun_normal", "glorot_normal", "orthogonal")
    _, _, relu = answer_of(he_normal=(HELD, HELD), **dict.fromkeys(labels, (SHRUNK, SHRUNK)))
    assert "holds both ways with He normal; shrinks both ways with all others." in relu


@pytest.mark.parametrize(
    ("what", "verdict"), [(GONE, "inconclusive"), (SHRUNK, "refuted"), (OVER, "refuted")]
)
def test_a_signal_that_runs_away_refutes_and_none_at_all_judges_nothing(what, verdict):
    rows = [{"activation": "relu", "depth": 20, "total_n": 5, "num_runs": 5, "num_lost": 0,
             "num_over": 0, "num_layers": 19, "fate": "holds", "initializer": "zeros",
             "direction": "forward"} | what]  # fmt: skip
    (claim,) = claims_on_holding(pd.DataFrame(rows))
    assert claim.verdict == verdict
    bounded = what is OVER
    assert claim.predicted.endswith("; found: at least)") == bounded
    assert (claim.interval is None) == (bounded or what is GONE)


def test_without_claims_there_is_no_answer():
    assert signal_answer([], NOTHING) == ()
