"""Filters that start out alike: what a random readout and padding part, and tied filters."""

import importlib.util

import jax
import numpy as np
import pytest

from . import tables
from .symmetries import arm
from .tables import ROOT, findings, not_drawn, publish, trials
from .tables import verdicts as verdicts_of

NAME = "conv_symmetry"
CONSTANT, LECUN = "constant(value=0.02)", "lecun_normal"
CORNER = 49 / 64


def verdicts(path):
    return verdicts_of(NAME, path)


def filters(initializer, **more):
    return arm(initializer, **({"model": "convnet"} | more))


def in_layer(where, there, elsewhere):
    return lambda seed, step, layer: there if layer == where else elsewhere


def test_empty_results_say_so(tmp_path):
    found = findings(NAME, publish(tmp_path / "r"))
    assert found.answer == ("No run has results yet.",)
    assert found.claims == () == found.drawings


@pytest.mark.parametrize(
    ("last", "below", "verdict"),
    [
        (4.0, 1.0, ("supported", "supported")),
        (1.0, 1.0, ("refuted", "supported")),
        (9.5, 2.0, ("refuted", "refuted")),
    ],
)
def test_a_random_readout_gives_the_last_layer_a_direction_a_tap_at_most(
    tmp_path, last, below, verdict
):
    rank = in_layer(3, last, below)
    path = publish(
        tmp_path / "r",
        filters(CONSTANT, readout_initializer=LECUN, kernel_gradient_rank=rank),
    )
    found = verdicts(path)
    ending = "constant-0-02-readout-LeCun-normal-relu"
    assert found[f"directions-of-taps-{ending}"] == verdict[0]
    assert found[f"one-direction-below-{ending}"] == verdict[1]
    assert f"one-direction-{ending}" not in found
    assert not_drawn(findings(NAME, path)) == []


@pytest.mark.parametrize(
    ("least", "verdict"), [(CORNER, "supported"), (1.0, "refuted"), (0.0, "refuted")]
)
def test_padding_alone_sets_taps_apart(tmp_path, monkeypatch, least, verdict):
    monkeypatch.setattr(tables, "STEPS_MEASURED", (0, 1, 2, 10))

    def weight(value):
        return lambda seed, step, layer: -value if step == 2 and layer == 3 else 0.0

    zeros = filters(
        "zeros", activation="sigmoid", kernel_min=weight(0.5), kernel_max=weight(0.5 * least)
    )
    assert verdicts(publish(tmp_path / "r", zeros))["taps-of-padding-zeros-sigmoid"] == verdict


@pytest.mark.parametrize(("least", "verdict"), [(0.01, "supported"), (0.02, "refuted")])
def test_taps_part_where_filters_stay_copies(tmp_path, least, verdict):
    path = publish(tmp_path / "r", filters(CONSTANT, kernel_min=least, kernel_max=0.02))
    found = verdicts(path)
    assert found["taps-part-constant-0-02-relu"] == verdict
    assert found["copies-constant-0-02-relu"] == "supported"


def test_every_drawing_draws_and_speaks_of_filters(tmp_path):
    path = publish(
        tmp_path / "r",
        *[
            filters(label, activation=activation, kernel_min=0.01, kernel_max=0.02, **more)
            for activation in ("relu", "sigmoid")
            for label, more in (
                (CONSTANT, {}),
                (CONSTANT, {"readout_initializer": LECUN}),
                ("tied_filters", {}),
                ("tied_filters", {"readout_initializer": LECUN}),
                ("normal(stddev=0.001, mean=0.02)", {"accuracy": 0.5}),
                (LECUN, {"duplicate_unit_fraction": 0.0, "accuracy": 0.9}),
            )
        ],
    )
    found = findings(NAME, path)
    assert {d.name for d in found.drawings} == {
        "symmetry", "layers", "taps", "training", "accuracy", "first-error", "gradients",
    }  # fmt: skip
    assert not_drawn(found) == []
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes
        assert "unit" not in drawing.caption + drawing.alt
    symmetry = found.drawings[0].draw(found.drawings[0].table)
    drawn = " ".join(text.get_text() for text in symmetry.findobj(lambda a: hasattr(a, "get_text")))
    assert "cosine between" in drawn
    assert "unit" not in drawn
    told = " ".join([*found.answer, *(claim.statement for claim in trials(NAME, path))])
    assert "filter" in told
    assert "unit" not in told


def test_tied_filters_keep_both_of_a_pair_alike():
    path = ROOT / "experiments" / NAME / "parts.py"
    spec = importlib.util.spec_from_file_location("parts_of_conv_symmetry", path)
    parts = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(parts)
    law, key = parts.INITIALIZERS["tied_filters"](), jax.random.key(0)
    first, inner, readout = (law(key, s) for s in ((3, 3, 1, 8), (3, 3, 8, 8), (512, 10)))
    channels = np.asarray(readout).reshape(64, 8, 10)
    assert (first[..., :4] == first[..., 4:]).all()
    assert (inner[..., :4] == inner[..., 4:]).all()
    assert (inner[:, :, :4] == inner[:, :, 4:]).all()
    assert (channels[:, :4] == channels[:, 4:]).all()
    # 144 and 2,560 independent draws: 1 / fan_in within three standard deviations.
    assert np.var(inner) * 72 == pytest.approx(1.0, abs=3 * (2 / 144) ** 0.5)
    assert np.var(readout) * 512 == pytest.approx(1.0, abs=3 * (2 / 2560) ** 0.5)
