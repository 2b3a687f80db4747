import math

import pytest

from initlab.analysis.claims.trials import each_trial
from initlab.analysis.profiles import BACKWARD, FORWARD

from .tables import findings, not_drawn, publish, trial, trials, verdicts

NAME = "deep_rectifiers"
LAWS = {"he_normal": 2.0, "lecun_normal": 1.0, "glorot_normal": 0.9}
XAVIER = ("lecun-normal", "glorot-normal")
RATES = (0.01, 0.1)


@pytest.fixture(autouse=True)
def ten_steps_are_many(monkeypatch):
    monkeypatch.setattr("initlab.analysis.claims.few_steps.MANY", 10)


def rectifiers(accuracy, *, early=None, depths=(14, 22, 30), scale=None, seeds=5, **fields):
    """Networks that end at `accuracy(law, depth, rate)`, and reach `early` of it at step 1."""
    early = early or (lambda law, depth, rate: 0.1)
    scale = scale or (lambda law, depth: LAWS[law] / 2)
    return [
        one_trial(law, depth, rate, accuracy, early, scale(law, depth), seeds, fields)
        for law in LAWS
        for depth in depths
        for rate in RATES
    ]


def one_trial(law, depth, rate, accuracy, early, factor, seeds, fields):
    def reached(seed, step, layer):
        return {0: 0.1, 1: early(law, depth, rate), 10: accuracy(law, depth, rate)}[step]

    expected = LAWS[law] / 2
    return trial(
        initializer=law,
        depth=depth,
        learning_rate=rate,
        seeds=seeds,
        layers={
            FORWARD: lambda seed, step, layer: factor**layer,
            BACKWARD: lambda seed, step, layer: factor ** (depth - layer),
        },
        records=dict.fromkeys(("train_accuracy", "validation_accuracy", "test_accuracy"), reached),
        predictions={
            FORWARD: [expected ** (layer + 1) for layer in range(depth)],
            BACKWARD: [expected ** (depth - 1 - layer) for layer in range(depth)],
        },
        **fields,
    )


def as_in_the_paper(law, depth, rate):
    """He's law trains at any depth and Xavier's to 22 layers; the deepest ends a little lower."""
    if rate > 0.05 or (law != "he_normal" and depth == 30):
        return 0.1
    return 0.8 if depth == 30 else 0.9


def sooner(law, depth, rate):
    return 0.9 if law == "he_normal" and rate < 0.05 else 0.1


def test_networks_that_do_as_in_the_paper_support_it(tmp_path):
    path = publish(tmp_path / "r", *rectifiers(as_in_the_paper, early=sooner))
    found = verdicts(NAME, path)
    kinds = ("both", "sooner", "converges", "stalls", "as-he", "deeper", "alike", "forms")
    for kind in (*kinds, "outputs", "gradients"):
        assert any(name.startswith(kind) for name in found), kind
    assert set(found.values()) == {"supported"}


def test_a_law_that_trains_with_a_rate_of_its_own_stalls_at_the_other_s(tmp_path):
    def own_rate(law, depth, rate):
        return 0.9 if (law == "he_normal") == (rate < 0.05) else 0.1

    found = verdicts(NAME, publish(tmp_path / "r", *rectifiers(own_rate)))
    assert found["stalls-lecun-normal-mlp"] == "refuted"
    assert found["as-he-lecun-normal-mlp"] == "supported"


def test_few_steps_tell_neither_a_stall_nor_what_networks_come_to(tmp_path, monkeypatch):
    monkeypatch.setattr("initlab.analysis.claims.few_steps.MANY", 11)
    found = verdicts(NAME, publish(tmp_path / "r", *rectifiers(as_in_the_paper, early=sooner)))
    premature = {name for name, verdict in found.items() if verdict == "inconclusive"}
    assert premature == {
        *(f"{start}-{law}-mlp" for start in ("stalls", "as-he") for law in XAVIER),
        *(f"deeper-mlp-depth-{depth}" for depth in (14, 22)),
    }
    dead = rectifiers(lambda law, *_: 0.9 if law == "he_normal" else 0.1)
    found = verdicts(NAME, publish(tmp_path / "s", *dead))
    for law in XAVIER:
        assert found[f"both-{law}-mlp"] == found[f"alike-{law}-mlp"] == "inconclusive"


