import math

import pandas as pd
import pytest

from initlab.analysis.depth_scales import CORRELATION
from initlab.analysis.profiles import BACKWARD, FORWARD

from .tables import findings, not_drawn, publish, trial, trials, verdicts

NAME = "weight_scale"
WIDTH = 64
HE = math.sqrt(2 / WIDTH)
SCALES = (0.001, 0.01, HE / 10**0.5, HE, HE * 10**0.5, 3.0)
LAWS = {"he_normal": 2.0, "lecun_normal": 1.0}


def scale_sweep(accuracy, *, early=None, loss=None, depths=(4, 8), rates=(0.1, 1.0), **fields):
    """Relu networks that end at `accuracy(off, depth, rate)`, `off` decades from He's deviation.

    `early` is the same of step 1, `loss` the training loss by step and rate.
    """
    early = early or (lambda off, depth, rate: accuracy(off, depth, rate) / 2)
    loss = loss or (lambda step, rate: 0.1 if step == 10 and rate < 1 else 2.3 + step * rate)
    labels = {f"normal(stddev={stddev})": WIDTH * stddev**2 for stddev in SCALES} | LAWS
    return [
        one_trial(label, variance, depth, rate, accuracy, early, loss, fields)
        for label, variance in labels.items()
        for depth in depths
        for rate in rates
    ]


def one_trial(label, variance, depth, rate, accuracy, early, loss, fields):
    off = math.log10(math.sqrt(variance / 2))

    def held_out(seed, step, layer):
        return {0: 0.1, 1: early(off, depth, rate), 10: accuracy(off, depth, rate)}[step]

    return trial(
        initializer=label,
        width=WIDTH,
        depth=depth,
        learning_rate=rate,
        records={
            "validation_accuracy": held_out,
            "train_accuracy": held_out,
            "test_accuracy": held_out,
            "train_loss": lambda seed, step, layer: loss(step, rate),
        },
        predictions={
            FORWARD: [(variance / 2) ** layer for layer in range(depth)],
            CORRELATION: [0.5] * depth,
            BACKWARD: [(variance / 2) ** (depth - layer) for layer in range(depth)],
        },
        **({"optimizer": "sgd"} | fields),
    )


def peak(off, depth, rate):
    """Accuracy that falls with the distance from He's deviation, sooner in deeper networks."""
    return max(0.1, 0.95 - 0.05 * depth * max(abs(off) - 0.2, 0.0)) if rate < 1 else 0.1


def test_a_peak_at_the_critical_deviation_supports_what_theory_says(tmp_path):
    path = publish(tmp_path / "r", *scale_sweep(peak), *scale_sweep(peak, optimizer="adam"))
    found = verdicts(NAME, path)
    held = {name: verdict for name, verdict in found.items() if name.startswith(("best", "tuned"))}
    assert len(held) == 8
    assert set(held.values()) == {"supported"}
    assert found["narrows-relu-sgd"] == "supported"
    assert found["near-relu-depth-4-sgd"] == "supported"


def test_a_peak_elsewhere_refutes_it(tmp_path):
    shifted = scale_sweep(lambda off, depth, rate: peak(off + 1, depth, rate))
    found = verdicts(NAME, publish(tmp_path / "r", *shifted))
    assert found["best-relu-depth-8-sgd"] == found["tuned-relu-depth-8-sgd"] == "refuted"


def test_steps_and_failure_are_told_apart(tmp_path):
    def trains(off, depth, rate):
        return 0.9

    def soon(off, depth, rate):
        return 0.9 if abs(off) < 0.1 else 0.5

    path = publish(tmp_path / "r", *scale_sweep(trains, early=soon))
    of_it = {claim.id: claim for claim in trials(NAME, path)}
    assert of_it["slow-relu-depth-4-sgd"].measured == pytest.approx(1.0)  # step 10 and not step 1
    assert of_it["near-relu-depth-4-sgd"].verdict == "supported"
    nowhere = publish(tmp_path / "s", *scale_sweep(lambda off, depth, rate: 0.7))
    assert not [claim for claim in trials(NAME, nowhere) if claim.id.startswith("slow")]
    assert of_it["narrows-relu-sgd"].verdict == "refuted"


@pytest.mark.parametrize(("sign", "verdict"), [(1, "supported"), (-1, "refuted")])
def test_small_trials_are_judged_by_rank_and_by_what_they_pick(tmp_path, sign, verdict):
    def early(off, depth, rate):
        return 0.5 + 0.4 * sign * (peak(off, depth, rate) - 0.5)

    found = verdicts(NAME, publish(tmp_path / "r", *scale_sweep(peak, early=early, rates=(0.1,))))
    assert found["ranks-early-relu-depth-8-sgd"] == verdict
    assert found["picks-early-relu-depth-8-sgd"] == verdict
    assert found["ranks-shallow-relu-depth-8-sgd"] == "supported"


