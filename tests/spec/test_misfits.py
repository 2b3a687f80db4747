"""What a run asks of a model that does not have it."""

import pytest

from initlab.spec.layer_laws import layer_laws
from initlab.spec.schema import RunSpec

SUMS = "resnet18, resnet34, resnet50, resnet20, resnet32, resnet44, resnet56, resnet110"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"model": "vgg16", "depth": 3}, "`depth` of 'vgg16' is 16, got 3: leave it out"),
        (
            {"model": "vgg16", "norm": "local_response"},
            '`norm` = "local_response" needs a model that has it (alexnet, zfnet, googlenet), got '
            "'vgg16'",
        ),
        (
            {"model": "plain20", "residual": "rezero"},
            f"`residual` = 'rezero' needs a model with sums ({SUMS}), got 'plain20'",
        ),
        (
            {"model": "resnet20", "residual": "zero_gamma", "norm": "none"},
            '`residual` = "zero_gamma" needs a normalization, whose scale it begins with zero, got '
            '`norm` = "none"',
        ),
        (
            {"model": "resnet20", "residual": "fixup", "norm": "batch"},
            '`residual` = "fixup" needs `norm` = "none", got \'batch\': leave it out',
        ),
        (
            {"model": "lenet", "first_window": 7},
            "`first_window` = 7 needs a model with that choice (convnet, textbook), got 'lenet'",
        ),
        (
            {"pooling": "average"},
            "`pooling` = 'average' needs a model with that choice (textbook), got 'mlp'",
        ),
        (
            {"model": "vgg16", "kernel_size": 5},
            "`kernel_size` = 5 needs a model with that choice (convnet, textbook), got 'vgg16'",
        ),
        (
            {"model": "vgg16", "auxiliary_heads": True},
            "`auxiliary_heads` = True needs a model with that choice (googlenet), got 'vgg16'",
        ),
        (
            {"model": "textbook", "dropout": 0.5},
            "`dropout` = 0.5 needs a model with that choice (mlp, convnet), got 'textbook'",
        ),
        (
            {"model": "convnet", "depth": 4, "padding": "valid", "kernel_size": 15},
            "'convnet' cannot be built: conv_2: `window` must fit into the image",
        ),
        (
            {"model": "lenet", "dataset": "digits"},
            "'lenet' cannot be built: conv_2: `window` must fit into the image",
        ),
        (
            {"model": "alexnet", "scale": "paper", "width": 95},
            "'alexnet' cannot be built: conv_2: `groups` must divide the 95 input and the 253 "
            "output channels, got 2: give a width of which both are multiples of 2.",
        ),
    ],
)
def test_what_a_model_does_not_have_is_refused(fields, message):
    with pytest.raises(ValueError) as refused:
        RunSpec.model_validate({"dataset": "fashion"} | fields)
    assert message in str(refused.value)


def test_local_response_is_the_own_normalization_of_some():
    one, said, other = (
        RunSpec.model_validate({"model": "alexnet"} | fields)
        for fields in ({}, {"norm": "local_response"}, {"norm": "none"})
    )
    assert one.run_id == said.run_id != other.run_id


WHOSE = (
    "the first layer's law is `first_initializer`, the last one's `readout_initializer`, that of "
    "the others `initializer`"
)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"model": "mlp", "first_initializer": "sobel"},
            "layer 'dense_1': `sobel` needs a kernel with a square window of odd size from 3 on, "
            f"got shape (784, 128); {WHOSE}",
        ),
        (
            {"model": "convnet", "depth": 3, "width": 8, "initializer": "x_detector"},
            "layer 'readout': `x_detector` needs a kernel with a square window of odd size from 3 "
            f"on, got shape (6272, 10); {WHOSE}",
        ),
        (
            {"model": "convnet", "first_initializer": {"name": "gabor", "cycles": 1.5}},
            "layer 'conv_1': `cycles` must be below half of the window's 3, got 1.5, for a kernel "
            f"of shape (3, 3, 1, 128); {WHOSE}",
        ),
        (
            {"model": "convnet", "bias_initializer": "sobel"},
            "`bias_initializer` = 'sobel' makes filters, and biases are none",
        ),
    ],
)
def test_filters_made_by_hand_need_a_kernel_that_can_hold_them(fields, message):
    with pytest.raises(ValueError) as refused:
        RunSpec.model_validate({"dataset": "fashion"} | fields)
    assert message in str(refused.value)


def test_the_first_layer_can_have_a_law_of_its_own():
    fields = {"model": "convnet", "depth": 3, "width": 8, "first_initializer": "sobel"}
    run = RunSpec.model_validate({"dataset": "fashion"} | fields)
    laws = [(layer.name, layer.kernel.label) for layer in layer_laws(run)]
    assert laws == [("conv_1", "sobel"), ("conv_2", "he_normal"), ("readout", "he_normal")]
    assert run.row()["first_initializer"] == "sobel"
    only = RunSpec.model_validate({"depth": 1, "first_initializer": "zeros"})
    assert [layer.kernel.label for layer in layer_laws(only)] == ["he_normal"]


@pytest.mark.parametrize("model", ["convnet", "textbook"])
@pytest.mark.parametrize("window", [5, 11])
def test_the_first_window_is_chosen_and_the_others_stay(model, window):
    fields = {"model": model, "first_window": window, "width": 8, "dataset": "shapes"}
    fields |= {"depth": 4} | {"first_initializer": "gabor"}
    shapes = [layer.kernel_shape for layer in layer_laws(RunSpec.model_validate(fields))]
    assert shapes[:-1] == [(window, window, 1, 8), (3, 3, 8, 8), (3, 3, 8, 8)]
    # The image keeps its size before it is pooled.
    assert shapes[-1] == (16 * 16 * 8 if model == "convnet" else 4 * 4 * 8, 10 - 6)
