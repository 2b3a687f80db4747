"""What padding, dropout and pooling multiply the mean square by."""

import pandas as pd
import pytest

from initlab.analysis.choice_factors import Factor, factor_table, lasting_share
from initlab.analysis.claims.padding import lasting_share as of_three_taps


@pytest.mark.parametrize("side", [2, 8, 14, 32])
def test_the_lasting_share_of_three_taps_is_the_closed_form(side):
    assert lasting_share(side, 3) == pytest.approx(of_three_taps(side), rel=1e-12)


def test_one_tap_loses_nothing_and_larger_windows_lose_more():
    assert lasting_share(14, 1) == pytest.approx(1.0)
    assert lasting_share(14, 7) < lasting_share(14, 5) < lasting_share(14, 3)


def test_a_factor_is_averaged_geometrically_beside_what_is_expected():
    values = pd.Series({0: 0.5, 1: 2.0, 2: 1.0, 3: 1.0, 4: 1.0})
    table = factor_table([Factor("one", values, 1.5), Factor("two", values, float("nan"))])
    assert table["label"].tolist() == ["one", "two"]
    assert table["value"].tolist() == pytest.approx([1.0, 1.0])
    assert table["predicted"].iloc[0] == 1.5
    assert pd.isna(table["predicted"].iloc[1])
