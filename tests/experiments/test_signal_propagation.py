import math

import numpy as np
import pytest

from initlab.analysis.profiles import BACKWARD, FORWARD

from .tables import STEPS_MEASURED, findings, growing, publish, shrinking, trial, trials
from .tables import verdicts as verdicts_of

NAME = "signal_propagation"
HELD_OUT = {"test_accuracy": 0.9, "train_accuracy": 0.95, "train_loss": 0.2}


def verdicts(path):
    return verdicts_of(NAME, path)


def signal(factor, *, depth=5, scatter=0.0, records=HELD_OUT, more=None, **fields):
    """A trial whose mean square is multiplied by `factor` a layer both ways."""
    layers = {FORWARD: growing(factor, scatter), BACKWARD: shrinking(factor, depth)}
    return trial(layers=layers | (more or {}), records=records, depth=depth, **fields)


def test_empty_results_say_so(tmp_path):
    found = findings(NAME, publish(tmp_path / "r"))
    assert found.answer == ("No run has results yet.",)
    assert found.claims == () == found.drawings


@pytest.mark.parametrize(
    ("label", "factor"),
    [
        ("he_normal", 1.0),
        ("lecun_normal", 0.5),
        ("glorot_uniform", 0.5),
        ("pytorch_default", 1 / 6),
        ("lenet_uniform", 1 / (6 * 128)),
        ("normal(stddev=0.01)", 128 * 0.01**2 / 2),
        ("orthogonal", 0.5),
        ("fan_in_normal(weight_variance=1.55051881)", 0.775259),
    ],
)
def test_half_the_weight_variance_supports_and_another_factor_refutes(tmp_path, label, factor):
    true = publish(tmp_path / "true", signal(factor, depth=20, initializer=label))
    found = [claim for claim in trials(NAME, true) if claim.id.startswith("factor-")]
    assert [claim.verdict for claim in found] == ["supported"] * 2
    assert [claim.measured for claim in found] == pytest.approx([factor] * 2)
    # Nineteen layers of width 128 and five seeds: the mean lies within 7 % of 0.98 of it.
    false = publish(tmp_path / "false", signal(factor * 1.07, depth=20, initializer=label))
    found = [claim for claim in trials(NAME, false) if claim.id.startswith("factor-")]
    assert [claim.verdict for claim in found] == ["refuted"] * 2


def test_tolerance_of_a_factor_shrinks_with_depth(tmp_path):
    shallow = publish(tmp_path / "shallow", signal(1.1, depth=5))
    deep = publish(tmp_path / "deep", signal(1.1, depth=50))
    assert verdicts(shallow)["factor-forward-he-normal"] == "supported"
    assert verdicts(deep)["factor-forward-he-normal"] == "refuted"


def test_a_mean_off_the_prediction_whose_interval_meets_it_is_inconclusive(tmp_path):
    path = publish(tmp_path / "r", signal(1.3, scatter=0.3))
    assert verdicts(path)["factor-forward-he-normal"] == "inconclusive"


def test_one_seed_judges_no_mean(tmp_path):
    path = publish(tmp_path / "r", signal(1.0, seeds=1), signal(0.5, seeds=1, initializer="zeros"))
    found = trials(NAME, path)
    means = [claim for claim in found if not claim.id.startswith("zeros-no-signal")]
    assert {claim.verdict for claim in means} == {"inconclusive"}
    assert {claim.interval for claim in found} == {None}
    assert len(means) > 5


def test_he_holds_and_small_gaussians_vanish(tmp_path):
    small = "normal(stddev=0.01)"
    path = publish(
        tmp_path / "r",
        *[signal(1.0, depth=depth) for depth in (5, 20)],
        *[signal(0.0064, depth=depth, initializer=small) for depth in (5, 20)],
    )
    found = verdicts(path)
    assert found["holds-forward-he-normal-relu"] == "supported"
    assert found["holds-backward-he-normal-relu"] == "supported"
    assert found["vanishes-forward-normal-0-01-relu"] == "supported"
    assert found["vanishes-backward-normal-0-01-relu"] == "supported"
    assert found["worse-with-depth-normal-0-01"] == "supported"
    # The number is a fitted slope times the layers, and not last over first.
    said = {claim.id: claim.statement for claim in trials(NAME, path)}
    assert "fitted" in said["holds-forward-he-normal-relu"]
    assert any("fitted" in text and "He normal multiplies" in text
               for text in findings(NAME, path).answer)  # fmt: skip


def test_data_that_contradict_refute_the_fates(tmp_path):
    small, large = "normal(stddev=0.01)", "normal(stddev=1)"
    flat = {"saturated_fraction": 0.1}
    path = publish(
        tmp_path / "r",
        *[signal(0.5, depth=depth) for depth in (5, 20)],
        *[signal(1.0, depth=depth, initializer=small) for depth in (5, 20)],
        signal(1.0, depth=20, initializer=large),
        signal(1.0, depth=20, initializer=large, activation="tanh", more=flat),
    )
    found = verdicts(path)
    assert found["holds-forward-he-normal-relu"] == "refuted"
    assert found["vanishes-forward-normal-0-01-relu"] == "refuted"
    assert found["explodes-backward-normal-1-relu"] == "refuted"
    assert found["saturates-normal-1-tanh"] == "refuted"
    # Both stay where they are: neither strays farther.
    assert found["worse-with-depth-normal-0-01"] == "refuted"


