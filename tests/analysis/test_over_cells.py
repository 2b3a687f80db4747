"""Arms over cells: those that all have, each resampled by itself."""

import math

import numpy as np
import pandas as pd
import pytest

from initlab.analysis.over_cells import compare_arms
from initlab.analysis.stratified import interquartile_mean, stratified_interval

from .literal_tables import runs_table


def grid(arms, depths, seeds):
    return runs_table(
        *(
            {"initializer": arm, "depth": depth, "seed": seed, "run_id": f"{arm}-{depth}-{seed}"}
            for arm in arms
            for depth in depths
            for seed in range(seeds)
        )
    )


def test_an_arm_is_the_middle_half_of_its_runs_in_the_cells_that_all_have():
    runs = grid(["he_normal", "lecun_normal"], [3, 5], 5)
    runs = pd.concat([runs, grid(["he_normal"], [9], 5)])
    values = pd.Series(np.arange(25.0), index=runs["run_id"])
    values["he_normal-9-0"] = 1e9  # of a cell that the other arm lacks
    table = compare_arms(runs, values).set_index("initializer")
    assert table["cells"].tolist() == [2, 2]
    assert table["seeds"].tolist() == [5, 5]
    assert table.loc["he_normal", "value"] == float(interquartile_mean(np.arange(10.0)))
    assert table.loc["lecun_normal", "value"] == float(interquartile_mean(np.arange(10.0, 20.0)))
    assert (table["low"] < table["value"]).all()
    again = compare_arms(runs, values).set_index("initializer")
    pd.testing.assert_frame_equal(table, again)


def test_few_seeds_have_no_interval_and_one_arm_or_cell_no_table():
    runs = grid(["he_normal", "lecun_normal"], [3, 5], 4)
    values = pd.Series(0.5, index=runs["run_id"])
    assert compare_arms(runs, values)[["low", "high"]].isna().all(axis=None)
    assert compare_arms(runs[runs["depth"] == 3], values).empty
    assert compare_arms(runs[runs["initializer"] == "he_normal"], values).empty


@pytest.mark.parametrize("cells", [4, 12])
def test_at_five_seeds_the_interval_covers_about_92_percent(cells):
    rng = np.random.default_rng(cells)
    hits, trials = 0, 500
    for _ in range(trials):
        # Symmetric about 0, and so is the middle half of all of them.
        drawn = rng.normal(np.linspace(-1.0, 1.0, cells)[:, None], 1.0, (cells, 5))
        found = stratified_interval(list(drawn), rng=rng, num_resamples=300)
        hits += found.low <= 0.0 <= found.high
    # A bootstrap's deviation of five values is short by sqrt(4 / 5): 1.96 of it are 1.75 true ones,
    # which hold 92 %. Four standard errors, and 2 % for what the middle half is not a mean.
    room = 4 * math.sqrt(0.92 * 0.08 / trials) + 0.02
    assert hits / trials == pytest.approx(0.92, abs=room)
