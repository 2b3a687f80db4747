"""Numbers as a sentence writes them: three digits, a true minus, raised powers of ten."""

import math

MINUS, TIMES = "\N{MINUS SIGN}", "\N{MULTIPLICATION SIGN}"
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN = 3.0  # powers of ten either way up to which a factor is written out


def number(value: float) -> str:
    """Returns a number to three digits; `no number` where it is not finite.

    >>> number(0.25), number(-0.001).replace(MINUS, "-"), number(4.86e18).replace(TIMES, "x")
    ('0.25', '-0.001', '4.86 x 10¹⁸')
    """
    if not math.isfinite(value):
        return "no number"
    digits, _, exponent = f"{value:.3g}".partition("e")
    power = f" {TIMES} {power_of_ten(int(exponent))}" if exponent else ""
    return digits.replace("-", MINUS) + power


def power_of_ten(exponent: int) -> str:
    """Returns ten with a raised exponent.

    >>> power_of_ten(-12)
    '10⁻¹²'
    """
    return f"10{str(exponent).translate(_RAISED)}"


def factor(exponent: float) -> str:
    """Returns 10 to the power of `exponent`, plain or to the nearest whole power.

    >>> factor(0.002), factor(-0.7), factor(-39.51)
    ('1.00', '0.200', '10⁻⁴⁰')
    """
    if not math.isfinite(exponent):
        return "no number"
    if abs(exponent) < _PLAIN:
        return f"{10**exponent:#.3g}".rstrip(".")
    return power_of_ten(round(exponent))


def counted(count: int, noun: str) -> str:
    """Returns so many of something.

    >>> counted(1, "run"), counted(0, "group")
    ('1 run', '0 groups')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
