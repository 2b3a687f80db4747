"""What a run asks of a model that does not have it."""

import pytest

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
            {"model": "lenet", "dataset": "digits"},
            "'lenet' cannot be built: conv_2: `window` must fit into the image",
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
