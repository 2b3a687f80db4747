import math

from .symmetries import CONSTANT, HALVES, LECUN, NAME, arm
from .tables import findings, not_drawn, publish, trials


def test_empty_results_say_so(tmp_path):
    found = findings(NAME, publish(tmp_path / "r"))
    assert found.answer == ("No run has results yet.",)
    assert found.claims == () == found.drawings


def test_one_seed_supports_nothing_and_can_refute(tmp_path):
    path = publish(
        tmp_path / "r",
        arm(CONSTANT, seeds=1),
        arm(HALVES, seeds=1, duplicate_unit_fraction=0.5),
        arm(LECUN, seeds=1, duplicate_unit_fraction=0.0),
    )
    found = trials(NAME, path)
    verdicts = {claim.id: claim.verdict for claim in found}
    assert verdicts["copies-constant-0-05-relu"] == "inconclusive"
    assert verdicts["copies-tied-halves-relu"] == "refuted"
    assert "supported" not in verdicts.values()
    assert {claim.interval for claim in found} == {None}


def test_a_partial_grid_leaves_out_what_it_cannot_say(tmp_path):
    found = findings(NAME, publish(tmp_path / "r", arm("uniform(high=1, low=0)", depth=1)))
    assert {claim.id for claim in found.claims} == {"no-preference-uniform", "first-error-uniform"}


def test_everything_diverged_at_once(tmp_path):
    path = publish(tmp_path / "r", arm(LECUN, loss=math.nan, status="diverged", diverged_at_step=0))
    found = findings(NAME, path)
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes


def test_every_drawing_draws(tmp_path):
    path = publish(
        tmp_path / "r",
        *[
            arm(label, activation=activation, **more)
            for activation in ("relu", "tanh")
            for label, more in (
                ("zeros", {"kernel_min": 0.0, "kernel_max": 0.0}),
                (CONSTANT, {}),
                (CONSTANT, {"readout_initializer": LECUN}),
                (HALVES, {"readout_initializer": LECUN}),
                (LECUN, {"duplicate_unit_fraction": 0.0, "accuracy": 0.9}),
            )
        ],
    )
    found = findings(NAME, path)
    assert {d.name for d in found.drawings} == {
        "symmetry", "layers", "training", "accuracy", "first-error", "gradients",
    }  # fmt: skip
    assert not_drawn(found) == []
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes
        assert "n = 5" in drawing.caption
    assert len(found.answer) >= 3
    assert max(len(claim.predicted) for claim in found.claims) < 60
