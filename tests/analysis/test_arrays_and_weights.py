import numpy as np
import pandas as pd
import pytest

from initlab.analysis.arrays import activation_histograms, first_kernels
from initlab.analysis.units import arm_runs, unit_spreads
from initlab.analysis.weights import weight_ranges

from .literal_tables import layers_table, runs_table


def kernel_rows(run_id, step, least, greatest, mean, variance):
    return layers_table(
        {run_id: [least]},
        statistic="kernel_min",
        step=step,
        kernel_max={run_id: [greatest]},
        kernel_mean={run_id: [mean]},
        kernel_variance={run_id: [variance]},
    )


def test_ranges_are_over_all_seeds_before_and_after():
    layers = pd.concat(
        [
            kernel_rows("run-0", 0, -1.0, 2.0, 0.1, 4.0),
            kernel_rows("run-1", 0, -3.0, 1.0, 0.3, 16.0),
            kernel_rows("run-0", 10, -5.0, 5.0, 0.5, 9.0),
            kernel_rows("run-1", 4, -99.0, 99.0, 9.0, 9.0),
        ]
    )
    runs = runs_table({}, {"status": "diverged", "diverged_at_step": 4})
    table = weight_ranges(runs, layers).set_index("when")
    before, after = table.loc["before"], table.loc["after"]
    assert (before["least"], before["greatest"], before["n"]) == (-3.0, 2.0, 2)
    assert before["mean"] == pytest.approx(0.2)
    assert before["deviation"] == pytest.approx(np.sqrt(10.0))
    assert (after["least"], after["greatest"], after["n"], after["num_diverged"]) == (-5, 5, 1, 1)


def test_weights_of_a_trial_that_diverged_have_an_after_of_nobody():
    runs = runs_table({"status": "diverged", "diverged_at_step": 10})  # its very last
    rows = [kernel_rows("run-0", step, -1.0, 1.0, 0.0, 1.0) for step in (0, 10)]
    table = weight_ranges(runs, pd.concat(rows))
    assert table[["when", "n"]].to_numpy().tolist() == [["before", 1], ["after", 0]]
    assert np.isnan(table["least"].iloc[1])


def test_histograms_come_with_their_layer_s_scale():
    counts = np.zeros((2, 2, 80))
    counts[0, 0, 40], counts[0, 1, 79], counts[1, 0, 0] = 1.0, 1.0, 1.0
    layers = pd.concat(
        [
            layers_table({"run-0": [4.0, 25.0]}, activation_second_moment={"run-0": [9.0, np.nan]}),
            layers_table(
                {"run-0": [1.0, 1.0]}, step=10, activation_second_moment={"run-0": [1.0, np.nan]}
            ),
        ]
    )
    arrays = {"run-0": {"histograms": counts}}.__getitem__
    table = activation_histograms(runs_table({}, depth=2), layers, arrays)
    full = table[table["share"] == 1.0].set_index("layer")
    assert (full.loc[1, "bin_low"], full.loc[1, "bin_high"]) == pytest.approx((0.0, 0.1))
    # The hidden layer's activations, the readout's preactivations.
    assert full["rms"].to_dict() == {1: 3.0, 2: 5.0}
    assert full.loc[2, "bin_high"] == 4.0
    last = activation_histograms(runs_table({}, depth=2), layers, arrays, when="last")
    assert last.loc[last["share"] == 1.0, "bin_low"].tolist() == [-4.0]
    assert (last["step"] == 10).all()


def test_diverged_runs_have_no_last_histogram():
    runs = runs_table({"status": "diverged", "diverged_at_step": 3})
    table = activation_histograms(runs, layers_table({"run-0": [1.0]}), {}.__getitem__, when="last")
    assert table.empty
    assert "share" in table


def test_what_was_not_kept_is_said():
    with pytest.raises(ValueError) as caught:
        first_kernels(runs_table({}), lambda run_id: {"histograms": np.zeros(1)})
    assert str(caught.value) == (
        "run 'run-0' kept no 'first_kernel_initial', only ['histograms']; see `measure.keep`."
    )


def test_kernels_become_images_of_their_units():
    kernel = np.arange(8.0).reshape(4, 2)  # 2 x 2 pixels, two units
    arrays = {"first_kernel_initial": kernel, "first_kernel_final": -kernel}
    table = first_kernels(runs_table({}), lambda run_id: arrays, units=[1, 0])
    assert table["unit"].unique().tolist() == [1, 0]
    before = table[(table["when"] == "before") & (table["unit"] == 1)]
    assert before.pivot_table(
        index="row", columns="column", values="weight"
    ).to_numpy().tolist() == [
        [1.0, 3.0],
        [5.0, 7.0],
    ]
    assert table[table["when"] == "after"]["weight"].sum() == -28.0


def test_inputs_that_are_no_square_are_refused():
    arrays = {"first_kernel_initial": np.zeros((6, 2))}
    with pytest.raises(ValueError) as caught:
        first_kernels(runs_table({}), lambda run_id: arrays)
    assert str(caught.value) == "6 inputs are no square image."


def test_arms_stand_beside_the_run_they_are_compared_with():
    product = [
        {"depth": depth, "initializer": law} for depth in (5, 10) for law in ("he_normal", "zeros")
    ]
    cases = [
        {"depth": 10, "inputs": "raw"},
        {"depth": 10, "bias_initializer": "constant(value=1)"},
        {"depth": 10, "initializer": "normal(stddev=0.125, mean=0.02)"},
    ]
    runs = runs_table(*product, *cases)
    arms = arm_runs(runs)
    assert sorted(arms["arm"]) == [
        "He normal",
        "He normal, bias constant 1",
        "He normal, inputs 0 to 255",
        "normal 0.125, mean 0.02",
    ]
    values = {run_id: [0.5, 0.25, 0.9] for run_id in runs["run_id"]}
    layers = layers_table(values, statistic="positive_fraction")
    table = unit_spreads(arms.assign(depth=3), layers, statistics=["positive_fraction"])
    means = table[table["seed"].isna()]
    assert means.groupby("arm")["value"].apply(list).tolist() == [[0.5, 0.25]] * 4