def test_steps_to_the_target_decide_who_is_sooner(tmp_path):
    def xavier_sooner(law, depth, rate):
        return 0.9 if law != "he_normal" else 0.1

    path = publish(tmp_path / "r", *rectifiers(lambda *_: 0.95, early=xavier_sooner))
    claims = {claim.id: claim for claim in trials(NAME, path)}
    assert claims["sooner-lecun-normal-mlp"].verdict == "refuted"
    assert claims["sooner-lecun-normal-mlp"].measured == pytest.approx(-1.0)  # step 1 and step 10


def test_networks_that_gain_by_depth_refute_that_they_do_not(tmp_path):
    path = publish(tmp_path / "r", *rectifiers(lambda law, depth, rate: depth / 40))
    found = verdicts(NAME, path)
    assert found["deeper-mlp-depth-14"] == found["deeper-mlp-depth-22"] == "refuted"


def test_outputs_are_smaller_by_the_root_of_two_a_layer(tmp_path):
    path = publish(tmp_path / "r", *rectifiers(as_in_the_paper))
    claims = {claim.id: claim for claim in trials(NAME, path)}
    assert claims["outputs-lecun-normal-mlp-depth-22"].measured == pytest.approx(4.88e-4, rel=1e-3)
    assert claims["outputs-lecun-normal-mlp-depth-30"].measured == pytest.approx(3.05e-5, rel=1e-3)
    first = math.sqrt(0.45) ** 21
    assert claims["gradients-glorot-normal-mlp-depth-22"].measured == pytest.approx(first)


def test_outputs_that_shrink_otherwise_refute_theory(tmp_path):
    path = publish(
        tmp_path / "r", *rectifiers(as_in_the_paper, scale=lambda law, depth: LAWS[law] / 2.1)
    )
    assert verdicts(NAME, path)["outputs-lecun-normal-mlp-depth-14"] == "supported"
    wrong = rectifiers(as_in_the_paper, scale=lambda law, depth: 0.45 if LAWS[law] < 2 else 1.0)
    found = verdicts(NAME, publish(tmp_path / "s", *wrong))
    assert found["outputs-lecun-normal-mlp-depth-14"] == "refuted"
    assert found["outputs-glorot-normal-mlp-depth-14"] == "supported"


def test_two_forms_that_both_stall_are_not_said_to_end_alike(tmp_path):
    found = verdicts(NAME, publish(tmp_path / "r", *rectifiers(as_in_the_paper)))
    assert "forms-mlp-depth-22" in found
    assert "forms-mlp-depth-30" not in found


def test_empty_results_say_so(tmp_path):
    found = findings(NAME, publish(tmp_path / "r"))
    assert found.answer == ("No run has results yet.",)
    assert found.claims == () == found.drawings


def test_other_laws_and_depths_hold_no_claim_on_training(tmp_path):
    other = trial(records={"validation_accuracy": 0.9}, initializer="orthogonal")
    found = findings(NAME, publish(tmp_path / "r", other))
    assert found.answer == ("The runs hold nothing that a claim is about.",)
    shallow = publish(tmp_path / "s", *rectifiers(as_in_the_paper, depths=(4,)))
    ids = {claim.id for claim in findings(NAME, shallow).claims}
    assert ids == {"outputs", "gradients", "forms"}


def test_two_seeds_support_nothing(tmp_path):
    path = publish(tmp_path / "r", *rectifiers(as_in_the_paper, early=sooner, seeds=2))
    assert set(verdicts(NAME, path).values()) == {"inconclusive"}


def test_every_drawing_draws_and_every_claim_is_shown(tmp_path):
    both = [*rectifiers(as_in_the_paper), *rectifiers(as_in_the_paper, model="convnet", width=8)]
    found = findings(NAME, publish(tmp_path / "r", *both))
    drawn = {drawing.name for drawing in found.drawings}
    by_model = {f"{name}-{model}" for name in ("curves", "as-he") for model in ("mlp", "convnet")}
    assert drawn == {*by_model, "accuracy", "forward", "backward"}
    assert {claim.figure for claim in each_trial(found.claims)} == drawn
    assert not_drawn(found) == []
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes
        assert "n = " in drawing.caption
        assert drawing.alt.endswith(".")
