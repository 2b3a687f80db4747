import json
from itertools import batched

import numpy as np
import pytest

from initlab.analysis.over_seeds import means
from initlab.analysis.profiles import BACKWARD, FORWARD, depth_profiles
from initlab.report import profiles
from initlab.report.comparisons import comparisons
from initlab.report.packed import LETTERS, PRECISION, ZERO, pack
from initlab.report.profiles import layer_profiles
from initlab.store.query import load_results

from ..experiments.signals import signal
from ..experiments.tables import publish

NOTHING = "AA" * 5


def unpacked(text):
    """The numbers of a line, in powers of ten, as the page's script reads them."""
    codes = [64 * LETTERS.index(a) + LETTERS.index(b) for a, b in batched(text, 2, strict=True)]
    return [(code - ZERO) / PRECISION if code else None for code in codes]


def drawn(results):
    found = layer_profiles(results)
    return found, json.loads(found.content)


@pytest.fixture
def loaded(tmp_path):
    moving = {FORWARD: lambda seed, step, layer: 2.0**layer * 10.0 ** (step / 5) * (1 + seed / 50)}
    return load_results(
        publish(
            tmp_path / "r",
            signal(2.0, more=moving),
            signal(0.5, activation="tanh", predictions={FORWARD: [0.5**n for n in range(1, 6)],
                                                       BACKWARD: [0.5**n for n in range(5)],
                                                       f"{FORWARD}_scatter": [0.1] * 5,
                                                       f"{BACKWARD}_scatter": [0.1] * 5}),
        )
    )  # fmt: skip


def test_lines_are_the_means_over_seeds_at_each_step(loaded):
    _, data = drawn(loaded)
    assert data["steps"] == [0, 1, 10]
    assert [(one["activation"], one["depth"]) for one in data["panels"]] == [
        ("relu", 5), ("tanh", 5)
    ]  # fmt: skip
    table = means(depth_profiles(loaded.runs, loaded.layers, statistics=[FORWARD], steps=None))
    relu = table[table["activation"] == "relu"].sort_values(["step", "site"])
    expected = np.log10(relu["value"].to_numpy()).reshape(3, 5)
    (line,) = data["panels"][0]["series"]
    assert [unpacked(step) for step in line["forward"][0]] == [
        pytest.approx(row, abs=0.005 + 1e-9) for row in expected
    ]
    reach = np.log10(relu["high"].to_numpy() / relu["value"].to_numpy()).reshape(3, 5)
    assert [unpacked(step) for step in line["forward reach"][0]] == [
        pytest.approx(row, abs=0.005 + 1e-9) for row in reach
    ]
    assert data["panels"][0]["x"] == [1, 2, 3, 4, 5]


def test_numbers_are_packed_to_a_hundredth_and_kept_within_bounds():
    values = np.linspace(-20.4, 20.4, 997)
    assert unpacked(pack(values)) == pytest.approx(values, abs=0.005 + 1e-9)
    assert unpacked(pack(np.array([np.nan, -60.0, 60.0]))) == [None, -20.47, 20.47]


def test_what_theory_expects_lies_beside_step_0(loaded):
    _, data = drawn(loaded)
    relu, tanh = (panel["series"][0] for panel in data["panels"])
    assert unpacked(relu["forward theory"]) == [None] * 5
    assert unpacked(tanh["forward theory"]) == pytest.approx(
        np.log10(0.5) * np.arange(1, 6), abs=0.005
    )
    # Predicted relative to the last site, and drawn at the measured mean there, which is 1.
    assert unpacked(tanh["backward theory"]) == pytest.approx(
        np.log10(0.5) * np.arange(5), abs=0.005
    )


def test_few_seeds_are_drawn_one_by_one_and_zeros_are_gaps(tmp_path):
    kinds = [
        signal(1.0, seeds=2, scatter=0.5, more={BACKWARD: 0.0}, activation=activation)
        for activation in ("relu", "tanh")
    ]
    found, data = drawn(load_results(publish(tmp_path / "r", *kinds)))
    (few,) = data["panels"][0]["series"]
    assert len(few["forward"]) == 2
    assert few["forward"][0] != few["forward"][1]
    assert few["forward reach"][0] == [NOTHING] * 3
    assert few["backward"] == [[NOTHING] * 3]
    assert "without an interval: the single seeds are drawn" in found.caption
    assert "A line has a gap where a signal is exactly zero" in found.caption


def test_steps_are_left_out_until_it_fits_and_the_caption_says_so(loaded, monkeypatch):
    whole, _ = drawn(loaded)
    monkeypatch.setattr(profiles, "LARGEST", len(whole.content) - 1)
    found, data = drawn(loaded)
    assert data["steps"] == [0, 10]
    assert found.caption.endswith(" Of 3 measured steps, 2.")
    monkeypatch.setattr(profiles, "LARGEST", 10)
    assert layer_profiles(loaded) is None


