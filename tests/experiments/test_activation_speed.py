import pytest

from .tables import findings, not_drawn, publish, trial, trials, verdicts

NAME = "activation_speed"
OWN = "fan_in_normal(weight_variance=2.0)"
NAMES = ("relu", "tanh", "sigmoid")


def networks(early, late=None, *, names=NAMES, initializer=OWN, seeds=5, rates=(0.01,), **fields):
    """Networks with a training accuracy of `early(name, rate)` at step 1, `late` at step 10."""
    late = late or (lambda name, rate: 0.9)
    return [
        one_trial(name, rate, early, late, initializer, seeds, fields)
        for name in names
        for rate in rates
    ]


def one_trial(name, rate, early, late, initializer, seeds, fields):
    def reached(seed, step, layer):
        return {0: 0.1, 1: early(name, rate), 10: late(name, rate)}[step]

    return trial(
        model="convnet",
        depth=4,
        activation=name,
        initializer=initializer,
        learning_rate=rate,
        seeds=seeds,
        records={
            "train_accuracy": reached,
            "validation_accuracy": lambda seed, step, layer: late(name, rate),
            "test_accuracy": lambda seed, step, layer: late(name, rate),
        },
        **fields,
    )


def relu_first(name, rate):
    return 0.9 if name == "relu" else 0.7


def test_a_relu_ten_times_as_fast_is_faster_and_not_six_times(tmp_path):
    path = publish(tmp_path / "r", *networks(relu_first))
    claims = {claim.id: claim for claim in trials(NAME, path)}
    six = claims["six-validated-each-its-own-gain"]
    # (0.7 + 0.9) / 2 is enough: tanh gets there at step 10, and relu at step 1.
    assert six.measured == pytest.approx(10.0)
    assert six.verdict == "refuted"
    assert claims["faster-tanh-each-its-own-gain"].verdict == "supported"
    assert claims["alike-tanh-each-its-own-gain"].verdict == "supported"


def test_a_relu_as_fast_as_tanh_refutes_both(tmp_path):
    path = publish(tmp_path / "r", *networks(lambda name, rate: 0.9))
    found = verdicts(NAME, path)
    assert found["six-fastest-each-its-own-gain"] == "refuted"
    # No difference at all: the interval is the point that has to be exceeded.
    assert found["faster-sigmoid-each-its-own-gain"] == "refuted"


def test_networks_that_never_get_there_leave_a_lower_bound(tmp_path):
    def never(name, rate):
        return 0.9 if name == "relu" else 0.5

    short = networks(never, never, names=("relu", "tanh"))
    claims = {claim.id: claim for claim in trials(NAME, publish(tmp_path / "r", *short))}
    six = claims["six-validated-each-its-own-gain"]
    assert six.measured == pytest.approx(10.0)
    assert six.verdict == "refuted"  # at least ten times is more than about six
    assert "lower bound" in six.statement
    late = networks(lambda name, rate: 0.5, never, names=("relu", "tanh"))
    found = {claim.id: claim for claim in trials(NAME, publish(tmp_path / "s", *late))}
    assert "six-validated-each-its-own-gain" not in found  # relu never does either


def test_one_batch_alone_does_not_reach_the_target(tmp_path):
    path = publish(tmp_path / "r", *networks(relu_first, lambda name, rate: 0.76))
    claims = {claim.id: claim for claim in trials(NAME, path)}
    assert "lower bound" in claims["six-validated-each-its-own-gain"].statement


def test_each_has_the_rate_of_the_best_validation_and_that_of_the_fewest_steps(tmp_path):
    def quick(name, rate):
        return 0.9 if rate > 0.05 or name == "relu" else 0.1

    def better(name, rate):
        return 0.9 if rate > 0.05 else 0.95

    path = publish(tmp_path / "r", *networks(quick, better, rates=(0.01, 0.1)))
    claims = {claim.id: claim for claim in trials(NAME, path)}
    assert claims["six-validated-each-its-own-gain"].measured == pytest.approx(10.0)
    assert claims["six-fastest-each-its-own-gain"].measured == pytest.approx(1.0)


def test_weights_of_one_law_for_all_stand_apart(tmp_path):
    path = publish(
        tmp_path / "r", *networks(relu_first), *networks(relu_first, initializer="glorot_normal")
    )
    assert "faster-tanh-one-law-Glorot-normal" in verdicts(NAME, path)


def test_accuracies_apart_are_not_alike(tmp_path):
    path = publish(
        tmp_path / "r", *networks(relu_first, lambda name, rate: 0.9 - 0.1 * (name == "tanh"))
    )
    found = verdicts(NAME, path)
    assert found["alike-tanh-each-its-own-gain"] == "refuted"
    assert found["alike-sigmoid-each-its-own-gain"] == "supported"


def test_empty_results_say_so(tmp_path):
    found = findings(NAME, publish(tmp_path / "r"))
    assert found.answer == ("No run has results yet.",)
    assert found.claims == () == found.drawings


def test_one_nonlinearity_compares_with_nothing(tmp_path):
    found = findings(NAME, publish(tmp_path / "r", *networks(relu_first, names=("relu",))))
    assert found.answer == ("The runs hold nothing that a claim is about.",)


def test_two_seeds_support_nothing(tmp_path):
    path = publish(tmp_path / "r", *networks(relu_first, seeds=2))
    assert set(verdicts(NAME, path).values()) == {"inconclusive"}


def test_every_drawing_draws_and_every_claim_is_shown(tmp_path):
    found = findings(NAME, publish(tmp_path / "r", *networks(relu_first)))
    drawn = {drawing.name for drawing in found.drawings}
    assert drawn == {"curves", "steps", "fastest", "accuracy"}
    # Steps follow from the training accuracy, which the curves show.
    assert [name for name in not_drawn(found) if not name.startswith(("six", "faster"))] == []
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes
        assert "n = " in drawing.caption
        assert drawing.alt.endswith(".")
