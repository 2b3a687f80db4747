"""Signals through filters: padding's loss, mistaken fans, and the words for what is of filters."""

import math

import pytest

from initlab.analysis.claims.padding import first_share, lasting_share
from initlab.analysis.profiles import BACKWARD, FORWARD, VARIANCES

from ..analysis.drawn_networks import predicted
from .signals import signal, units
from .tables import findings, growing, not_drawn, publish, shrinking, trial, trials
from .tables import verdicts as verdicts_of

NAME = "conv_propagation"
FORGOTTEN = "fan_in_normal(weight_variance=18)"
FAN_OUT = "variance_scaling(distribution=normal, mode=fan_out, scale=2)"


def verdicts(path):
    return verdicts_of(NAME, path)


def filters(factor, **fields):
    return signal(factor, model="convnet", width=16, batch_size=64, **fields)


def linear(factor, initializer, depth=20):
    layers = {FORWARD: growing(factor), BACKWARD: shrinking(factor, depth)}
    return trial(
        layers=layers, initializer=initializer, depth=depth, model="convnet", width=128,
        activation="identity",
    )  # fmt: skip


def test_empty_results_say_so(tmp_path):
    found = findings(NAME, publish(tmp_path / "r"))
    assert found.answer == ("No run has results yet.",)
    assert found.claims == () == found.drawings


@pytest.mark.parametrize(
    ("factor", "even", "lasting"),
    [(lasting_share(8), "refuted", "supported"), (first_share(8), "supported", "refuted")],
)
def test_paddings_share_is_told_from_linear_networks(tmp_path, factor, even, lasting):
    path = publish(tmp_path / "r", linear(factor, "orthogonal"), linear(factor, "lecun_normal"))
    found = verdicts(path)
    for direction in VARIANCES:
        for label in ("orthogonal", "lecun-normal"):
            assert found[f"padding-even-{direction}-{label}"] == even
            assert found[f"padding-lasting-{direction}-{label}"] == lasting
    assert not_drawn(findings(NAME, path)) == []


@pytest.mark.parametrize(("factor", "verdict"), [(1.0, "supported"), (0.999, "refuted")])
def test_delta_orthogonal_kernels_lose_nothing(tmp_path, factor, verdict):
    path = publish(tmp_path / "r", linear(factor, "delta_orthogonal"))
    assert verdicts(path)["padding-delta-forward-delta-orthogonal"] == verdict
    assert verdicts(path)["padding-delta-backward-delta-orthogonal"] == verdict


@pytest.mark.parametrize(("times", "verdict"), [(9.0, "supported"), (2.0, "refuted")])
def test_a_forgotten_field_multiplies_every_layer_by_nine(tmp_path, times, verdict):
    path = publish(
        tmp_path / "r",
        filters(0.9, depth=20),
        filters(0.9, depth=20, activation="tanh"),
        *[
            filters(
                0.9 * times, depth=20, activation=activation, initializer=FORGOTTEN,
                readout_initializer="he_normal",
            )
            for activation in ("relu", "tanh")
        ],
    )  # fmt: skip
    found = {claim.id: claim for claim in trials(NAME, path)}
    for direction in VARIANCES:
        claim = found[f"forgotten-field-{direction}-depth-20"]
        assert claim.verdict == verdict
        assert claim.measured == pytest.approx(times)
    # A law with one readout throughout is told by its own name, and belongs to the grid.
    assert "holds-forward-18-fan-in-normal-relu" in found


