import math

import pytest

from .signals import HELD_OUT, NAME, signal, verdicts
from .tables import STEPS_MEASURED, findings, publish, trials


@pytest.mark.parametrize(("relu", "verdict"), [(1.0, "supported"), (0.001, "refuted")])
def test_lower_layers_are_compared_by_their_relative_updates(tmp_path, relu, verdict):
    def moving(first):
        return {"update_to_weight_ratio": lambda seed, step, layer: first if layer == 1 else 1.0}

    path = publish(
        tmp_path / "r",
        signal(1.0, more=moving(relu)),
        signal(1.0, more=moving(0.01), activation="tanh"),
    )
    found = verdicts(path)
    assert found["lower-layers-tanh-depth-5"] == verdict
    assert found["slow-lower-layers-tanh"] == "supported"


@pytest.mark.parametrize(
    ("first", "last", "lag", "verdict"),
    [
        # Below what float32 holds at every step: counted as its least normal number.
        ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), math.log10(2.0**-126), "supported"),
        # Only step 0 has both.
        ((0.5, 1e-6, 1e-6), (1.0, 0.0, 0.0), math.log10(0.5), "refuted"),
        ((0.5, 0.0, 0.0), (1.0, 1e-6, 1e-6), math.log10(0.5), "refuted"),
    ],
)
def test_updates_are_compared_at_the_steps_that_have_both(tmp_path, first, last, lag, verdict):
    def ratio(seed, step, layer):
        return (first if layer == 1 else last)[STEPS_MEASURED.index(step)]

    path = publish(
        tmp_path / "r", signal(1.0, more={"update_to_weight_ratio": ratio}, activation="tanh")
    )
    (slow,) = [claim for claim in trials(NAME, path) if claim.id == "slow-lower-layers-tanh"]
    assert (slow.measured, slow.verdict) == (pytest.approx(lag), verdict)


def test_best_initializer_is_that_of_the_least_final_loss(tmp_path):
    def moving(first, loss, **fields):
        more = {"update_to_weight_ratio": lambda seed, step, layer: first if layer == 1 else 1.0}
        return signal(1.0, more=more, records=HELD_OUT | {"train_loss": loss}, **fields)

    path = publish(
        tmp_path / "r",
        moving(0.5, 0.1, activation="tanh"),
        moving(0.01, 0.2, activation="tanh", initializer="lecun_normal"),
        moving(0.01, 0.0, activation="tanh", initializer="orthogonal",
               diverged_at_step=lambda seed: 1 if seed == 2 else None,
               status=lambda seed: "diverged" if seed == 2 else "completed"),
    )  # fmt: skip
    assert verdicts(path)["slow-lower-layers-tanh"] == "refuted"


@pytest.mark.parametrize(
    ("gap", "verdict"), [(0.2, "supported"), (0.01, "refuted"), (0.05, "inconclusive")]
)
def test_over_fitting_is_the_gap_of_training_and_test(tmp_path, gap, verdict):
    def jittered(gap):
        accuracy = lambda seed, step, layer: 0.7 + gap + 0.01 * (seed - 2)  # noqa: E731
        return {"train_accuracy": accuracy, "test_accuracy": 0.7, "train_loss": 0.1}

    path = publish(
        tmp_path / "r",
        signal(1.0, records=jittered(0.05) | {"train_accuracy": 0.75}),
        signal(1.0, records=jittered(gap), activation="tanh"),
    )
    assert verdicts(path)["over-fits-less-than-tanh"] == verdict


@pytest.mark.parametrize(("accuracy", "verdict"), [(0.1, "supported"), (0.95, "refuted")])
def test_training_is_compared_with_what_the_signal_does(tmp_path, accuracy, verdict):
    lost = HELD_OUT | {"test_accuracy": accuracy}
    path = publish(
        tmp_path / "r",
        signal(1.0, depth=20),
        signal(0.5, depth=20, initializer="lecun_normal", records=lost),
    )
    (gain,) = [c for c in trials(NAME, path) if c.id == "trains-if-it-holds-depth-20"]
    assert gain.measured == pytest.approx(0.9 - accuracy)
    found = verdicts(path)
    assert found["trains-if-it-holds-depth-20"] == verdict
    assert found["fails-depth-20-lecun-normal"] == verdict
    assert found["trains-depth-20-he-normal"] == "supported"


def test_a_gain_in_decimals_keeps_the_factor_at_one(tmp_path):
    label = "orthogonal(gain=1.4142135623730951)"
    found = verdicts(publish(tmp_path / "r", signal(1.0, depth=20, initializer=label)))
    (name,) = [name for name in found if name.startswith(("trains-depth", "fails-depth"))]
    assert (name.partition("-")[0], found[name]) == ("trains", "supported")


def test_a_diverged_run_counts_as_a_guess(tmp_path):
    ended = {"diverged_at_step": 1, "status": "diverged"}
    found = verdicts(publish(tmp_path / "r", signal(1.0, depth=20, **ended)))
    assert found["trains-depth-20-he-normal"] == "refuted"


def test_first_loss_is_that_of_equal_probabilities_or_not(tmp_path):
    def starting(loss, **fields):
        return signal(1.0, records=HELD_OUT | {"train_loss": loss}, **fields)

    found = verdicts(
        publish(
            tmp_path / "r",
            starting(2.303, initializer="lecun_normal"),
            starting(2.4, initializer="orthogonal"),
            starting(lambda seed, step, layer: math.nan if seed else 2.303),
            starting(math.nan, initializer="glorot_normal"),
            starting(lambda seed, step, layer: 2.303 + 0.02 * seed, initializer="he_uniform"),
        )
    )
    assert found["no-preference-lecun-normal-relu-depth-5"] == "supported"
    assert found["no-preference-orthogonal-relu-depth-5"] == "refuted"
    assert found["no-preference-he-normal-relu-depth-5"] == "refuted"
    assert found["no-preference-glorot-normal-relu-depth-5"] == "refuted"
    assert found["no-preference-he-uniform-relu-depth-5"] == "inconclusive"