def test_the_rate_of_a_law_is_that_of_the_best_validation_accuracy(tmp_path):
    path = publish(tmp_path / "r", *scale_sweep(peak, rates=(0.1, 1.0)))
    found = next(one for one in findings(NAME, path).drawings if one.name == "scales")
    best = found.table[found.table["stddev"].between(0.9 * HE, 1.1 * HE)]
    assert best["value"].tolist() == pytest.approx([0.95, 0.95])


def test_optimizers_are_compared_by_how_much_they_train(tmp_path):
    def always(off, depth, rate):
        return 0.9

    path = publish(tmp_path / "r", *scale_sweep(peak), *scale_sweep(always, optimizer="adam"))
    of_it = {claim.id: claim for claim in trials(NAME, path)}
    share = of_it["modern-adam-relu"]
    assert share.verdict == "supported"
    # Of eight laws at two depths gradient descent trains all but the two farthest, once each way.
    assert 0 < share.measured < 1


def test_the_largest_stable_rate_and_an_overshoot_are_seen(tmp_path):
    path = publish(tmp_path / "r", *scale_sweep(peak, rates=(0.1, 0.3, 1.0)))
    of_it = {claim.id: claim for claim in trials(NAME, path)}
    rates = next(one for one in findings(NAME, path).drawings if one.name == "rates").table
    assert rates["value"].tolist() == pytest.approx([0.3] * len(rates))
    assert of_it["falls-relu-sgd"].measured == pytest.approx(0.0)
    assert of_it["overshoots-relu-sgd"].measured == pytest.approx(math.log10(3.3 / 2.3))
    assert of_it["overshoots-relu-sgd"].verdict == "supported"


def test_rates_that_are_all_stable_do_not_tell_whether_the_largest_falls(tmp_path):
    path = publish(tmp_path / "r", *scale_sweep(peak, rates=(0.1, 0.3)))
    assert not [claim for claim in trials(NAME, path) if claim.id.startswith("falls")]


def test_a_caption_says_that_no_rate_was_stable_and_not_that_runs_diverged(tmp_path):
    path = publish(tmp_path / "r", *scale_sweep(peak, loss=lambda step, rate: 2.3 + step))
    rates = next(one for one in findings(NAME, path).drawings if one.name == "rates")
    # Eight laws at two depths.
    assert rates.caption.endswith(" In 16 points no rate was stable in some seed.")


def test_a_run_that_diverges_at_once_overshoots_and_is_not_stable(tmp_path):
    ended = {"diverged_at_step": 1, "status": "diverged"}
    path = publish(
        tmp_path / "r", *scale_sweep(peak, rates=(0.1,)), *scale_sweep(peak, rates=(2.0,), **ended)
    )
    of_it = {claim.id: claim for claim in trials(NAME, path)}
    assert of_it["overshoots-relu-sgd"].measured == pytest.approx(3.0)


def test_empty_results_say_so(tmp_path):
    found = findings(NAME, publish(tmp_path / "r"))
    assert found.answer == ("No run has results yet.",)
    assert found.claims == () == found.drawings


def test_two_seeds_support_nothing(tmp_path):
    few = [one | {"seeds": 2} for one in scale_sweep(peak)]
    assert "supported" not in verdicts(NAME, publish(tmp_path / "r", *few)).values()


def test_without_validation_or_predictions_nothing_is_said_of_them(tmp_path):
    bare = trial(records={"test_accuracy": 0.9, "train_loss": 0.1}, optimizer="sgd")
    found = findings(NAME, publish(tmp_path / "bare", bare))
    assert found.answer == ("The runs hold nothing that a claim is about.",)
    unpredicted = [one | {"predictions": pd.DataFrame()} for one in scale_sweep(peak)]
    ids = {claim.id for claim in findings(NAME, publish(tmp_path / "r", *unpredicted)).claims}
    assert not ids & {"best", "tuned", "wrong", "near", "slow", "falls", "overshoots"}
    assert "ranks-early" in ids


def test_every_drawing_draws_and_every_claim_is_shown(tmp_path):
    tanh = [one | {"fields": one["fields"] | {"activation": "tanh"}} for one in scale_sweep(peak)]
    path = publish(tmp_path / "r", *scale_sweep(peak), *tanh, *scale_sweep(peak, optimizer="adam"))
    found = findings(NAME, path)
    drawn = {drawing.name for drawing in found.drawings}
    assert drawn == {"scales", "steps", "laws", "rates", "overshoot", "small-trials"}
    assert {claim.figure for claim in found.claims} == drawn
    # Steps, rates and rises follow from other columns than those that are drawn.
    derived = ("slow-", "falls-", "overshoots-")
    assert [name for name in not_drawn(found) if not name.startswith(derived)] == []
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes
        assert "n = " in drawing.caption
        assert drawing.alt.endswith(".")
