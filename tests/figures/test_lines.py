"""Lines with intervals: where single seeds are drawn, and where they end."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection

from initlab.analysis.over_seeds import average
from initlab.figures.lines import plot_lines
from initlab.figures.style import looks


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def test_a_seed_is_not_drawn_across_places_that_have_an_interval(ax):
    # Three seeds know places 1, 3 and 4, all five the place between.
    rows = [
        {"initializer": "he_normal", "place": place, "seed": seed, "run_id": f"{seed}",
         "statistic": "train_loss", "value": float(place + seed), "diverged": False}
        for place in (1, 2, 3, 4)
        for seed in range(5)
        if place == 2 or seed < 3
    ]  # fmt: skip
    plot_lines(
        average(pd.DataFrame(rows), log=False), ax, x="place", by="initializer",
        looks=looks(["he_normal"]),
    )  # fmt: skip
    *seeds, _ = ax.lines
    assert len(seeds) == 3
    for number, line in enumerate(seeds):
        across, values = map(np.asarray, line.get_data())
        assert across.tolist() == [1, 2, 3, 4]
        assert np.isnan(values).tolist() == [False, True, False, False]
        assert values[2] == 3 + number
        assert line.get_markevery() == [0]  # a dot, which no line would show


def test_a_place_alone_shows_its_interval(ax):
    rows = [
        {"initializer": name, "place": place, "seed": seed, "run_id": f"{name}{seed}",
         "statistic": "train_loss", "value": float(place + seed), "diverged": False}
        for name, places in (("he_normal", (2,)), ("zeros", (1, 2, 3)))
        for place in places
        for seed in range(5)
    ]  # fmt: skip
    table = average(pd.DataFrame(rows), log=False)
    plot_lines(table, ax, x="place", by="initializer", looks=looks(["he_normal", "zeros"]))
    bars = [segment for one in ax.collections if isinstance(one, LineCollection)
            for segment in one.get_segments()]  # fmt: skip
    lone = table[table["initializer"] == "he_normal"].iloc[0]
    [bar] = bars
    np.testing.assert_allclose(bar, [[2, lone["low"]], [2, lone["high"]]])
    assert lone["low"] < 4 < lone["high"]
