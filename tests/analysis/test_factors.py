import math

import numpy as np
import pytest

from initlab.analysis.factors import fate, layer_factor, layer_factors, run_factors
from initlab.analysis.profiles import BACKWARD

from .literal_tables import layers_table, runs_table


def factors(forward, backward=None, runs=None, depth=None):
    depth = depth or len(next(iter(forward.values())))
    runs = runs_table(*[{}] * len(forward), depth=depth) if runs is None else runs
    layers = layers_table(forward, **{BACKWARD: backward or forward})
    return layer_factors(runs, layers).set_index("direction")


@pytest.mark.parametrize("factor", [1e-3, 0.5, 1.0, 64.0])
def test_factor_of_a_geometric_profile_is_exact(factor):
    forward = {f"run-{seed}": [7.0 * factor**layer for layer in range(6)] for seed in range(5)}
    backward = {name: values[::-1] for name, values in forward.items()}
    table = factors(forward, backward)
    for direction in ("forward", "backward"):
        assert table.loc[direction, "factor"] == pytest.approx(factor, rel=1e-12)
        assert table.loc[direction, "low"] == pytest.approx(factor, rel=1e-12)
        assert table.loc[direction, "total"] == pytest.approx(factor**4, rel=1e-11)
    assert (table["n"] == 5).all()
    assert (table["num_layers"] == 5).all()


def test_slope_is_that_of_least_squares():
    layer, moment = [1, 2, 3, 4, 5], [3.0, 1.0, 4.0, 1.0, 5.0]
    slope = np.polyfit(layer, np.log(moment), 1)[0]  # a second implementation
    assert layer_factor(layer, moment) == (pytest.approx(math.exp(slope)), 5)


def test_the_readout_does_not_count():
    table = factors({"run-0": [1.0, 2.0, 4.0, 1e-30]})
    assert table.loc["forward", "factor"] == pytest.approx(2.0)


def test_seeds_are_averaged_geometrically():
    table = factors({"run-0": [1.0, 2.0, 4.0, 8.0], "run-1": [1.0, 8.0, 64.0, 512.0]})
    assert table.loc["forward", "factor"] == pytest.approx(4.0)
    assert math.isnan(table.loc["forward", "low"])


def test_layers_after_the_signal_has_gone_are_left_out_and_counted():
    table = factors({"run-0": [1.0, 1e-30, 1e-60, 1e-75, 0.0, 0.0]})
    row = table.loc["forward"]
    assert row["factor"] == pytest.approx(1e-30)
    assert (row["least_layers_used"], row["num_layers"], row["num_gone"]) == (3, 5, 0)
    assert (row["fate"], row["num_lost"]) == ("vanishes", 1)
    # Less than the least square that float32 holds well: that is all that is known.
    assert row["total"] == pytest.approx((10 * 2.0**-126) ** 2, rel=1e-12)


def test_a_signal_of_zeros_has_no_factor():
    row = factors({"run-0": [0.0] * 4, "run-1": [0.0] * 4}).loc["forward"]
    assert math.isnan(row["factor"])
    assert (row["n"], row["num_gone"], row["least_layers_used"]) == (0, 2, 0)
    assert (row["total_n"], row["num_lost"]) == (0, 2)
    assert row["fate"] == "vanishes"


def test_layers_beyond_the_range_of_numbers_are_left_out_and_the_fate_says_so():
    runs = runs_table({"status": "diverged", "diverged_at_step": 0}, depth=5)
    row = factors({"run-0": [1.0, 1.5, math.nan, math.nan, math.nan]}, runs=runs).loc["forward"]
    assert row["factor"] == pytest.approx(1.5)
    # More than the greatest square that float32 holds: that is all that is known.
    assert row["total"] == pytest.approx(2.0**256, rel=1e-6)
    assert (row["least_layers_used"], row["num_diverged"], row["num_over"]) == (2, 1, 1)
    assert row["fate"] == "explodes"


def test_a_gradient_that_shrinks_behind_a_forward_overflow_has_no_known_fate():
    shrinking = [math.nan, math.nan, 1e-4, 1e-2, 1.0, 1.0]  # backward, so from the right
    row = factors({"run-0": shrinking}).loc["backward"]
    assert row["factor"] == pytest.approx(1e-2)
    assert math.isnan(row["total"])
    assert row["fate"] == "unknown"


def test_zeros_behind_outputs_that_are_no_number_are_not_a_gradient_that_vanished():
    runs = runs_table({"status": "diverged", "diverged_at_step": 0}, depth=5)
    forward = [1.0, 1e30, 1e60, math.nan, math.nan]
    table = factors({"run-0": forward}, {"run-0": [0.0, 0.0, 0.0, 0.0, math.nan]}, runs=runs)
    assert table["fate"].to_dict() == {"forward": "explodes", "backward": "unknown"}
    assert table.loc["backward", "num_lost"] == 0


def test_the_total_is_measured_and_not_what_the_fitted_slope_comes_to():
    # Over five layers, last over first; and back, first over last.
    bent = {f"run-{seed}": [1.0, 1.0, 1.0, 1.0, 100.0 * 1.1**seed, 1.0] for seed in range(5)}
    table = factors(bent)
    assert table.loc["forward", "total"] == pytest.approx(121.0)
    assert table.loc["backward", "total"] == pytest.approx(1 / 121.0)
    assert table.loc["forward", "total_low"] < 121.0 < table.loc["forward", "total_high"]
    assert table.loc["forward", "factor"] < 121.0 ** (1 / 4)
    assert table.loc["forward", "fate"] == "explodes"


def test_a_single_hidden_layer_has_no_total():
    row = factors({"run-0": [1.0, 2.0]}).loc["forward"]
    assert math.isnan(row["total"])
    assert row["fate"] == "unknown"


def test_fates():
    assert [fate(total) for total in (0.09, 0.11, 1.0, 9.9, 11.0)] == [
        "vanishes",
        "holds",
        "holds",
        "holds",
        "explodes",
    ]
    assert fate(math.nan) == "unknown"
    assert fate(math.nan, lost=True) == "vanishes"
    assert fate(2.0, unknown=True) == "unknown"


def test_factors_of_single_runs_are_those_of_their_profiles():
    runs = runs_table({}, {}, depth=5)
    rising, falling = [2.0**layer for layer in range(5)], [0.5**layer for layer in range(5)]
    layers = layers_table({"run-0": rising, "run-1": falling}, **{
        BACKWARD: {"run-0": rising, "run-1": [0.0] * 5}
    })  # fmt: skip
    factors = run_factors(runs, layers).set_index("run_id")
    assert factors["forward"].tolist() == pytest.approx([2.0, 0.5])
    assert factors.loc["run-0", "backward"] == pytest.approx(0.5)
    assert np.isnan(factors.loc["run-1", "backward"])
