"""How figures look: one setting for all, and a colour, line and marker for each initializer."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from itertools import cycle, product
from types import MappingProxyType
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.font_manager import FontProperties, findfont, get_font

from initlab.analysis.names import initializer_order

SINGLE, WIDE = 5.5, 6.75  # inches: the text of a page of one column, and of two
_PAGE = ContextVar("page_width", default=WIDE)
SMALL, NORMAL = 6.5, 7.5  # points
INK, FAINT = "#222222", "#8a8a8a"

# Okabe and Ito's colours without the yellow, which a white page swallows; black is for theory.
BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
PURPLE, SKY, ORANGE, GREY = "#CC79A7", "#56B4E9", "#E69F00", "#666666"
PALETTE = (BLUE, VERMILLION, GREEN, PURPLE, SKY, ORANGE, GREY)

SOLID: "Dash" = "solid"
DASHED: "Dash" = (0, (4.0, 1.5))
DOTTED: "Dash" = (0, (1.2, 1.4))
DASHDOT: "Dash" = (0, (5.0, 1.3, 1.2, 1.3))
DASHES = (SOLID, DASHED, DOTTED, DASHDOT)
# No cross, which is the sign of divergence.
MARKERS = ("o", "s", "^", "D", "v", "P", "*", "<", ">", "p", "h", "d")

type Dash = Literal["solid"] | tuple[float, tuple[float, ...]]


@dataclass(frozen=True)
class Look:
    """The colour, line and marker by which one initializer is known in every figure."""

    color: str
    dash: Dash
    marker: str


LOOKS: dict[str, Look] = {
    "he_normal": Look(BLUE, SOLID, "o"),
    "he_uniform": Look(BLUE, DASHED, "s"),
    "glorot_normal": Look(VERMILLION, DASHED, "v"),
    "glorot_uniform": Look(VERMILLION, SOLID, "^"),
    "lecun_normal": Look(GREEN, SOLID, "D"),
    "lecun_uniform": Look(GREEN, DASHED, "<"),
    "orthogonal": Look(PURPLE, SOLID, "P"),
    "identity": Look(PURPLE, DASHED, "h"),
    "fan_in_normal(weight_variance=1.55051881)": Look(BLUE, DASHDOT, "p"),
    "pytorch_default": Look(GREEN, DASHDOT, "h"),
    "keras_default": Look(VERMILLION, DOTTED, ">"),
    "flax_default": Look(GREEN, DOTTED, "p"),
    "haiku_default": Look(BLUE, DOTTED, "d"),
    "lenet_uniform": Look(SKY, DASHED, "v"),
    "normal(stddev=0.005)": Look(ORANGE, DOTTED, "<"),
    "normal(stddev=0.01)": Look(ORANGE, DASHED, ">"),
    "normal(stddev=1)": Look(ORANGE, SOLID, "d"),
    "zeros": Look(GREY, DOTTED, "p"),
    "ones": Look(GREY, DASHED, "d"),
    "constant(value=0.05)": Look(GREY, SOLID, "s"),
    "constant(value=0.05) + readout lecun_normal": Look(GREY, DASHDOT, "D"),
    "tied_halves(weight_variance=1)": Look(VERMILLION, DASHDOT, "h"),
    "tied_halves(weight_variance=1) + readout lecun_normal": Look(PURPLE, DOTTED, "v"),
    "tied_halves(weight_variance=1) + readout tied_halves(weight_variance=1, tie=inputs)": Look(
        PURPLE, DASHDOT, "p"
    ),
    "normal(stddev=1e-07, mean=0.05)": Look(SKY, DOTTED, "^"),
    "normal(stddev=1e-05, mean=0.05)": Look(SKY, DASHDOT, "<"),
    "normal(stddev=0.001, mean=0.05)": Look(ORANGE, DASHDOT, "^"),
    "normal(stddev=0.1, mean=0.05)": Look(SKY, SOLID, "s"),
}
# Initializers that look like another, beside which no experiment has them.
LIKE: dict[str, str] = {
    "delta_orthogonal": "identity",
    "delta_orthogonal(gain=1.41421356)": "tied_halves(weight_variance=1) + readout lecun_normal",
    "fan_in_normal(weight_variance=18)": "tied_halves(weight_variance=1)",
    "variance_scaling(scale=2, mode=fan_out, distribution=normal)": "haiku_default",
    "chosen": "orthogonal",  # the scale that validation chooses, beside the named laws
    "constant(value=0.02)": "constant(value=0.05)",
    "constant(value=0.02) + readout lecun_normal": "constant(value=0.05) + readout lecun_normal",
    "tied_filters": "tied_halves(weight_variance=1)",
    "tied_filters + readout lecun_normal": "tied_halves(weight_variance=1) + readout lecun_normal",
    "normal(stddev=1e-07, mean=0.02)": "normal(stddev=1e-07, mean=0.05)",
    "normal(stddev=1e-05, mean=0.02)": "normal(stddev=1e-05, mean=0.05)",
    "normal(stddev=0.001, mean=0.02)": "normal(stddev=0.001, mean=0.05)",
    "normal(stddev=0.1, mean=0.02)": "normal(stddev=0.1, mean=0.05)",
}
# Where nonlinearities are drawn beside each other, in a figure without initializers.
NONLINEARITIES: dict[str, Look] = {
    "relu": Look(BLUE, SOLID, "o"),
    "tanh": Look(VERMILLION, SOLID, "^"),
    "sigmoid": Look(GREEN, SOLID, "D"),
    "elu": Look(PURPLE, DASHED, "P"),
    "gelu": Look(SKY, DASHED, "v"),
    "softsign": Look(ORANGE, DASHED, "s"),
}
# Whose initialization a net of a paper has: as `analysis.architecture_arms` names them.
OWNERS: dict[str, Look] = {
    "published": Look(VERMILLION, SOLID, "^"),
    "read otherwise": Look(ORANGE, DASHED, "v"),
    "carried over": Look(PURPLE, DASHDOT, "P"),
    "tutorial's text": Look(GREY, DOTTED, "*"),
    "tutorial's picture": Look(GREEN, DASHED, "D"),
    "tutorial's code": Look(GREEN, SOLID, "<"),
    "He normal": Look(SKY, DASHED, "s"),
    "He normal, batch norm": Look(BLUE, SOLID, "o"),
}
ARM_LOOKS = tuple(
    Look(PALETTE[index % 7], DASHES[(index % 7 + index // 7) % 4], MARKERS[index % 12])
    for index in range(28)
)

RC: Any = {
    "figure.dpi": 100,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": NORMAL,
    "text.color": INK,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.titlesize": NORMAL,
    "axes.labelsize": NORMAL,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.5,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.size": 2.0,
    "ytick.major.size": 2.0,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "legend.fontsize": SMALL,
    "lines.linewidth": 1.1,
    "lines.markersize": 3.8,
    "lines.markeredgewidth": 0.4,
    "hatch.linewidth": 0.5,
    "hatch.color": INK,
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "pdf.compression": 6,
    "svg.fonttype": "none",
    "svg.hashsalt": "initlab",
    "savefig.dpi": 200,
    "savefig.bbox": "standard",
}


def page_width() -> float:
    """Returns the inches that a figure across the whole page is wide."""
    return _PAGE.get()


@contextmanager
def page(width: float) -> Iterator[None]:
    """Draws figures for a page whose text is `width` inches wide inside the block."""
    before = _PAGE.set(width)
    try:
        yield
    finally:
        _PAGE.reset(before)


@contextmanager
def house_style() -> Iterator[None]:
    """Draws in the house style inside the block; nothing of it stays behind."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(RC)
        yield


