"""The commands gain and predict: what they print, and what they refuse."""

import json
import math
import re

import jax.numpy as jnp
import pytest
from typer.testing import CliRunner

from initlab import theory
from initlab.cli import app
from initlab.errors import SpecError


def run(*words):
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_gain_prints_numbers_of_the_theory():
    found = json.loads(run("gain", "tanh", "--json"))
    assert found["gain"] == theory.gain("tanh")
    assert found["second_moment"] == theory.second_moment("tanh", 1.0)
    assert found["chi_1"] == pytest.approx(1.17780723, abs=5e-9)
    assert found["chi_q"] == pytest.approx(0.46107083, abs=5e-9)
    assert found["stability"] == "stable"
    at = {point["bias_variance"]: point for point in found["critical_points"]}
    assert at[0.05]["weight_variance"] == theory.critical_weight_variance("tanh", 0.05)
    assert found["critical_weight_variance"]["0.05"] == at[0.05]["weight_variance"]
    assert list(found["critical_weight_variance"]) == ["0", "0.01", "0.05", "0.2", "1"]
    # GELU's critical points are not stable below a bias variance of 0.1729.
    of_gelu = json.loads(run("gain", "gelu", "--json"))["critical_weight_variance"]
    assert [variance is None for variance in of_gelu.values()] == [True, True, True, False, False]
    assert json.loads(run("gain", "gelu", "--json"))["stability"] == "unstable"
    assert json.loads(run("gain", "relu", "--json"))["stability"] == "marginal"


def test_gain_tells_of_unstable_points_in_words():
    text = run("gain", "gelu")
    assert "UNSTABLE: a second moment drifts away from 1" in text
    assert "weight variance 2.3025195" in text
    assert "none at bias variance 0, 0.01, 0.05, 0.2, 1" in run("gain", "softplus")


def test_lines_to_paste_have_the_variance():
    lines = json.loads(run("gain", "sin", "--json"))["lines"]
    assert lines["flax"] == 'nnx.initializers.variance_scaling(2.31303529, "fan_in", "normal")'
    assert lines["pytorch"] == (
        "nn.init.normal_(layer.weight, std=1.52086662 * layer.weight[0].numel() ** -0.5)"
    )
    assert lines["keras"] == (
        'keras.initializers.VarianceScaling(2.31303529, "fan_in", "untruncated_normal")'
    )


def test_an_activation_may_be_a_function_of_a_module(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own_activation.py").write_text(
        "import jax.numpy as jnp\ndef twice(x):\n    return 2 * jnp.tanh(x)\n"
    )
    found = json.loads(run("gain", "own_activation:twice", "--json"))
    assert found["gain"] == pytest.approx(theory.gain("tanh") / 2, rel=1e-12)
    with pytest.raises(SpecError) as caught:
        run("gain", "own_activation:thrice")
    assert str(caught.value) == (
        "own_activation:thrice: module 'own_activation' has no attribute 'thrice'. Give an "
        "activation's name, or package.module:function of a module that can be imported from here."
    )


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("def twice(x) return 2 * x\n", "SyntaxError: expected ':' (broken_activation.py, line 1)"),
        ("twice = undefined\n", "NameError: name 'undefined' is not defined"),
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_module_that_cannot_be_executed_is_bad_usage(tmp_path, monkeypatch, source, named):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken_activation.py").write_text(source)
    with pytest.raises(SpecError) as caught:
        run("gain", "broken_activation:twice")
    assert str(caught.value).startswith(f"broken_activation:twice: {named}. Give an activation's")


def test_what_divides_by_zero_is_refused(monkeypatch):
    def divide(phi):
        return 1 / 0

    monkeypatch.setattr(theory, "gain", divide)
    with pytest.raises(SpecError, match="division by zero"):
        run("gain", "tanh")


def test_predict_prints_fixed_points_and_depth_scales():
    words = ("--activation", "tanh", "--weight-variance", "2.25", "--bias-variance", "0.0025")
    found = json.loads(run("predict", *words, "--json"))
    for name in ("q_star", "c_star", "chi_1", "chi_q", "xi_q", "xi_c", "xi_gradient"):
        assert found[name] == getattr(theory, name)("tanh", 2.25, 0.0025)
    assert found["xi_c"] == pytest.approx(16.200642, abs=5e-7)
    assert "profile" not in found
    grows = json.loads(run("predict", "--activation", "relu", "--weight-variance", "3", "--json"))
    assert (grows["q_star"], grows["xi_c"], grows["chi_1"]) == ("inf", "inf", 1.5)


def test_a_profile_that_begins_beyond_an_unstable_fixed_point_says_so():
    words = ("predict", "--bias-variance", "0.05", "--depth", "3", "--activation")
    said = "it begins above the unstable q of 0.722103, and does not come to q*"
    assert said in run(*words, "gelu", "--weight-variance", "2.3025")
    below = run(*words, "gelu", "--weight-variance", "0.5")
    assert "of inputs of mean square 1" in below
    assert "it begins above" not in below + run(*words, "tanh", "--weight-variance", "1.5")