def test_slow_lower_layers_are_judged_in_the_deepest_networks_of_each_activation(tmp_path):
    def moving(first, **fields):
        more = {"update_to_weight_ratio": lambda seed, step, layer: first if layer == 1 else 1.0}
        return signal(1.0, more=more, **fields)

    path = publish(
        tmp_path / "r",
        moving(1.0, depth=20),
        moving(1.0, depth=5, activation="tanh"),
        moving(0.01, depth=10, activation="tanh"),
        moving(0.01, depth=20, activation="sigmoid", records=HELD_OUT | {"test_accuracy": 0.12}),
    )
    said = {claim.id: claim.statement for claim in trials(NAME, path)}
    assert "tanh at depth 10" in said["slow-lower-layers-tanh"]
    # Whether that network trains at all is said with it.
    assert (
        "sigmoid at depth 20 (He normal, test accuracy 0.12)" in said["slow-lower-layers-sigmoid"]
    )
    assert verdicts(path)["slow-lower-layers-tanh"] == "supported"
    # The figure shows the number: what the line of the deepest tanh networks falls by.
    drawn = next(one for one in findings(NAME, path).drawings if one.name == "updates").table
    line = drawn[(drawn["activation"] == "tanh") & (drawn["depth"] == 10)].set_index("layer")
    assert line.loc[1, "value"] / line.loc[9, "value"] == pytest.approx(0.01)


def test_laws_without_a_factor_are_said_to_be_in_neither_claim_on_deep_rectifiers(tmp_path):
    path = publish(
        tmp_path / "r",
        signal(1.0, depth=20),
        signal(1.0, depth=20, initializer="normal(stddev=0.1, mean=0.02)"),
    )
    (claim,) = [one for one in findings(NAME, path).claims if one.id in ("trains", "fails")]
    assert "of the laws whose factor has a closed form: weights of zero mean" in claim.statement
    assert [one.subject for one in claim.trials] == [("He normal", "at depth 20")]


def test_the_answer_gives_the_best_accuracy_beside_who_holds(tmp_path):
    def ending(accuracy, **fields):
        return signal(records=HELD_OUT | {"test_accuracy": accuracy}, depth=20, **fields)

    sigmoid = {"activation": "sigmoid"}
    ended = {"diverged_at_step": 1, "status": "diverged"}
    path = publish(
        tmp_path / "r",
        ending(0.25, factor=1.0),
        ending(0.95, factor=0.5, initializer="orthogonal"),
        ending(1.0, factor=1.0, initializer="he_uniform", **ended),
        *[
            ending(0.1, factor=1.0, initializer=label, **sigmoid)
            for label in ("he_normal", "orthogonal", "he_uniform")
        ],
    )
    answer = findings(NAME, path).answer
    (relu,) = [text for text in answer if text.startswith("relu, ")]
    (other,) = [text for text in answer if text.startswith("sigmoid, ")]
    assert "holds both ways with He normal and He uniform" in relu
    assert "The highest test accuracy is 0.95 (0.95 to 0.95), with orthogonal." in relu
    assert "None trains in these steps" in other
    assert "relu with orthogonal (0.95)." in answer[0]
    assert answer[0].startswith(
        "Before training, through the deepest networks, the signal holds within a factor of ten "
        "forward and backward in relu with He normal and He uniform; in sigmoid with "
    )
    assert "No initializer trains those of sigmoid in these steps." in answer[0]
    (held,) = [text for text in answer if text.startswith("At each depth, in the mean over trials")]
    assert "1 trial at all depths whose signal does not hold both ways 1 end above" in held
    assert held.endswith("of 5 whose signal does, 0.")
    assert sum(held.count("end above a test accuracy") for held in answer) == 1


def test_what_an_interval_leaves_open_is_said_to_be_undecided(tmp_path):
    def ending(accuracy, **fields):
        records = HELD_OUT | {"test_accuracy": lambda seed, *_: accuracy + 0.05 * (seed - 2)}
        return signal(1.0, records=records, depth=20, **fields)

    path = publish(tmp_path / "r", ending(0.19), ending(0.1, activation="tanh"))
    answer = findings(NAME, path).answer
    assert "No initializer trains those of tanh in these steps." in answer[0]
    assert (
        "Whether one trains those of relu (He normal: 0.19 (0.0918 to 0.288)) is undecided."
        in (answer[0])
    )
    assert "Whether one trains in these steps is undecided" in " ".join(answer[1:])


def test_a_signal_that_may_hold_is_counted_apart(tmp_path):
    # Over the ten factors of depth 12, 0.8 is 0.11 in the mean, and its interval reaches across.
    path = publish(
        tmp_path / "r",
        signal(1.0, depth=12),
        signal(0.6, depth=12, initializer="lecun_normal"),
        signal(0.81, depth=12, scatter=0.1, initializer="orthogonal"),
    )
    (held,) = [text for text in findings(NAME, path).answer if text.startswith("At each depth,")]
    assert held.endswith("of 1 whose signal does, 0; of 1 of which that is undecided, 0.")
