import numpy as np
import pytest

from initlab.analysis.claims.padding import first_share, lasting_share
from initlab.theory import Convolution, predict_network, white_inputs


@pytest.mark.parametrize("side", [3, 8, 28])
def test_shares_of_padding_are_those_of_a_mean_over_neighbours(side):
    mean = sum(np.eye(side, k=shift) for shift in (-1, 0, 1)) / 3
    # Of both axes alike; an even signal loses what the rows' sums lack.
    assert first_share(side) == pytest.approx((mean.sum() / side) ** 2)
    [row] = predict_network([Convolution(8, 1.0, window=(3,))], white_inputs(1, (side,)))
    assert first_share(side) == pytest.approx(row.second_moment**2)
    assert lasting_share(side) == pytest.approx(np.linalg.eigvalsh(mean)[-1] ** 2)
    assert first_share(side) < lasting_share(side) < 1
