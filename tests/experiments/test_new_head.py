import math

import numpy as np
import pytest

from .tables import draws, findings, publish, trial, trials, verdicts

NAME = "new_head"
HE, SMALL = "he_normal", "normal(stddev=0.01)"


def head(test, *, law=HE, removed=1, first=2.5, train=0.95, moved=0.1, seeds=5, **fields):
    """A trial that ends with these accuracies, and has moved its first filters so far."""

    def at_end(value):
        return lambda seed, step, layer: value(seed) if callable(value) else value

    def kernel(scale):
        return lambda seed: np.full((3, 3, 1, 4), scale, np.float32)

    usual = {
        "checkpoint_sha256": lambda seed: f"{seed:064x}",
        "model": "convnet", "depth": 5, "width": 12, "loss": "cross_entropy",
        "initializer": "pretrained(checkpoint=new_head_source)", "removed_layers": removed,
        "head_initializer": law, "head_learning_rate_multiplier": None,
    }  # fmt: skip
    return trial(
        seeds=seeds,
        records={
            "test_accuracy": at_end(test),
            "validation_accuracy": at_end(test),
            "train_accuracy": train if callable(train) else at_end(train),
            "train_loss": lambda seed, step, layer: first if step == 0 else 0.5,
        },
        layers={"preactivation_second_moment": 1.0},
        arrays={"first_kernel_initial": kernel(1.0), "first_kernel_final": kernel(1.0 + moved)},
        **usual | fields,
    )


def found(path):
    return {claim.id: claim for claim in trials(NAME, path)}


def test_heads_of_zeros_begin_without_preference(tmp_path):
    path = publish(tmp_path / "r", head(0.9), head(0.9, law="zeros", first=math.log(10)))
    claims = found(path)
    assert claims["starts-zeros"].verdict == "supported"
    assert claims["starts-he"].measured == pytest.approx(2.5 - math.log(10))
    assert claims["starts-he"].verdict == "supported"
    other = publish(tmp_path / "s", head(0.9, first=2.0), head(0.9, law="zeros", first=2.4))
    worse = verdicts(NAME, other)
    assert worse["starts-zeros"] == worse["starts-he"] == "refuted"


def test_a_head_of_hes_law_is_held_against_equal_probabilities_without_zeros_beside(tmp_path):
    claims = found(publish(tmp_path / "r", head(0.9)))
    assert set(claims) == {"starts-he"}
    assert claims["starts-he"].measured == pytest.approx(2.5 - math.log(10))


NUMBER = {"loss": "mse", "target": "number"}
ALONE = {
    "He": head(0.9),
    "zeros": head(0.9, law="zeros", first=math.log(10)),
    "LeCun": head(0.9, law="lecun_normal"),
    "two layers": head(0.9, removed=2),
    "number": head(0.5, **NUMBER),
    "high rate of the head": head(0.9, head_learning_rate_multiplier=10.0),
    "without an accuracy that counts": head(0.2, train=0.2),
    "diverged": head(0.9, diverged_at_step=5),
}


@pytest.mark.parametrize("name", ALONE)
def test_one_head_alone_is_reported(tmp_path, name):
    of_it = findings(NAME, publish(tmp_path / "r", ALONE[name]))
    assert draws(of_it)
    assert of_it.drawings
    assert not {claim.verdict for claim in of_it.claims} & {"refuted"}


def test_what_one_head_does_not_tell_is_said(tmp_path):
    (said, left) = findings(NAME, publish(tmp_path / "r", head(0.9))).answer
    assert said.startswith("Does one of He's law begin above that loss? Yes;")
    assert left.startswith("Not judged, since runs that it takes are not among these results: May")
    assert "Is one removed layer better than two?" in left
    assert "begin above that loss?" not in left


def test_one_layer_of_zeros_is_harmless_and_two_are_stuck(tmp_path):
    two = {"law": "zeros", "removed": 2}
    path = publish(tmp_path / "r", head(0.9), head(0.895, law="zeros"), head(0.1, **two))
    claims = found(path)
    assert claims["zero-cross-entropy"].measured == pytest.approx(-0.005, abs=1e-6)
    assert claims["zero-cross-entropy"].verdict == "supported"
    assert claims["stuck-cross-entropy"].verdict == "supported"
    other = publish(tmp_path / "s", head(0.9), head(0.8, law="zeros"), head(0.5, **two))
    worse = verdicts(NAME, other)
    assert worse["zero-cross-entropy"] == worse["stuck-cross-entropy"] == "refuted"


