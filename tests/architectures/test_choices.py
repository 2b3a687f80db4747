"""Choices of layers in plain and textbook networks: sizes, order, and what stays as it was."""

import pytest

from initlab.architectures.layers import Dropout, Pool, Repeat
from initlab.architectures.plain import convnet, mlp
from initlab.architectures.recipe import Recipe
from initlab.architectures.textbook import textbook
from initlab.architectures.walk import walk
from initlab.models.building import is_plain

SHAPE = (32, 32, 3)


def recipe(**fields):
    return Recipe(SHAPE, 10, **{"depth": 4, "width": 6} | fields)


def sides(layers):
    return [row.here.shape[0] for row in walk(layers, SHAPE) if row.kind in ("conv", "pool")]


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, [32, 32, 32]),
        ({"kernel_size": 4}, [32, 32, 32]),
        ({"padding": "circular"}, [32, 32, 32]),
        ({"padding": "valid"}, [30, 28, 26]),
        ({"padding": "valid", "kernel_size": 5, "depth": 3}, [28, 24]),  # 32, 28, 24
    ],
)
def test_a_convnet_shrinks_without_padding_alone(fields, wanted):
    layers = convnet(recipe(**fields))
    assert sides(layers) == wanted
    size = fields.get("kernel_size", 3)
    kernels = [row.kernel_shape for row in walk(layers, SHAPE) if row.kind == "conv"]
    assert kernels[0] == (size, size, 3, 6)


def test_a_net_whose_layers_keep_their_shape_is_scanned_as_before():
    for fields in ({}, {"kernel_size": 5}, {"padding": "circular"}):
        assert is_plain(convnet(recipe(**fields)))
    assert not is_plain(convnet(recipe(padding="valid")))
    (_, _, repeat, _) = mlp(recipe(padding="valid"))  # nothing of a dense layer shrinks
    assert isinstance(repeat, Repeat)


@pytest.mark.parametrize("make", [mlp, convnet])
def test_dropout_follows_every_hidden_nonlinearity(make):
    kinds = [row.kind for row in walk(make(recipe(dropout=0.5)), SHAPE)]
    assert kinds == ["conv" if make is convnet else "dense", "activation", "dropout"] * 3 + [
        "dense"
    ]
    rows = walk(make(recipe()), SHAPE)
    assert not any(row.kind == "dropout" for row in rows)
    assert Dropout(0.5) in make(recipe(dropout=0.5))


def test_a_readout_of_means_has_a_weight_for_each_map_and_no_place():
    places, mean = (
        walk(convnet(recipe(readout=readout)), SHAPE)[-1] for readout in ("places", "mean")
    )
    assert places.kernel_shape == (32 * 32 * 6, 10)
    assert mean.kernel_shape == (6, 10)
    of_colours = convnet(recipe(readout="mean", depth=1))
    assert walk(of_colours, SHAPE)[-1].kernel_shape == (3, 10)


@pytest.mark.parametrize("kind", ["max", "average", "norm"])
def test_a_textbook_pools_by_the_kind_that_is_asked_for(kind):
    layers = textbook(recipe(pooling=kind))
    assert [layer for layer in layers if isinstance(layer, Pool)] == [Pool(kind)] * 2
    assert sides(layers) == [32, 32, 16, 16, 8]


def test_a_textbook_without_pooling_keeps_the_size():
    assert sides(textbook(recipe(pooling="none"))) == [32, 32, 32]
    assert sides(textbook(recipe(padding="valid", kernel_size=5))) == [28, 24, 12, 8, 4]


def test_the_nonlinearity_after_the_first_pooling_can_be_left_out():
    kinds = [row.kind for row in walk(textbook(recipe(after_pooling="nothing")), SHAPE)]
    order = "conv activation conv activation pool conv activation pool dense"
    assert kinds == order.split()
