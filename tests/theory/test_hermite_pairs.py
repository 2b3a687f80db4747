"""A series stands for a quadrature in two dimensions where it leaves out nothing, only there."""

import jax.numpy as jnp
import pytest

from initlab.theory import pairs
from initlab.theory.hermite_pairs import hermite_moments
from initlab.theory.table import table_of

CORRELATIONS = (-0.9, -0.3, 0.0, 0.4, 0.9, 0.999)


def has_moments_of_two_dimensions(name, q, correlations, monkeypatch):
    table = table_of(name)
    found = [hermite_moments(table, q, c) for c in correlations]
    for module in ("closed_moments", "hermite_moments"):
        monkeypatch.setattr(pairs, module, lambda *given: None)
    for c, series in zip(correlations, found, strict=True):
        known = pairs.pair_moments(table, q, c)
        # The quadrature is held to 1e-9 of its marginals, and is right to much less.
        scale = known.product + known.deficit
        assert series.product == pytest.approx(known.product, abs=1e-11 * scale)
        assert series.deficit == pytest.approx(known.deficit, rel=1e-10)
        assert series.slope_product == pytest.approx(known.slope_product, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("q", [0.05, 1.0, 2.0])
@pytest.mark.parametrize("name", ["tanh", "gelu", "softplus", "sin"])
def test_moments_of_smooth_functions_are_those_of_two_dimensions(name, q, monkeypatch):
    has_moments_of_two_dimensions(name, q, CORRELATIONS, monkeypatch)


@pytest.mark.parametrize("q", [0.05, 1.0, 4.0])
@pytest.mark.parametrize("name", ["selu", "elu", "softsign"])
def test_moments_of_functions_with_a_break_at_zero_are_so_away_from_one(name, q, monkeypatch):
    away = (-0.97, -0.5, 0.0, 0.5, 0.88, 0.9, 0.97)
    has_moments_of_two_dimensions(name, q, away, monkeypatch)


@pytest.mark.parametrize(
    ("name", "q", "c"),
    [
        ("relu", 1.0, 0.999),
        ("selu", 1.0, 0.98),
        ("elu", 0.1, -0.99),
        ("tanh", 64.0, 0.99),
        # Kinks that are not at zero lie within panels.
        ("hard_tanh", 1.1, 0.5),
        (lambda x: jnp.maximum(x - 0.3, 0), 1.0, 0.0),
        # A break of the second slope alone.
        (lambda x: jnp.where(x > 0.3, (x - 0.3) ** 3, 0.0), 1.0, 0.5),
    ],
)
def test_what_takes_more_terms_or_other_nodes_has_none(name, q, c):
    assert hermite_moments(table_of(name), q, c) is None
