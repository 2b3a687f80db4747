"""Banks of filters beside one another, of tables whose verdicts are known."""

import pandas as pd
import pytest

from initlab.analysis.claims.filter_banks import Asked, claims_on_half, claims_on_more
from initlab.analysis.claims.filter_tuning import claims_on_first_filters, claims_on_selectivity
from initlab.analysis.claims.random_edges import claims_on_edges, claims_on_gradient
from initlab.analysis.claims.trials import each_trial
from initlab.analysis.filter_arms import (
    CENTRED,
    GABOR,
    MATCHED,
    RANDOM,
    SHUFFLED,
    SOBEL,
    TRAINED,
)

ASKED = Asked(("a",), "A filter", "answers", "edge_detection", "ours", "of 1", "edges", "kernels")


def numbers(statistic, values, windows=(3, 7), seeds=5):
    """What each bank comes to in each window, a thousandth more a seed."""
    return pd.DataFrame(
        [
            {"run_id": f"{window}-{seed}", "seed": seed, "window": window, "bank": bank,
             "statistic": statistic, "value": value + seed * 1e-3}
            for bank, value in values.items() for window in windows for seed in range(seeds)
        ]
    )  # fmt: skip


def by_id(claims):
    return {claim.id: claim for claim in each_trial(claims)}


def test_half_the_way_to_a_yardstick_is_counted_from_chance():
    table = numbers("edge_detection", {RANDOM: 0.6, SOBEL: 0.9})
    far = by_id(claims_on_half(table, ASKED, RANDOM, SOBEL, chance=0.5))
    # (0.602 - 0.5) / (0.902 - 0.5), mean over seeds of the quotient.
    assert far["a-3"].measured == pytest.approx(0.102 / 0.402, abs=1e-3)
    assert {claim.verdict for claim in far.values()} == {"refuted"}
    assert set(far) == {"a-3", "a-7"}
    much = by_id(claims_on_half(table, ASKED, RANDOM, SOBEL))
    assert much["a-3"].measured == pytest.approx(0.602 / 0.902, abs=1e-3)
    assert {claim.verdict for claim in much.values()} == {"supported"}


def test_one_bank_is_held_against_another_seed_by_seed():
    table = numbers("edge_detection", {TRAINED: 0.7, RANDOM: 0.6})
    (claim,) = claims_on_more(table, ASKED, TRAINED, RANDOM)
    assert claim.measured == pytest.approx(0.1)
    assert claim.verdict == "supported"
    (other,) = claims_on_more(table, ASKED, RANDOM, TRAINED)
    assert other.verdict == "refuted"


@pytest.mark.parametrize(
    ("name", "statistic", "sign"),
    [
        ("smooth", "mean_frequency", -1),
        ("banded", "frequency_selectivity", 1),
        ("oriented", "orientation_selectivity", 1),
    ],
)
def test_trained_filters_are_held_against_random_ones_and_their_controls(name, statistic, sign):
    banks = {TRAINED: 0.3 + 0.1 * sign, RANDOM: 0.3, MATCHED: 0.3, SHUFFLED: 0.3 + 0.2 * sign}
    claims = by_id(claims_on_first_filters(numbers(statistic, banks)))
    assert claims[f"{name}-random-3"].measured == pytest.approx(0.1)
    assert claims[f"{name}-random-3"].verdict == "supported"
    assert claims[f"{name}-moments-7"].verdict == "supported"
    assert claims[f"{name}-places-7"].measured == pytest.approx(-0.1)
    assert claims[f"{name}-places-7"].verdict == "refuted"
    assert len(claims) == 6


def test_sobels_filters_are_the_yardstick_of_what_random_ones_select():
    table = pd.concat(
        [
            numbers("orientation_selectivity", {RANDOM: 0.4, SOBEL: 0.5, GABOR: 0.9}),
            numbers("frequency_selectivity", {RANDOM: 0.1, SOBEL: 0.5, GABOR: 0.15}),
        ]
    )
    claims = by_id(claims_on_selectivity(table))
    assert claims["selects-orientation-3"].measured == pytest.approx(0.8, abs=2e-3)
    assert claims["selects-orientation-3"].verdict == "supported"
    assert claims["selects-frequency-3"].measured == pytest.approx(0.2, abs=4e-3)
    assert claims["selects-frequency-3"].verdict == "refuted"


def test_the_gradient_is_followed_by_half_of_what_sobels_filters_do():
    banks = {RANDOM: 0.1, CENTRED: 0.6, SOBEL: 0.8, TRAINED: 0.2, MATCHED: 0.3, SHUFFLED: 0.2}
    claims = by_id(claims_on_gradient(numbers("edge_correlation", banks, windows=(3,))))
    assert {name: claim.verdict for name, claim in claims.items()} == {
        "gradient-acts-3": "refuted", "gradient-zero-mean-3": "supported",
        "gradient-learned-3": "supported", "gradient-moments-3": "refuted",
        "gradient-places-3": "refuted",
    }  # fmt: skip
    assert claims["gradient-zero-mean-3"].measured == pytest.approx(0.75, abs=1e-3)
    assert claims["gradient-learned-3"].measured == pytest.approx(0.1)
    assert not claims_on_edges(numbers("edge_correlation", banks))


def test_a_bank_that_was_not_measured_is_held_against_nothing():
    table = numbers("orientation_selectivity", {RANDOM: 0.4})
    assert claims_on_selectivity(table) == []
    assert claims_on_first_filters(table) == []
