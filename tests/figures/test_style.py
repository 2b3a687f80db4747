import itertools

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb

from initlab.figures.style import (
    ARM_LOOKS,
    INK,
    LIKE,
    LOOKS,
    NONLINEARITIES,
    OWNERS,
    PALETTE,
    house_style,
    looks,
    plain_text,
)
from initlab.figures.unit_spread import draw_unit_spread

# Machado, Oliveira and Fernandes (2009), deuteranopia and protanopia of full severity, linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
SWEEP = (
    "normal(stddev=0.005)",
    "normal(stddev=0.01)",
    "normal(stddev=1)",
    "lenet_uniform",
    "lecun_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "orthogonal",
    "pytorch_default",
    "fan_in_normal(weight_variance=1.55051881)",
    "zeros",
)


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    ratio = to_xyz @ np.clip(rgb, 0, 1) / (to_xyz @ np.ones(3))
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(colour):
    return 1.05 / (linear(colour) @ [0.2126, 0.7152, 0.0722] + 0.05)


def test_colours_stay_apart_for_the_colour_blind():
    for name, matrix in BLINDNESS.items():
        seen = {colour: lab(matrix @ linear(colour)) for colour in PALETTE}
        for one, other in itertools.combinations(PALETTE, 2):
            distance = float(np.linalg.norm(seen[one] - seen[other]))
            # 2.3 is a difference just noticeable side by side; lines lie apart and are thin.
            assert distance > 10, f"{one} and {other} with {name}: {distance:.1f}"


def test_colours_stand_out_from_the_page():
    assert all(contrast(colour) > 2 for colour in PALETTE)
    assert contrast(INK) > 12


def test_no_two_initializers_of_one_colour_share_a_line_or_a_marker():
    assert set(SWEEP) <= set(LOOKS)
    for (one, a), (other, b) in itertools.combinations(LOOKS.items(), 2):
        if a.color == b.color:
            assert a.dash != b.dash, (one, other)
            assert a.marker != b.marker, (one, other)


def test_one_like_another_gives_way_to_it():
    assert set(LIKE.values()) <= set(LOOKS)
    for label, model in LIKE.items():
        assert looks([label])[label] == LOOKS[model]
        both = looks([label, model])
        assert both[model] == LOOKS[model]
        assert both[label] != both[model]


def test_arms_are_told_apart():
    assert len({(look.color, look.dash) for look in ARM_LOOKS}) == len(ARM_LOOKS)


def test_nonlinearities_side_by_side_have_colours_of_their_own():
    found = looks(NONLINEARITIES)
    assert len({look.color for look in found.values()}) == len(NONLINEARITIES)


def test_an_initializer_looks_alike_in_any_company():
    assert looks(SWEEP)["he_normal"] == looks(["he_normal", "mine(a=1)"])["he_normal"]
    alone = looks(["mine(a=1)"])["mine(a=1)"]
    assert looks(["he_normal", "mine(a=1)"])["mine(a=1)"] == alone


def test_many_unknown_initializers_all_look_different():
    labels = [f"mine(a={number})" for number in range(20)]
    found = looks(labels).values()
    assert len({(look.color, look.dash) for look in found}) == 20
    assert len({(look.color, look.marker) for look in found}) == 20


def test_the_style_ends_with_its_block():
    before = dict(mpl.rcParams)
    with house_style():
        assert mpl.rcParams["pdf.fonttype"] == 42
        assert not mpl.rcParams["text.parse_math"]
    assert dict(mpl.rcParams) == before


def test_a_reader_s_own_settings_do_not_enter():
    with mpl.rc_context({"lines.linewidth": 9.0, "axes.facecolor": "red"}), house_style():
        assert mpl.rcParams["lines.linewidth"] == 1.1
        assert mpl.rcParams["axes.facecolor"] == "white"


def test_text_is_plain_short_and_drawable():
    assert plain_text("a\tb\nc") == "a b c"
    assert plain_text("\N{CJK UNIFIED IDEOGRAPH-4E00}\x07é") == "??é"
    assert plain_text("x" * 60) == "x" * 47 + "…"
    assert plain_text(r"$\frac$") == r"$\frac$"


def test_no_initializer_has_the_cross_that_says_diverged():
    shown = [*LOOKS.values(), *NONLINEARITIES.values(), *OWNERS.values(), *ARM_LOOKS]
    shown += looks(f"law-{n}" for n in range(40)).values()
    assert not {look.marker for look in shown} & {"X", "x"}


def test_an_initializer_among_arms_looks_as_everywhere():
    frame = pd.DataFrame(
        [("a", "normal(stddev=0.125)"), ("He normal", "he_normal"), ("b", "he_normal")],
        columns=["arm", "initializer"],
    )
    frame = frame.assign(layer=1, statistic="positive_fraction", value=0.5, high=0.5, low=0.5)
    frame = frame.assign(seed=None, n=5, num_runs=5, num_diverged=0, num_zero=0, depth=2)
    (key,) = draw_unit_spread(frame).legends
    shown = {
        text.get_text().strip(): (line.get_color(), line.get_marker())
        for text, line in zip(key.get_texts(), key.get_lines(), strict=True)
    }
    assert shown["He normal"] == (LOOKS["he_normal"].color, LOOKS["he_normal"].marker)
    assert len(set(shown.values())) == len(shown) == 3
