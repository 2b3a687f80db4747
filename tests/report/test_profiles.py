import json
from itertools import batched

import numpy as np
import pytest

from initlab.analysis.over_seeds import means
from initlab.analysis.profiles import BACKWARD, FORWARD, depth_profiles
from initlab.report import profiles
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