def test_predict_tells_of_a_reach_where_correlations_settle_alone():
    critical = run("predict", "--activation", "tanh", "--weight-variance", "1")
    assert "training" not in critical
    words = ("--activation", "tanh", "--weight-variance", "1.5", "--bias-variance", "0.05")
    assert "xi_c   15.790994    layers until c has settled by a factor e; training reaches" in (
        run("predict", *words)
    )
    # Correlations of a rectifier without biases set no depth at any scale; its gradients do.
    explodes = run("predict", "--activation", "relu", "--weight-variance", "3")
    assert "training" not in explodes
    assert "xi_g   2.4663035    layers until gradients have changed by a factor e" in explodes


def test_a_profile_is_what_the_maps_make_layer_by_layer():
    words = ("--activation", "relu", "--weight-variance", "1.5", "--depth", "4", "--width", "100")
    rows = json.loads(run("predict", *words, "--json"))["profile"]
    assert [row["layer"] for row in rows] == [1, 2, 3, 4]
    # Half of the weight variance a layer, forward and backward.
    signal = [row["preactivation_second_moment"] for row in rows]
    assert signal == pytest.approx([1.5 * 0.75**layer for layer in range(4)], rel=1e-12)
    gradient = [row["preactivation_gradient_second_moment"] for row in rows]
    assert gradient == pytest.approx([0.75 ** (3 - layer) for layer in range(4)], rel=1e-12)
    # Two inputs without correlation: the iterates of ReLU's c map.
    known = [0.0, 0.318309886184, 0.4937310902, 0.604825720113]
    assert [row["batch_correlation"] for row in rows] == pytest.approx(known, abs=1e-11)
    # 1 + 5 / width for each layer below, 1 + 2 / width for the layer's own units.
    scatter = [math.sqrt(math.log(1.05**layer * 1.02)) for layer in range(4)]
    found = [row["preactivation_second_moment_scatter"] for row in rows]
    assert found == pytest.approx(scatter, rel=1e-12)
    back = [math.sqrt((3 - layer) * math.log(1.05)) for layer in range(4)]
    found = [row["preactivation_gradient_second_moment_scatter"] for row in rows]
    assert found == pytest.approx(back, rel=1e-12, abs=1e-15)
    text = run("predict", *words)
    # 0.6328125 lies halfway between two numbers of six digits.
    line = r"layer 4    q 0\.63281[23]    \+-0\.408    c 0\.604826   gradient 1           \+-0\n"
    assert re.search(line, text)


def test_a_profile_goes_on_where_squares_leave_double_precision():
    words = ("predict", "--activation", "relu", "--json", "--width", "128", "--weight-variance")
    vanished = json.loads(run(*words, "0.01", "--depth", "200"))["profile"]
    short = [word for word in words if word != "--json"]
    reason = "nan: a layer's q is not between 1e-300 and 1e+76"
    assert reason in run(*short, "0.01", "--depth", "200")
    assert reason not in run(*short, "0.01", "--depth", "20")
    # 0.005 a layer, down to 1e-300.
    kept = [row for row in vanished if row["preactivation_second_moment"] is not None]
    assert len(kept) == 1 + math.floor(298 / math.log10(200)) + 1
    for row in kept[:-1]:
        below = row["layer"] - 1
        expected = math.sqrt(below * math.log1p(5 / 128) + math.log1p(2 / 128))
        assert row["preactivation_second_moment_scatter"] == pytest.approx(expected, rel=1e-9)
    grown = json.loads(run(*words, "64", "--depth", "150"))["profile"]
    # 32 a layer, up to the first beyond 1e76.
    kept = [row for row in grown if row["preactivation_second_moment"] is not None]
    assert kept[-1]["preactivation_second_moment"] > 1e76 > kept[-2]["preactivation_second_moment"]
    assert grown[-1]["preactivation_gradient_second_moment"] == 1.0
    assert grown[0]["preactivation_gradient_second_moment"] is None


def test_biases_and_inputs_enter_the_first_layer():
    first = theory.predict_dense(
        jnp.tanh,
        depth=1,
        weight_variance=2.0,
        bias_variance=0.5,
        input_second_moment=3.0,
        input_correlation=0.25,
    )
    assert first == [(1, 6.5, 2.0 / 6.5, 1.0, None, None)]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("gain", "swish"), "phi: unknown name 'swish'. Did you mean `silu`?"),
        (
            ("predict", "--activation", "tanh", "--weight-variance", "-1"),
            "`weight_variance` must be positive, got -1.0.",
        ),
        (
            ("predict", "--activation", "tanh", "--weight-variance", "1", "--width", "3"),
            "`--width` needs `--depth`: it is for the profile's scatter.",
        ),
    ],
)
def test_bad_usage_is_refused_with_code_two(words, message):
    with pytest.raises(SpecError) as caught:
        run(*words)
    assert str(caught.value).startswith(message)
    assert caught.value.exit_code == 2