@pytest.mark.parametrize("right", [True, False])
def test_fan_out_shows_where_the_width_changes(tmp_path, right):
    def measured(first, readout):
        def forward(seed, step, layer):
            return first * (readout / 2 if layer == 5 else 1.0)

        return {FORWARD: forward, "activation_second_moment": first / 2}

    # 16 channels from one, and ten logits from 64 places of 16 channels.
    first, readout = (2 / 16, 2 * 64 * 16 / 10) if right else (2.0, 2.0)
    path = publish(
        tmp_path / "r",
        filters(1.0, more=measured(2.0, 2.0)),
        filters(1.0, more=measured(first, readout), initializer=FAN_OUT),
    )
    found = {claim.id: claim for claim in trials(NAME, path)}
    verdict = "supported" if right else "refuted"
    assert found["fan-out-first-depth-5"].verdict == verdict
    assert found["fan-out-readout-depth-5"].verdict == verdict
    assert found["fan-out-layers-forward-depth-5"].measured == pytest.approx(1.0)


def test_small_gaussians_vanish_where_nine_taps_count(tmp_path):
    # 0.08 on 16 channels: 0.64 of He's variance with nine taps, 0.07 without.
    path = publish(tmp_path / "r", filters(0.05, initializer="normal(stddev=0.01)"))
    assert verdicts(path)["vanishes-forward-normal-0-01-relu"] == "supported"
    grown = publish(tmp_path / "g", filters(30.0, initializer="normal(stddev=0.2)"))
    # 144 * 0.04 / 2 is above 1, 16 * 0.04 / 2 is not.
    assert verdicts(grown)["explodes-forward-normal-0-2-relu"] == "supported"


def test_filters_are_favoured_by_what_favours_neurons(tmp_path):
    of_filters = {"model": "convnet", "width": 16, "batch_size": 64, "depth": 10}
    path = publish(
        tmp_path / "r",
        units(0.04, **of_filters),
        units(0.04, inputs="centred", **of_filters),
        units(0.3, inputs="raw", **of_filters),
        units(0.3, bias_initializer="constant(value=1)", **of_filters),
    )
    found = findings(NAME, path)
    verdict = {claim.id: claim.verdict for claim in found.claims}
    assert verdict["no-neuron-favoured"] == "supported"
    assert verdict["as-usual-He-normal-centred-inputs"] == "supported"
    assert verdict["favours-He-normal-inputs-0-to-255"] == "supported"
    [biased] = [name for name in verdict if name.startswith("favours-He-normal-bias")]
    assert verdict[biased] == "supported"
    of_units = [claim for claim in trials(NAME, path) if claim.figure == "units"]
    assert len(of_units) == 3 + 3 * 2
    said = " ".join(claim.statement for claim in of_units) + " ".join(found.answer)
    assert "filter" in said
    assert "neuron" not in said
    [drawing] = [drawing for drawing in found.drawings if drawing.name == "units"]
    assert "the filters of a layer" in drawing.caption


def test_every_drawing_draws_and_speaks_of_filters(tmp_path):
    more = {name: 0.5 for name in VARIANCES.values()}
    more |= {"preactivation_unit_mean_spread": 0.5, "saturated_fraction": 0.1}
    path = publish(
        tmp_path / "r",
        linear(0.92, "orthogonal"),
        *[
            filters(
                factor, depth=20, activation=activation, initializer=label, more=more,
                predictions=predicted("relu", 2.0, 20, 16),
            )
            for activation in ("relu", "tanh")
            for label, factor in (("he_normal", 0.9), ("glorot_uniform", 0.45))
        ],
    )  # fmt: skip
    found = findings(NAME, path)
    names = {drawing.name for drawing in found.drawings}
    assert {"padding-forward", "padding-backward", "as-theory", "neurons"} <= names
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes
        assert "units" not in drawing.caption.replace("in units of", "")
    assert not [claim.id for claim in found.claims if "neuron" in claim.statement]
    assert not [claim.id for claim in found.claims if claim.id.startswith("factor-")]
    assert any("Does every filter have the same distribution?" in text for text in found.answer)
    assert "neuron " not in " ".join(found.answer)
    captions = {drawing.name: drawing.caption for drawing in found.drawings}
    assert "places and filters" in captions["variance-forward"]
    assert math.isfinite(next(c.measured for c in found.claims if c.id.startswith("as-theory")))
