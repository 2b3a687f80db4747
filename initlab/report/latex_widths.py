"""How wide texts are in Computer Modern, the widest of the types that papers are set in."""

import re

# Hundredths of the type's size, by tftopl of cmr10; what is missing takes as much as most capitals.
_LETTERS = {
    28: " !',.:;[]`il",
    31: "fj",
    34: "-",
    36: "I_",
    39: "()t",
    40: "rs",
    45: "cez",
    48: "?",
    51: '$"*/0123456789^agoJ{}',
    53: "qkvxy",
    56: "Sbdhnpu",
    63: "ZL",
    69: "EFP",
    73: "BCTwR",
    78: "ADGHKNOQUVXY&+=@<>~\\",
    84: "#%m",
    92: "M",
    103: "W",
}
_WIDTHS = {letter: width / 100 for width, letters in _LETTERS.items() for letter in letters}
_CAPITAL = 0.78
_SIGN, _TIMES, _RAISED = 0.78, 1.23, 0.75  # a minus, a cross between spaces, an exponent's size
_PIECE = re.compile(r"[^ -]+-*|-+")


def text_width(text: str) -> float:
    """Returns how wide a text is, in sizes of its type."""
    return sum(_WIDTHS.get(letter, _CAPITAL) for letter in text)


def longest_piece(text: str) -> float:
    """Returns how wide the widest piece is that no line's end divides, in sizes of the type."""
    return max(map(text_width, _PIECE.findall(text)), default=0.0)


def number_width(number: str) -> float:
    """Returns how wide a number is that `numbers.typeset_latex` sets, in sizes of the type."""
    mantissa, _, exponent = number.partition("e")
    width = _digits(mantissa)
    return width + _TIMES + text_width("10") + _RAISED * _digits(exponent) if exponent else width


def _digits(number: str) -> float:
    return text_width(number.lstrip("+-").replace("inf", "@")) + _SIGN * number.startswith("-")