def test_no_label_ends_the_element_that_holds_it(tmp_path):
    label = "</script><b>\u202e&"
    kinds = [signal(1.0, activation=name, initializer=label) for name in (label, "relu")]
    found, data = drawn(load_results(publish(tmp_path / "r", *kinds)))
    assert "<" not in found.content
    assert "</script><b>&" in [panel["activation"] for panel in data["panels"]]
    assert [look["name"] for look in data["looks"]] == ["</script><b>&"]


def test_results_without_signals_have_no_profiles(tmp_path):
    assert layer_profiles(load_results(publish(tmp_path / "none"))) is None


def settings():
    """Trials of single products, whose fields have no setting in common."""
    base = {"pooling": "max", "learning_rate": 0.1, "dropout": 0.0, "measure": "a"}
    kinds = [
        *({"pooling": one, "learning_rate": 0.01} for one in ("max", "average", "none")),
        *({"dropout": one, "depth": 4} for one in (0.0, 0.5)),
        {"dropout": 0.0, "learning_rate": 0.3, "depth": 4, "measure": "b"},
    ]
    return [signal(2.0, **base | one) for one in kinds]


def test_a_sweep_without_a_grid_is_compared_field_by_field(tmp_path):
    found, data = drawn(load_results(publish(tmp_path / "r", *settings())))
    assert [one["name"] for one in data["compared"]] == ["learning rate", "pooling", "dropout"]
    assert data["compared"][1]["held"] == "Held: learning rate 0.01, dropout 0."
    looks = [(look["compared"], look["name"]) for look in data["looks"]]
    assert looks[3:6] == [(1, "average"), (1, "max"), (1, "none")]
    panels = [panel for panel in data["panels"] if panel["compared"] == 1]
    assert [(one["activation"], one["depth"], len(one["series"])) for one in panels] == [
        ("relu", 5, 3)
    ]
    assert {data["looks"][one["look"]]["name"] for one in panels[0]["series"]} == {
        "max", "average", "none"
    }  # fmt: skip
    assert "One field is compared at a time" in found.caption


def test_a_readout_drawn_like_the_rest_is_no_field_of_its_own(tmp_path):
    poolings, laws = ("max", "average", "none"), ("he_normal", "lecun_normal")
    trials = [signal(2.0, pooling=one, learning_rate=0.01) for one in poolings]
    trials += [signal(2.0, initializer=one, pooling="max", learning_rate=0.1) for one in laws]
    found = comparisons(load_results(publish(tmp_path / "r", *trials)).runs)
    assert [(one.field, one.held) for one in found] == [
        ("initializer", "learning rate 0.1, pooling max"),
        ("learning_rate", "initializer he_normal, pooling max"),
        ("pooling", "initializer he_normal, learning rate 0.01"),
    ]
    assert [len(set(one.runs["trial_id"])) for one in found] == [2, 2, 3]
    other = signal(2.0, readout_initializer="zeros", pooling="max", learning_rate=0.1)
    runs = load_results(publish(tmp_path / "other", *trials, other)).runs
    found = {one.field: one.runs for one in comparisons(runs)}
    assert set(found) == {"initializer", "learning_rate", "pooling", "readout_initializer"}
    assert set(found["initializer"]["readout_initializer"]) == {"same"}
    assert set(found["readout_initializer"]["readout_initializer"]) == {"same", "zeros"}


def test_a_field_is_compared_where_most_of_its_values_trained_the_longest(tmp_path):
    trials = [
        signal(2.0, pooling=pooling, width=width, steps=steps)
        for width, steps, poolings in (
            (8, 10, ("max", "none")), (16, 0, ("max", "none")), (32, 20, ("max",))
        )
        for pooling in poolings
    ]  # fmt: skip
    found = {one.field: one for one in comparisons(load_results(publish(tmp_path, *trials)).runs)}
    assert found["pooling"].held == "width 8, steps 10"


def test_trials_that_differ_in_several_fields_are_compared_whole(tmp_path):
    trials = [
        signal(2.0, initializer="he_normal", inputs="raw", learning_rate=0.1),
        signal(2.0, initializer="lecun_normal", inputs="unit", learning_rate=0.01),
    ]
    _, data = drawn(load_results(publish(tmp_path / "r", *trials)))
    assert [one["name"] for one in data["compared"]] == ["trial"]
    assert {look["name"] for look in data["looks"]} == {
        "initializer he_normal, inputs raw, learning rate 0.1",
        "initializer lecun_normal, inputs unit, learning rate 0.01",
    }


def test_one_trial_alone_has_its_profile(tmp_path):
    one = signal(2.0, inputs="raw", readout_initializer="zeros")
    _, data = drawn(load_results(publish(tmp_path / "r", one)))
    assert len(data["panels"]) == 1


def test_of_a_grid_the_initializers_are_compared(loaded):
    (only,) = comparisons(loaded.runs)
    assert (only.field, only.held) == ("initializer", "")
    _, data = drawn(loaded)
    assert data["compared"] == [{"name": "initializer", "held": ""}]