def test_laws_are_compared_by_accuracy_and_by_steps(tmp_path):
    def slowly(seed, step, layer):
        return 0.95 if step >= 10 else 0.2

    path = publish(
        tmp_path / "r",
        head(0.9, train=0.95),
        head(0.8, law=SMALL, train=slowly),
        head(0.7, law="zeros", removed=2),
        head(0.9, removed=2),
    )
    claims = found(path)
    assert claims["best-cross-entropy-1-normal-0-01"].measured == pytest.approx(0.1, abs=1e-6)
    # He's law is there at step 1; the mean of two measured steps of the other is never, so that
    # its last step, 10, counts.
    assert claims["sooner-cross-entropy-1-normal-0-01"].measured == pytest.approx(1.0)
    assert not [name for name in claims if name.startswith("best-cross-entropy-2")]  # it is stuck


def test_one_removed_layer_is_held_against_two(tmp_path):
    claims = found(publish(tmp_path / "r", head(0.9), head(0.85, removed=2)))
    assert claims["removed-cross-entropy"].measured == pytest.approx(0.05, abs=1e-6)
    assert claims["removed-cross-entropy"].verdict == "supported"


def test_tasks_are_kept_apart(tmp_path):
    claims = found(
        publish(
            tmp_path / "r",
            head(0.9),
            head(0.85, removed=2),
            head(0.5, **NUMBER),
            head(0.6, removed=2, **NUMBER),
        )
    )
    assert claims["removed-cross-entropy"].verdict == "supported"
    assert claims["removed-squared-error"].measured == pytest.approx(-0.1, abs=1e-6)


def test_movement_is_compared_at_one_rate_of_the_head(tmp_path):
    quick, slow = {"learning_rate": 0.03}, {"learning_rate": 0.003}
    path = publish(
        tmp_path / "r",
        head(0.9, moved=1.0, **quick),
        head(0.9, moved=0.1, **slow),
        head(0.9, law="zeros", moved=0.5, **quick),
        head(0.9, law="zeros", moved=0.05, **slow),
        head(0.93, moved=0.2, head_learning_rate_multiplier=10.0, **slow),
    )
    claims = found(path)
    assert claims["calm-cross-entropy"].measured == pytest.approx(math.log10(2), abs=1e-6)
    assert claims["slow-cross-entropy-0-03"].measured == pytest.approx(math.log10(5), abs=1e-6)
    assert claims["spared-cross-entropy-0-03"].measured == pytest.approx(0.03, abs=1e-6)
    assert {one.verdict for name, one in claims.items() if name.startswith(("calm", "slow"))} == {
        "supported"
    }


def test_empty_results_say_so(tmp_path):
    empty = findings(NAME, publish(tmp_path / "r"))
    assert empty.answer == ("No run has results yet.",)
    assert empty.claims == () == empty.drawings


def test_steps_are_drawn_of_the_runs_that_get_there_head_by_head(tmp_path):
    def sometimes(seed, step, layer):
        return 0.95 if seed < 2 and step > 0 else 0.2

    path = publish(
        tmp_path / "r", head(0.9), head(0.9, removed=2, train=sometimes), head(0.9, law="zeros"),
        head(0.9, law=SMALL, train=0.2),
    )  # fmt: skip
    table = {one.name: one.table for one in findings(NAME, path).drawings}["steps-classes"]
    means = table[table["seed"].isna()].set_index("label")
    assert means["n"].to_dict() == {
        "He normal, one layer": 5, "zeros, one layer": 5, "He normal, two layers": 2,
    }  # fmt: skip
    assert (means["value"] == 1.0).all()


def test_two_seeds_support_nothing(tmp_path):
    few = publish(tmp_path / "r", head(0.9, seeds=2), head(0.8, removed=2, seeds=2))
    assert set(verdicts(NAME, few).values()) == {"inconclusive"}


def test_every_drawing_draws(tmp_path):
    nets = [
        head(0.9, law=law, removed=removed, learning_rate=rate, **task)
        for law in (HE, "zeros")
        for removed in (1, 2)
        for rate in (0.01, 0.1)
        for task in ({}, NUMBER)
    ]
    nets += [head(0.9, initializer="he_normal", removed=None, law=None)]
    shown = findings(NAME, publish(tmp_path / "r", *nets)).drawings
    assert {drawing.name for drawing in shown} == {
        "classes", "number", "steps-classes", "steps-number", "curves", "rates", "movement",
        "variance",
    }  # fmt: skip
    for drawing in shown:
        assert drawing.draw(drawing.table).axes
        assert "n = " in drawing.caption
        assert drawing.alt.endswith(".")
