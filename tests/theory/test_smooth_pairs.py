"""A series stands for a quadrature in two dimensions where it is complete, and only there."""

import pytest

from initlab.theory import pairs
from initlab.theory.smooth_pairs import smooth_moments
from initlab.theory.table import table_of

CORRELATIONS = (-0.9, -0.3, 0.0, 0.4, 0.9, 0.999)


@pytest.mark.parametrize("q", [0.05, 1.0, 2.0])
@pytest.mark.parametrize("name", ["tanh", "gelu", "softplus", "sin"])
def test_moments_are_those_of_two_dimensions(name, q, monkeypatch):
    table = table_of(name)
    found = [smooth_moments(table, q, c) for c in CORRELATIONS]
    for module in ("closed_moments", "smooth_moments"):
        monkeypatch.setattr(pairs, module, lambda *given: None)
    for c, series in zip(CORRELATIONS, found, strict=True):
        known = pairs.pair_moments(table, q, c)
        # The quadrature is held to 1e-9 of its marginals, and is right to much less.
        scale = known.product + known.deficit
        assert series.product == pytest.approx(known.product, abs=1e-11 * scale)
        assert series.deficit == pytest.approx(known.deficit, rel=1e-10)
        assert series.slope_product == pytest.approx(known.slope_product, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "q"), [("relu", 1.0), ("selu", 1.0), ("elu", 0.1), ("tanh", 64.0)]
)
def test_a_function_that_takes_more_terms_has_none(name, q):
    assert smooth_moments(table_of(name), q, 0.5) is None
