"""Families to their papers' plans: numbers of parameters, sizes of every layer, small plans."""

import re

import pytest

from initlab.architectures.families import FAMILIES
from initlab.architectures.layers import Convolution, Pool
from initlab.architectures.parts import fitting

from .papers import parameters_of, rows_of

PAPERS = [name for name, family in FAMILIES.items() if family.paper]
RESIDUAL = [name for name in PAPERS if name.startswith(("resnet", "plain"))]

PUBLISHED = {
    "lenet": 61_706,  # of this form, LeCun 1998 has 60 thousand in its own
    "alexnet": 60_965_224,  # Caffe's bvlc_alexnet; the paper says 60 million
    "zfnet": 62_357_608,  # pytorchcv
    "nin": 966_986,  # the authors' model for CIFAR-10
    "vgg11": 132_863_336,  # torchvision, this and the next three
    "vgg13": 133_047_848,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
    "googlenet": 6_998_552,  # Caffe's bvlc_googlenet without its auxiliary heads
    "squeezenet": 1_235_496,  # the authors' SqueezeNet_v1.1, and torchvision's
}
# torchvision; its convolutions before a normalization have no biases. The CIFAR form by
# pytorch_resnet_cifar10, which copies the paper's option A.
WITHOUT_BIASES = {
    "resnet18": 11_689_512,
    "resnet34": 21_797_672,
    "resnet50": 25_557_032,
    "resnet20": 269_722,
    "resnet32": 464_154,
    "resnet44": 658_586,
    "resnet56": 853_018,
    "resnet110": 1_727_962,
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_papers_plan_has_the_published_number_of_parameters(name):
    assert parameters_of(rows_of(name)) == PUBLISHED[name]


@pytest.mark.parametrize("name", WITHOUT_BIASES)
def test_a_residual_net_has_the_published_number_but_for_the_biases_of_its_convolutions(name):
    rows = rows_of(name)
    biases = sum(row.kernel_shape[-1] for row in rows if row.kind == "conv")
    assert parameters_of(rows) - biases == WITHOUT_BIASES[name]


# Sizes after convolutions, pools and concatenations, where they change, from the papers' tables and
# figures.
SIZES = {
    "lenet": "28x6 14x6 10x16 5x16 120 84 10",
    "alexnet": "55x96 27x96 27x256 13x256 13x384 13x256 6x256 4096 1000",
    "zfnet": "110x96 55x96 26x256 13x256 13x384 13x256 6x256 4096 1000",
    "nin": "32x192 32x160 32x96 16x96 16x192 8x192 8x10 10",
    "vgg16": "224x64 112x64 112x128 56x128 56x256 28x256 28x512 14x512 7x512 4096 1000",
    "googlenet": "112x64 56x64 56x192 28x192 28x256 28x480 14x480 14x512 14x528 14x832 7x832 "
    "7x1024 1024 1000",
    "squeezenet": "113x64 56x64 56x16 56x128 56x16 56x128 27x128 27x32 27x256 27x32 27x256 "
    "13x256 13x48 13x384 13x48 13x384 13x64 13x512 13x64 13x512 13x1000 1000",
    "resnet18": "112x64 56x64 28x128 14x256 7x512 512 1000",
    "resnet50": "112x64 56x64 56x256 28x512 14x1024 7x2048 2048 1000",
    "resnet20": "32x16 16x32 8x64 64 10",
}


def sizes_of(rows):
    """Returns the sizes on the main way, where they change: those inside branches are left out."""
    found = []
    for row in rows:
        branched = any("branch" in step or "shortcut" in step for step in row.path)
        if row.kind in ("conv", "dense", "pool", "sum", "concat") and not branched:
            text = "x".join(str(size) for size in row.here.shape[-2:])
            found += [text] * (found[-1:] != [text])
    return " ".join(found)


@pytest.mark.parametrize("name", SIZES)
def test_layers_have_the_sizes_of_the_paper(name):
    assert sizes_of(rows_of(name)) == SIZES[name]


# Arithmetic by torchvision's modules, from their shapes: receptive fields before the head.
@pytest.mark.parametrize(
    ("name", "row", "entries"),
    [
        ("alexnet", "pool_3", 195),
        ("vgg16", "pool_5", 212),
        ("resnet18", "sum_8", 435),
        ("resnet50", "sum_16", 483),
    ],
)
def test_receptive_fields_are_those_known(name, row, entries):
    (found,) = [each for each in rows_of(name) if each.name == row]
    assert found.here.field == (entries, entries)


def test_auxiliary_heads_of_googlenet_have_the_sizes_of_the_paper_and_are_left_out_unless_asked():
    rows = rows_of("googlenet", auxiliary_heads=True)
    heads = [[row for row in rows if f"auxiliary_{n}" in row.path[:-1]] for n in (1, 2)]
    # On modules 4a and 4d, of 512 and 528 channels; Caffe's bvlc_googlenet has 13,378,280
    # parameters with both.
    for channels, head in zip((512, 528), heads, strict=True):
        sized = [row.here.shape for row in head if row.kind in ("pool", "conv", "dense")]
        assert sized == [(4, 4, channels), (4, 4, 128), (1024,), (1000,)]
        assert [row.answers for row in head if row.kernel_shape] == [False, False, True]
    assert sum(map(parameters_of, heads)) == 13_378_280 - PUBLISHED["googlenet"]
    assert parameters_of(rows) == 13_378_280
    assert rows[-1].here.shape == (1000,)
    left = [row for row in rows if "auxiliary" not in row.path[0]]
    assert [row.here for row in left] == [row.here for row in rows_of("googlenet")]


@pytest.mark.parametrize(("side", "places"), [(14, 4), (28, 1), (32, 2)])
def test_a_head_pools_where_its_window_fits(side, places):
    rows = rows_of("googlenet", (side, side, 1), auxiliary_heads=True)
    convolutions = [row for row in rows if "auxiliary_1" in row.path and row.kind == "conv"]
    assert [row.here.shape for row in convolutions] == [(places, places, 16)]


def test_most_parameters_are_in_dense_layers_and_most_memory_in_early_convolutions():
    rows = rows_of("vgg16")
    dense = sum(row.parameters for row in rows if row.kind == "dense")
    assert dense / parameters_of(rows) == pytest.approx(0.893, abs=0.001)
    values = [row.values for row in rows if row.kind in ("conv", "dense")]
    assert sum(values[:2]) / sum(values) == pytest.approx(0.474, abs=0.001)


def test_averaging_before_the_readout_saves_49_million_weights_of_googlenet():
    *_, pool, _, readout = rows_of("googlenet")
    assert pool.here.shape == (1024,)
    assert readout.parameters - 1000 == 1_024_000
    assert 7 * 7 * readout.kernel_shape[0] * 1000 == 50_176_000


@pytest.mark.parametrize("side", [14, 28, 32])
@pytest.mark.parametrize("name", PAPERS)
def test_small_plans_take_every_image_from_14_by_14_up(name, side):
    rows = rows_of(name, (side, side, 1))
    assert rows[-1].here.shape == (10,)
    assert parameters_of(rows) < 1e6
    # As deep as the paper's, layer by layer: only what pools may be missing.
    weights = [row.kernel_shape[-1] for row in rows if row.kernel_shape]
    assert len(weights) == len([row for row in rows_of(name) if row.kernel_shape])


@pytest.mark.parametrize("name", [name for name in PAPERS if name not in RESIDUAL])
def test_widths_are_in_proportion_to_that_of_the_first_convolution(name):
    width = FAMILIES[name].paper.width
    channels = [
        [row.kernel_shape[-1] for row in rows if row.products][:-1]
        for rows in (rows_of(name), rows_of(name, (32, 32, 3), width=2 * width))
    ]
    assert [2 * number for number in channels[0]] == channels[1]


def test_a_pool_that_would_halve_less_than_4_by_4_is_left_out():
    layers = [Pool("max"), Convolution(2), Pool("max"), Pool("max"), Pool("global")]
    assert fitting(layers, (14, 14, 1)) == (*layers[:3], layers[4])  # 14, 7, 3
    assert fitting(layers, (32, 32, 1)) == tuple(layers)  # 32, 16, 8, 4


def test_a_rectifier_stands_after_the_first_pool_of_the_textbooks_order():
    kinds = [row.kind for row in rows_of("textbook", (28, 28, 1))]
    order = "conv activation conv activation pool activation conv activation pool dense"
    assert kinds == order.split()


def test_networks_without_local_response_have_none():
    for name in ("alexnet", "zfnet", "googlenet"):
        kinds = [[row.kind for row in rows_of(name, norm=norm)] for norm in ("none", "batch")]
        assert [kind.count("local_response") for kind in kinds] == [0, 0]
        assert [kind.count("norm") for kind in kinds] == [0, kinds[1].count("conv")]
        assert [row.kind for row in rows_of(name)].count("local_response") == 2


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("lenet", (8, 8, 1), "conv_2: `window` must fit into the image: 5 entries of the window"),
        ("textbook", (3, 3, 1), "pool_2: `window` must fit into the image: 2 entries of the"),
    ],
)
def test_images_that_are_too_small_are_refused_by_the_layer(name, shape, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        rows_of(name, shape)