def looks(labels: Iterable[str]) -> dict[str, Look]:
    """Returns the look of each initializer, in the order in which legends list them.

    Those of `LOOKS`, `NONLINEARITIES` and `OWNERS` always look alike, and those of `LIKE` where
    their model is not among them. Another one's look follows from its label; if one of the labels
    has it already, the next that is free.
    """
    ordered = sorted(dict.fromkeys(labels), key=initializer_order)
    known = NONLINEARITIES | OWNERS | LOOKS
    chosen = {label: known[label] for label in ordered if label in known}
    for label in ordered:
        if label in LIKE and LOOKS[LIKE[label]] not in chosen.values():
            chosen[label] = LOOKS[LIKE[label]]
    free = [Look(*parts) for parts in product(PALETTE, DASHES, MARKERS)]
    for label in ordered:
        if label not in chosen:
            first = int.from_bytes(hashlib.sha256(label.encode()).digest()[:4])
            taken = {pair for look in chosen.values() for pair in _pairs(look)}
            turns = [free[(first + turn) % len(free)] for turn in range(len(free))]
            fresh = (look for look in turns if taken.isdisjoint(_pairs(look)))
            chosen[label] = next(fresh, turns[0])
    return {label: chosen[label] for label in ordered}


def _pairs(look: Look) -> set[tuple[object, object]]:
    """Returns what no two looks beside each other may share: a colour with its dash or marker."""
    return {(look.color, look.dash), (look.color, look.marker)}


def arm_looks(
    labels: Iterable[str], known: Mapping[str, Look] = MappingProxyType({})
) -> dict[str, Look]:
    """Returns a look for each label that is no initializer, in the order given.

    Those of `known` have the look that they have there, and no other has its colour with its line
    or its marker.
    """
    taken = {pair for look in known.values() for pair in _pairs(look)}
    free = cycle([look for look in ARM_LOOKS if taken.isdisjoint(_pairs(look))])
    return {label: known.get(label) or next(free) for label in dict.fromkeys(labels)}


def plain_text(text: object, limit: int = 48) -> str:
    """Returns `text` so that it can stand in a figure whatever it holds.

    Control characters and those that the font lacks become `?`, and a long text is cut; no
    character starts a formula, since figures read none.
    """
    line = re.sub(r"\s+", " ", str(text)).strip()
    line = "".join(character if drawable(character) else "?" for character in line)
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


@cache
def drawable(character: str) -> bool:
    """Tells whether the figures' font has the character, and shows it."""
    font = get_font(findfont(FontProperties(family="DejaVu Sans")))
    return character.isprintable() and font.get_char_index(ord(character)) != 0
