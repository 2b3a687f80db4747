"""What signal_propagation says where theory's predictions lie beside the measurements."""

import math

import pytest

from initlab.analysis.profiles import VARIANCES

from ..analysis.drawn_networks import predicted
from .signals import HELD_OUT, NAME, signal
from .tables import findings, not_drawn, publish, trials

TIMES = "\N{MULTIPLICATION SIGN}"
EXPECTED = predicted("relu", 2.0, 20, 128)
VARIANCE = {name: 0.5 for name in VARIANCES.values()}


def he(factor, **fields):
    return signal(factor, depth=20, predictions=EXPECTED, more=VARIANCE, **fields)


UNPREDICTED = [
    signal(0.5, depth=20, more=VARIANCE, initializer="lecun_normal", activation=activation)
    for activation in ("relu", "tanh")
]


def listing(found, name):
    return next(listing for listing in found.listings if listing.name == name).table


@pytest.mark.parametrize(("factor", "verdict"), [(1.0, "supported"), (1.1, "refuted")])
def test_a_factor_is_held_against_theory(tmp_path, factor, verdict):
    path = publish(tmp_path / "r", he(factor))
    found = {claim.id: claim for claim in trials(NAME, path)}
    for direction in VARIANCES:
        claim = found[f"as-theory-{direction}-he-normal-relu"]
        assert claim.verdict == verdict
        assert claim.measured == pytest.approx(math.log(factor))
        assert claim.n == 5
    said = "Yes, in both cases" if verdict == "supported" else "No, in both cases"
    assert any(
        f"the mean over seeds scatter? {said}." in text for text in findings(NAME, path).answer
    )
    # Each of these networks alone may have it: at depth 20 one deviates by 6 %.
    assert found["single-networks-forward-relu"].measured == 0.0
    far = publish(tmp_path / "far", he(1.3))
    found = {claim.id: claim for claim in trials(NAME, far)}
    assert found["single-networks-forward-relu"].measured == 1.0
    assert found["single-networks-forward-relu"].verdict == "refuted"


@pytest.mark.parametrize(("seeds", "verdict"), [(300, "inconclusive"), (400, "supported")])
def test_none_of_too_few_networks_supports_no_share(tmp_path, seeds, verdict):
    path = publish(tmp_path / "r", he(1.0, seeds=seeds))
    found = {claim.id: claim for claim in trials(NAME, path)}["single-networks-forward-relu"]
    # None of n: Wilson's interval ends at z² / (n + z²), which is below 0.01 from n = 381 on.
    assert found.interval == (0.0, pytest.approx(1.959964**2 / (seeds + 1.959964**2)))
    assert (found.n, found.verdict) == (seeds, verdict)


def test_cases_that_theory_does_not_judge_are_counted(tmp_path):
    answer = findings(NAME, publish(tmp_path / "r", he(1.0), *UNPREDICTED[:1])).answer
    said = "scatter? Yes, in both cases; 2 of 4 were not judged, as the table `verdicts` tells."
    assert any(said in text for text in answer)


def test_a_claim_says_of_how_many_cases_it_cannot_be_judged(tmp_path):
    of_tanh = [
        he(1.0, activation="tanh", initializer="glorot_uniform"),
        signal(0.5, depth=20, more=VARIANCE, activation="tanh"),
    ]
    path = publish(tmp_path / "r", he(1.0), he(1.0, initializer="glorot_uniform"), *of_tanh)
    told = {one.id: one.statement for one in findings(NAME, path).claims}
    assert told["as-theory-he-normal"].endswith(
        "forward and backward, but for 2 that cannot be judged (2 of 2 trials)."
    )
    assert "cannot be judged" not in told["as-theory-glorot-uniform"]


def test_each_trial_has_its_verdict_in_words(tmp_path):
    path = publish(
        tmp_path / "r",
        he(1.0),
        he(1.1, activation="tanh"),
        *UNPREDICTED,
    )
    found = findings(NAME, path)
    table = listing(found, "verdicts").set_index(["initializer", "activation"])
    right = table.loc[("He normal", "relu")]
    assert right["forward"] == f"holds: 1.00 a layer, predicted 1.00; {TIMES} 1.00 across 19 layers"
    assert (right["forward as theory"], right["backward as theory"]) == ("yes", "yes")
    assert right["test accuracy"] == HELD_OUT["test_accuracy"]
    wrong = table.loc[("He normal", "tanh")]
    assert (
        wrong["backward"] == f"holds: 1.10 a layer, predicted 1.00; {TIMES} 5.56 across 19 layers"
    )
    assert wrong["backward as theory"] == "no"
    alone = table.loc[("LeCun normal", "relu")]
    assert alone["forward"].startswith("shrinks: 0.500 a layer; ")
    assert alone["forward as theory"] == "not judged"


def test_the_numbers_behind_a_verdict_are_printed_and_drawn(tmp_path):
    path = publish(tmp_path / "r", he(1.0), he(1.1, activation="tanh"), *UNPREDICTED)
    found = findings(NAME, path)
    numbers = listing(found, "forward-factors").set_index(["initializer", "activation"])
    row = numbers.loc[("He normal", "tanh")]
    assert row["factor"] == pytest.approx(1.1)
    assert row["predicted"] == 1.0
    assert row["expected low"] < 1.0 < row["expected high"] < 1.1
    drawing = next(drawing for drawing in found.drawings if drawing.name == "as-theory")
    assert "2 trials of 4 lie outside" in drawing.caption
    assert "Not drawn: 4 of 8" in drawing.caption
    assert "He normal with tanh at depth 20, forward" in drawing.alt
    assert len(drawing.draw(drawing.table).axes) == 4
    assert not_drawn(found) == []
    assert {"variance-forward", "variance-backward"} <= {one.name for one in found.drawings}
