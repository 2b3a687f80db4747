"""How often a detector is learned is a matter of seeds, not of how much was run of each."""

import pandas as pd
import pytest

from initlab.analysis.claims.shape_detectors import claims_on_learned_shapes
from initlab.analysis.over_seeds import share_interval


def matches(found, widths):
    """The nearest filter of each run: an X in the seeds where one is `found`, at any width."""
    rows = [
        {"law": "he_normal", "width": width, "seed": seed, "value": 0.9 if seed in found else 0.3}
        for width in widths
        for seed in range(6)
    ]
    return pd.DataFrame(rows)


def test_runs_of_one_seed_are_one_number():
    after = matches(found={0, 1, 2, 3}, widths=range(20))
    claims = claims_on_learned_shapes(after.assign(value=0.2), after)
    often = {claim.id: claim for claim in claims}["often-x"]
    expected = share_interval(pd.Series([1.0, 1.0, 1.0, 1.0, 0.0, 0.0]))
    assert (often.measured, often.n) == (pytest.approx(2 / 3), 6)
    assert often.interval == pytest.approx(expected[1:3])
    # Of 80 in 120 runs, were they independent, the interval would begin above a half.
    assert often.verdict == "inconclusive"
