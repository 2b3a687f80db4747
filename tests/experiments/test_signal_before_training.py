import math

import pytest

from initlab.analysis.profiles import BACKWARD, FORWARD

from .signals import HELD_OUT, NAME, signal, units, verdicts
from .tables import findings, publish, trial, trials


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
    assert found["worse-with-depth-forward-normal-0-01"] == "supported"
    assert found["worse-with-depth-backward-normal-0-01"] == "supported"
    table = findings(NAME, path).listings[0].table.set_index(["initializer", "depth"])
    assert table.loc[("normal 0.01", 5), "forward"].startswith("shrinks: 0.00640 a layer; ")
    assert table.loc[("He normal", 5), "forward"].startswith("holds: 1.00 a layer; ")


def test_what_is_left_is_measured_and_where_nothing_is_no_number_is_made_up(tmp_path):
    def gone(seed, step, layer):  # 1e-8 a layer, and below what float32 holds nothing
        return 1e-8**layer if layer < 9 else 0.0

    def bent(seed, step, layer):  # a slope that, fitted, comes to another number than last / first
        return 4.0 if layer == 19 else 1.0

    path = publish(
        tmp_path / "r",
        trial(layers={FORWARD: gone, BACKWARD: 1.0}, records=HELD_OUT, depth=20),
        trial(layers={FORWARD: bent, BACKWARD: 1.0}, records=HELD_OUT, depth=20, activation="tanh"),
    )
    found = {claim.id: claim for claim in trials(NAME, path)}
    assert found["holds-forward-he-normal-tanh"].measured == pytest.approx(math.log10(4.0))
    # At most what float32 holds over 1e-8, and not 1e-8 to the power of 18.
    assert found["holds-forward-he-normal-relu"].measured == pytest.approx(-65.9, abs=0.1)
    assert found["holds-forward-he-normal-relu"].verdict == "refuted"
    (relu,) = [text for text in findings(NAME, path).answer if text.startswith("relu")]
    assert "vanishes forward and holds backward with He normal" in relu
    assert "10⁻" not in relu
    fates = findings(NAME, path).listings[0].table.set_index("activation")["forward"]
    assert fates["relu"].endswith("a layer; nothing left of the signal after 8 of 19 layers")
    assert fates["tanh"].endswith("\N{MULTIPLICATION SIGN} 4.00 across 19 layers")


def test_saturation_and_neurons_are_judged_in_the_deepest_networks(tmp_path):
    def of(depth, flat):
        more = {"saturated_fraction": flat, "preactivation_unit_mean_spread": flat}
        return [
            signal(1.0, depth=depth, activation="tanh", more=more, initializer=label)
            for label in ("he_normal", "normal(stddev=1)")
        ]

    path = publish(tmp_path / "r", *of(5, 0.0), *of(20, 0.9))
    found = {claim.id: claim for claim in trials(NAME, path)}
    assert found["saturates-normal-1-tanh"].measured == pytest.approx(0.9)
    assert found["same-neurons-he-normal-tanh"].measured == pytest.approx(0.9)


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
    assert found["worse-with-depth-forward-normal-0-01"] == "refuted"
    assert found["worse-with-depth-backward-normal-0-01"] == "refuted"


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
    ("moment", "loss", "dataset", "expected"),
    [
        (0.0, math.log(10), "digits", "supported"),
        (1e-30, 2.0, "digits", "refuted"),
        (0.0, math.log(100), "cifar100", "supported"),
        (1e-30, math.log(10), "cifar100", "refuted"),
    ],
)
def test_zeros_carry_no_signal_and_keep_their_loss(tmp_path, moment, loss, dataset, expected):
    zeros = trial(
        layers={FORWARD: moment, BACKWARD: moment},
        records={"train_loss": loss, "test_accuracy": 0.1, "train_accuracy": 0.1},
        initializer="zeros",
        dataset=dataset,
    )
    found = verdicts(publish(tmp_path / "r", zeros, signal(1.0, dataset=dataset)))
    assert found["zeros-no-signal-relu"] == expected
    assert found["zeros-loss-stays-relu"] == expected


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