@pytest.mark.parametrize(("he", "verdict"), [(1.4, "supported"), (1.0, "refuted")])
def test_the_nearer_variance_of_elu_is_found(tmp_path, he, verdict):
    exact = "fan_in_normal(weight_variance=1.55051881)"
    path = publish(
        tmp_path / "r",
        signal(he, depth=20, activation="elu"),
        signal(1.1, depth=20, activation="elu", initializer=exact),
    )
    assert verdicts(path)["elu-forward-depth-20"] == verdict
    assert verdicts(path)["elu-backward-depth-20"] == verdict


@pytest.mark.parametrize(
    ("moment", "loss", "expected"),
    [(0.0, math.log(10), "supported"), (1e-30, 2.0, "refuted")],
)
def test_zeros_carry_no_signal_and_keep_their_loss(tmp_path, moment, loss, expected):
    zeros = trial(
        layers={FORWARD: moment, BACKWARD: moment},
        records={"train_loss": loss, "test_accuracy": 0.1, "train_accuracy": 0.1},
        initializer="zeros",
    )
    found = verdicts(publish(tmp_path / "r", zeros, signal(1.0)))
    assert found["zeros-no-signal-relu"] == expected
    assert found["zeros-loss-stays-relu"] == expected


def units(spread, positive=0.5, **fields):
    jitter = lambda seed, step, layer: spread + 0.001 * (seed - 2) + 0.01 * layer  # noqa: E731
    more = {"positive_fraction_spread": jitter, "positive_fraction": positive}
    return signal(1.0, more=more | {"preactivation_unit_mean_spread": spread}, **fields)


def test_units_are_favoured_or_not(tmp_path):
    path = publish(
        tmp_path / "r",
        units(0.04),
        units(0.04, inputs="centred"),
        units(0.3, inputs="raw"),
        units(0.02, inputs="unit"),
    )
    found = verdicts(path)
    assert found["no-neuron-favoured-he-normal"] == "supported"
    assert found["no-neuron-favoured-over-draws-he-normal"] == "supported"
    assert found["depth-favours-he-normal"] == "supported"
    assert found["as-usual-first-He-normal-centred-inputs"] == "supported"
    assert found["favours-last-He-normal-inputs-0-to-255"] == "supported"
    assert found["favours-last-He-normal-inputs-0-to-1"] == "refuted"
    assert found["same-neurons-he-normal-relu"] == "supported"


def test_units_that_differ_refute(tmp_path):
    path = publish(tmp_path / "r", units(0.3, positive=0.8), units(0.2, inputs="centred"))
    found = verdicts(path)
    assert found["no-neuron-favoured-he-normal"] == "refuted"
    assert found["no-neuron-favoured-over-draws-he-normal"] == "refuted"
    assert found["as-usual-last-He-normal-centred-inputs"] == "refuted"
    assert found["same-neurons-he-normal-relu"] == "refuted"


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


def test_everything_diverged_at_once(tmp_path):
    gone = trial(
        layers={FORWARD: math.inf, BACKWARD: math.nan},
        records={"train_loss": math.nan},
        initializer="normal(stddev=1)",
        diverged_at_step=0,
        status="diverged",
    )
    found = findings(NAME, publish(tmp_path / "r", gone))
    assert not [claim for claim in found.claims if claim.verdict == "supported"]
    fates = found.listings[0].table
    assert fates["backward"].tolist() == ["no number: the forward pass overflows"]
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes


@pytest.mark.parametrize("activation", ["sigmoid", "selu"])
def test_a_partial_grid_leaves_out_what_it_cannot_say(tmp_path, activation):
    path = publish(tmp_path / "r", signal(0.9, depth=2, activation=activation, seeds=2))
    ids = set(verdicts(path))
    assert not {name for name in ids if name.startswith(("factor-", "elu-", "favours", "vanishes"))}
    assert f"no-preference-he-normal-{activation}-depth-2" in ids


def test_what_varies_beside_the_grid_is_held_and_said(tmp_path):
    path = publish(
        tmp_path / "r",
        signal(1.0, learning_rate=0.1),
        signal(0.5, learning_rate=0.1, initializer="lecun_normal"),
        signal(3.0, learning_rate=0.5),
    )
    found = findings(NAME, path)
    assert verdicts(path)["factor-forward-he-normal"] == "supported"
    captions = {drawing.name: drawing.caption for drawing in found.drawings}
    assert "learning rate 0.1" in captions["factors"]


def test_every_drawing_draws_and_every_claim_has_its_own_id(tmp_path):
    def ratio(seed, step, layer):
        return 0.1 * layer

    path = publish(
        tmp_path / "r",
        *[
            signal(factor, depth=depth, activation=activation, initializer=label,
                   more={"update_to_weight_ratio": ratio, "kernel_min": -1, "kernel_max": 1,
                         "kernel_mean": 0, "kernel_variance": 0.1})
            for depth in (5, 20)
            for activation in ("relu", "tanh")
            for label, factor in (("he_normal", 1.0), ("normal(stddev=0.01)", 0.01))
        ],
        units(0.3, inputs="raw"),
    )  # fmt: skip
    found = findings(NAME, path)
    assert len({claim.id for claim in found.claims}) == len(found.claims) > 10
    assert max(len(claim.predicted) for claim in found.claims) < 50
    table = next(listing for listing in found.listings if listing.name == "trials").table
    assert set(table["claim"]) < {claim.id for claim in found.claims}
    assert len(found.answer) >= 3
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes
        assert "n = " in drawing.caption
    weights = next(listing for listing in found.listings if listing.name == "weights")
    assert set(weights.table["when"]) == {"before", "after"}
    assert np.allclose(weights.table["greatest"], 1)
