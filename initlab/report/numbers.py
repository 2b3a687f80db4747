"""Numbers as text: as many digits as carry meaning, and alike within a column."""

import math
import re
from collections.abc import Sequence

from markupsafe import Markup

from initlab.analysis.numbers import power_of_ten

_MINUS, _TIMES = "\N{MINUS SIGN}", "\N{MULTIPLICATION SIGN}"
_SPACE = "\N{NO-BREAK SPACE}"
_DIGITS = 6
_WIDEST_RATIO = 1e4
_PLAIN = (1e-4, 1e6)
_NUMBER = re.compile(r"(-?)([0-9.]+|inf)(?:e([+-])0*([0-9]+))?")


def print_column(values: Sequence[float]) -> list[str]:
    """Returns the numbers of a column, with equal decimals where their sizes are comparable.

    Six significant digits at most; NaN is the empty text.
    """
    known = [abs(value) for value in values if math.isfinite(value) and value]
    low, high = (min(known), max(known)) if known else (1.0, 1.0)
    if low < _PLAIN[0] or high >= _PLAIN[1] or high / low > _WIDEST_RATIO:
        return ["" if math.isnan(value) else f"{value:.{_DIGITS}g}" for value in values]
    decimals = max((_decimals(value) for value in known), default=0)
    return ["" if math.isnan(value) else f"{value:.{decimals}f}" for value in values]


def print_measured(measured: float, interval: tuple[float, float] | None) -> tuple[str, str]:
    """Returns a measured number and its interval, to two digits of the interval's width.

    The number alone has four significant digits. Where it is not finite, both are empty.
    """
    if not math.isfinite(measured):
        return "", ""
    if interval is None or not all(map(math.isfinite, interval)):
        return f"{measured:.4g}", ""
    width = interval[1] - interval[0]
    largest = max(abs(measured), *map(abs, interval))
    if width <= 0 or largest < _PLAIN[0] or largest >= _PLAIN[1]:
        form = ".4g"
    else:
        form = f".{min(12, max(0, 1 - math.floor(math.log10(width))))}f"
    low, high = interval
    return f"{measured:{form}}", f"[{low:{form}}, {high:{form}}]"


def typeset_html(number: str) -> Markup:
    """Returns the numbers in a text that this module made, with a true minus and powers of ten."""

    def typeset(found: re.Match[str]) -> str:
        sign, digits, exponent_sign, exponent = found.groups()
        text = (_MINUS if sign else "") + digits.replace("inf", "∞")
        if exponent:
            power = (_MINUS if exponent_sign == "-" else "") + exponent
            text += f"{_SPACE}{_TIMES}{_SPACE}10<sup>{power}</sup>"
        return text

    escaped = str(Markup.escape(number))
    return Markup(_NUMBER.sub(typeset, escaped))  # noqa: S704


def typeset_text(number: str) -> str:
    """Returns the numbers in a text that this module made, with a true minus and raised powers."""

    def typeset(found: re.Match[str]) -> str:
        sign, digits, exponent_sign, exponent = found.groups()
        text = (_MINUS if sign else "") + digits.replace("inf", "∞")
        if exponent:
            power = power_of_ten(int(f"{exponent_sign}{exponent}"))
            text += f"{_SPACE}{_TIMES}{_SPACE}{power}"
        return text

    return _NUMBER.sub(typeset, number)


def typeset_latex(number: str) -> str:
    """Returns a number that this module made as LaTeX."""

    def typeset(found: re.Match[str]) -> str:
        sign, digits, exponent_sign, exponent = found.groups()
        if not sign and not exponent and digits != "inf":
            return digits
        text = sign + digits.replace("inf", r"\infty")
        if exponent:
            power = ("-" if exponent_sign == "-" else "") + exponent
            text += rf" \times 10^{{{power}}}"
        return f"${text}$"

    return _NUMBER.sub(typeset, number)


def _decimals(value: float) -> int:
    """Returns how many decimals show `value` to its significant digits, without closing zeros."""
    places = max(0, _DIGITS - 1 - math.floor(math.log10(value)))
    _, _, fraction = f"{value:.{places}f}".rstrip("0").partition(".")
    return len(fraction)
