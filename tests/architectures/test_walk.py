"""Sizes, receptive fields and numbers of parameters, as papers and textbooks give them."""

import re

import pytest

from initlab.architectures.families import FAMILIES
from initlab.architectures.layers import (
    Activation,
    Auxiliary,
    Concatenation,
    Convolution,
    Dense,
    Norm,
    Pool,
    Repeat,
    Residual,
    ZeroChannels,
)
from initlab.architectures.walk import walk

from .papers import rows_of


@pytest.mark.parametrize(
    ("image", "window", "stride", "padding", "size", "dropped"),
    [
        (32, 5, 1, 0, 28, 0),
        (28, 5, 1, 0, 24, 0),
        (7, 3, 1, 0, 5, 0),
        (7, 3, 2, 0, 3, 0),
        (7, 3, 3, 0, 2, 1),  # stride 3 does not fit: a column is left over
        (32, 5, 1, 2, 32, 0),  # (K - 1) / 2 keeps the size
        (224, 7, 2, 3, 112, 1),  # 112.5
        (227, 11, 4, 0, 55, 0),
    ],
)
def test_an_output_has_w_minus_k_plus_2p_over_s_plus_1_entries(
    image, window, stride, padding, size, dropped
):
    layer = Convolution(6, window=(window, window), strides=(stride, stride), padding=padding)
    (row,) = walk([layer], (image, image, 3))
    assert row.here.shape == (size, size, 6)
    assert row.dropped == (dropped, dropped)


def test_a_filter_of_5_by_5_by_3_makes_75_products_at_each_position():
    (row,) = walk([Convolution(6, window=(5, 5), padding="VALID")], (32, 32, 3))
    assert row.products == 75 * 6 * 28 * 28
    assert row.parameters == 76 * 6


def test_receptive_fields_grow_by_the_window_times_the_strides_before_it():
    layers = [
        Convolution(4, padding="VALID"),  # 3
        Convolution(4, strides=(2, 2)),  # 5
        Pool("max"),  # 5 + 1 * 2 = 7
        Convolution(4, dilation=(2, 2)),  # 7 + 4 * 4 = 23
    ]
    assert [row.here.field[0] for row in walk(layers, (40, 40, 1))] == [3, 5, 7, 23]


@pytest.mark.parametrize("name", [name for name, family in FAMILIES.items() if family.depth])
def test_a_family_has_the_depth_of_its_name(name):
    rows = rows_of(name, (32, 32, 1))
    assert rows[-1].here.layer == FAMILIES[name].depth
    assert [row.name for row in rows if row.kernel_shape][-1] == "readout"


def test_weight_layers_beside_one_another_are_at_one_depth():
    shortcut = (Convolution(8, window=(1, 1), strides=(2, 2)),)
    branch = (Convolution(8, strides=(2, 2)), Activation(), Convolution(8))
    rows = walk([Convolution(4), Residual(branch, shortcut), Activation()], (8, 8, 1))
    layers = [(row.name, row.here.layer) for row in rows]
    assert layers == [
        ("conv_1", 1),
        ("conv_2", 2),
        ("activation_1", 2),
        ("conv_3", 3),
        ("readout", 2),
        ("sum_1", 3),
        ("activation_2", 3),
    ]


def test_branches_are_joined_along_their_channels():
    ways = ((Convolution(3),), (Convolution(4), Convolution(5, window=(5, 5))), ())
    rows = walk([Concatenation(ways)], (8, 8, 2))
    assert rows[-1].here.shape == (8, 8, 3 + 5 + 2)
    assert (rows[-1].here.layer, rows[-1].here.field) == (2, (7, 7))


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([Convolution(2, window=(9, 9), padding="VALID")], "conv_1: `window` must fit"),
        ([Pool("max"), Pool("max"), Pool("max"), Pool("max")], "pool_4: `window` must fit"),
        (
            [Convolution(4, groups=2)],
            "conv_1: `groups` must divide the 3 input and the 4 output channels, got 2: give a "
            "width of which both are multiples of 2.",
        ),
        (
            [Convolution(4), Convolution(5, groups=2)],
            "conv_2: `groups` must divide the 4 input and the 5 output channels, got 2",
        ),
        (
            [Norm("group", groups=2)],
            "norm_1: `groups` must divide the 3 channels, got 2: give channels that are a multiple "
            "of 2, or other groups.",
        ),
        ([Dense(4), Convolution(2)], "needs an image, got the 4 units of a dense layer"),
        ([Dense(4), Pool("global")], "needs an image, got the 4 units of a dense layer"),
        ([ZeroChannels(2)], "`channels` must be at least the 3 there are, got 2"),
        (
            [Residual((Convolution(5),))],
            "sum_1: the branch gives (8, 8, 5), the shortcut",
        ),
        ([Concatenation(((Pool("max"),), ()))], "concat_1: its branches give (4, 4, 3), (8, 8"),
        (
            [Auxiliary((Pool("max"), Convolution(2, window=(9, 9), padding="VALID")), 0.3)],
            "conv_1: `window` must fit",
        ),
        ([Repeat(2, (Convolution(5),))], "a repeated block must keep its shape, got (8, 8, 5)"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(layers, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        walk(layers, (8, 8, 3))
