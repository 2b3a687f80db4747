"""What tells a person the groups of a plan from one another."""

from initlab.spec.group_names import name_groups
from initlab.spec.plan import make_plan
from initlab.spec.sweep import parse_sweep


def names(**content):
    sweep = parse_sweep({"question": "?"} | content, name="demo", source="demo")
    groups = make_plan(sweep.runs).groups
    found = name_groups(groups)
    return [found[group.group_id] for group in groups]


def test_a_group_is_named_by_model_activation_and_depth():
    assert names(axes={"activation": ["relu", "tanh"], "initializer": ["zeros", "ones"]}) == [
        "mlp relu depth 10",
        "mlp tanh depth 10",
    ]


def test_fields_in_which_groups_differ_are_named():
    axes = {"width": [8, 16], "optimizer": ["sgd", "adam"]}
    assert names(axes=axes) == [
        "mlp relu depth 10, width 8, optimizer sgd",
        "mlp relu depth 10, width 8, optimizer adam",
        "mlp relu depth 10, width 16, optimizer sgd",
        "mlp relu depth 10, width 16, optimizer adam",
    ]


def test_a_depth_that_stands_in_the_model_is_not_said_again():
    assert names(base={"model": "resnet20", "dataset": "photo_patches"}) == ["resnet20 relu"]


def test_parts_of_a_signature_are_numbered():
    assert names(seeds=300, base={"depth": 3}) == [
        "mlp relu depth 3, part 1",
        "mlp relu depth 3, part 2",
    ]
