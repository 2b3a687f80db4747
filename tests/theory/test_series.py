"""Hermite series of pairs, against quadrature in two dimensions."""

import numpy as np
import pytest

from initlab.theory.gaussian import expectations, kurtosis
from initlab.theory.pairs import pair_moments
from initlab.theory.series import moments_at_places, products
from initlab.theory.table import table_of

CORRELATIONS = np.array([-1.0, -0.99, -0.5, 0.0, 0.3, 0.9, 0.99, 0.999, 1.0])


# What is left after 64 terms is told to about a percent of itself: nothing of a smooth function,
# 1e-4 of one with a kink, 1e-1 of what is nearly a step.
@pytest.mark.parametrize(
    ("name", "q", "tolerance"),
    [("relu", 3.1, 1e-6), ("selu", 1.0, 2e-6), ("tanh", 0.37, 1e-8), ("tanh", 40.0, 1e-3)],
)
def test_products_of_pairs_are_those_of_two_dimensions(name, q, tolerance):
    table = table_of(name)
    moments = moments_at_places(table, np.full(len(CORRELATIONS), q))
    found = products(moments.value, np.tile(CORRELATIONS, (len(CORRELATIONS), 1)))[0]
    known = [pair_moments(table, q, float(c)).product for c in CORRELATIONS]
    assert found == pytest.approx(np.array(known), abs=tolerance * moments.second[0])


@pytest.mark.parametrize("name", ["relu", "gelu", "hard_tanh"])
def test_moments_at_many_variances_are_those_of_one(name):
    q = np.geomspace(0.01, 30, 7)
    found = moments_at_places(table_of(name), q)
    known = [
        expectations(table_of(name), v, ("second", "second_growth", "slope_second")) for v in q
    ]
    assert np.stack(found[:3], axis=1) == pytest.approx(np.array(known), rel=3e-7)
    fourth = [expectations(table_of(name), v, ("fourth",))[0] for v in q]
    squares = products(found.square, np.ones((7, 7))).diagonal()
    assert squares * found.second**2 == pytest.approx(np.array(fourth), rel=1e-5)
    known = [
        kurtosis(table_of(name), *each)
        for each in zip(q, ["fourth"] * 7, found.second, strict=True)
    ]
    assert squares == pytest.approx(known, rel=1e-5)


def test_relu_at_two_variances_is_scaled():
    q = np.array([0.5, 8.0])
    found = products(moments_at_places(table_of("relu"), q).value, np.full((2, 2), 0.7))
    one = pair_moments(table_of("relu"), 1.0, 0.7).product
    assert found[0, 1] == pytest.approx(2.0 * one, rel=1e-6)
