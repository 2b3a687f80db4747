"""Filters of shapes find the shapes, and runs that learned one are told from those that did not."""

import numpy as np
import pandas as pd
import pytest

from initlab.analysis.planted_shapes import answers_to, greatest_matches, template
from initlab.data.shapes import GROUND
from initlab.filters import cross


@pytest.mark.parametrize("shape", ["curve", "x"])
def test_a_filter_less_its_mean_answers_as_the_planted_contrast_says(shape):
    found = answers_to(shape, "mean_removed")
    bank = template(shape, "mean_removed")
    # Noise and ground fall out on average: what is left is 96 times the template's own square.
    assert found.answer == pytest.approx(96 * (bank[0] ** 2).sum(), rel=0.05)
    assert found.there.mean() > 0.9
    assert found.elsewhere < 0.2


def test_ones_on_zeros_answer_the_ground_too():
    found = answers_to("x", "binary")
    taps = cross(7).sum()
    assert found.elsewhere == pytest.approx(GROUND * taps / found.answer, rel=0.05)


def test_the_nearest_filter_counts_before_and_after():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(7, 7, 1, 6))
    learned = noise.copy()
    learned[:, :, 0, 4] = -3.0 + 0.2 * cross(7)[0]
    kept = {"first_kernel_initial": noise, "first_kernel_final": learned}
    runs = pd.DataFrame(
        {"run_id": ["a", "b"], "seed": [0, 1], "diverged_at_step": pd.array([None, 3], "Int32")}
    )
    before, after = (
        greatest_matches(runs, lambda _: kept, shape="x", when=when)
        for when in ("initial", "final")
    )
    assert after["run_id"].tolist() == ["a"]  # of a run that diverged nothing counts at the end
    assert after["value"].iloc[0] == pytest.approx(1.0)
    assert len(before) == 2
    assert before["value"].iloc[0] < 0.7
