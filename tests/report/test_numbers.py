import math

import pytest

from initlab.report.numbers import (
    print_column,
    print_measured,
    typeset_html,
    typeset_latex,
    typeset_text,
)


def test_comparable_numbers_share_their_decimals():
    assert print_column([0.9, 0.25, 12.0, math.nan]) == ["0.90", "0.25", "12.00", ""]


def test_numbers_of_very_different_size_keep_their_own_digits():
    assert print_column([1.2e-12, 0.5, 0.0]) == ["1.2e-12", "0.5", "0"]


def test_whole_numbers_get_no_decimals_and_infinity_is_shown():
    assert print_column([3.0, 10.0, math.inf]) == ["3", "10", "inf"]


def test_column_of_nothing_is_empty():
    assert print_column([math.nan, math.nan]) == ["", ""]


@pytest.mark.parametrize(
    ("measured", "interval", "expected"),
    [
        (0.98734, (0.9712, 1.0041), ("0.987", "[0.971, 1.004]")),
        (12.3456, (11.0, 14.0), ("12.3", "[11.0, 14.0]")),
        (0.00157, None, ("0.00157", "")),
        (1e-15, (5e-16, 2e-15), ("1e-15", "[5e-16, 2e-15]")),
        (1.0, (1.0, 1.0), ("1", "[1, 1]")),
        (math.nan, None, ("", "")),
        (math.nan, (math.nan, math.nan), ("", "")),
    ],
)
def test_measured_number_has_the_digits_that_its_interval_gives_it(measured, interval, expected):
    assert print_measured(measured, interval) == expected


def test_exponents_become_powers_of_ten():
    assert typeset_html("-1.2e-05") == "\u22121.2\u00a0\u00d7\u00a010<sup>\u22125</sup>"
    assert typeset_html("[-4e+15, inf]") == "[\u22124\u00a0\u00d7\u00a010<sup>15</sup>, \u221e]"
    assert typeset_latex("-1.2e-05") == r"$-1.2 \times 10^{-5}$"
    assert typeset_latex("0.25") == "0.25"


def test_text_has_true_minus_and_raised_powers():
    assert typeset_text("-1.5e-07") == "\N{MINUS SIGN}1.5\xa0\N{MULTIPLICATION SIGN}\xa010⁻⁷"
    assert typeset_text("[0.25, inf]") == "[0.25, ∞]"
