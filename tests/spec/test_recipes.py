"""The initializations of papers, layer by layer."""

import pytest

from initlab.spec.laws import RECIPE_NAMES
from initlab.spec.layer_laws import layer_laws
from initlab.spec.recipes import RECIPES
from initlab.spec.schema import RunSpec


def laws_of(initializer, model="alexnet", **fields):
    run = RunSpec.model_validate(
        {"model": model, "dataset": "fashion", "initializer": initializer} | fields
    )
    return [(layer.kernel.label, layer.bias.label) for layer in layer_laws(run)]


def test_names_are_those_that_a_specification_accepts():
    assert tuple(RECIPES) == RECIPE_NAMES


# conv 1 to 5, then two dense hidden layers and the readout: Krizhevsky et al. 2012, section 5, and
# the prototxts of Caffe's model zoo.
@pytest.mark.parametrize(
    ("recipe", "raised", "hidden"),
    [
        ("alexnet_recipe", "constant(value=1)", "normal(stddev=0.01)"),
        ("bvlc_alexnet_recipe", "constant(value=0.1)", "normal(stddev=0.005)"),
        ("caffenet_recipe", "constant(value=1)", "normal(stddev=0.005)"),
    ],
)
def test_alexnets_recipes_raise_the_units_of_some_layers(recipe, raised, hidden):
    found = laws_of(recipe)
    small = "normal(stddev=0.01)"
    assert [kernel for kernel, _ in found] == [small] * 5 + [hidden] * 2 + [small]
    zero = "zeros"
    assert [bias for _, bias in found] == [zero, raised, zero, *[raised] * 4, zero]


def test_googlenets_recipe_raises_all_but_the_readout():
    found = laws_of("googlenet_recipe", "googlenet")
    assert set(found[:-1]) == {("caffe_xavier", "constant(value=0.2)")}
    assert (len(found), found[-1]) == (58, ("caffe_xavier", "zeros"))
    headed = laws_of("googlenet_recipe", "googlenet", auxiliary_heads=True)
    assert len(headed) == 58 + 2 * 3
    assert headed.count(("caffe_xavier", "zeros")) == 3  # the heads answer too


def test_the_tutorials_recipe_divides_the_fan_out_where_pooling_follows():
    found = laws_of("lenet_tutorial_recipe", "lenet")
    pooled = ("lenet_class_uniform", "zeros")  # of a pool area of 4
    assert found == [pooled] * 2 + [("glorot_uniform", "zeros")] * 3


def test_a_recipe_can_be_had_of_one_field_alone():
    found = laws_of("he_normal", bias_initializer="alexnet_recipe")
    assert found[:2] == [("he_normal", "zeros"), ("he_normal", "constant(value=1)")]
    found = laws_of("alexnet_recipe", readout_initializer="zeros")
    assert found[-1] == ("zeros", "zeros")
    assert found[-2] == ("normal(stddev=0.01)", "constant(value=1)")


def test_a_recipe_has_its_own_biases():
    with pytest.raises(ValueError) as refused:
        laws_of("alexnet_recipe", bias_initializer="ones")
    assert (
        "`initializer` = 'alexnet_recipe' has biases of its own, got `bias_initializer` = 'ones': "
        "leave it out"
    ) in str(refused.value)


def test_other_laws_are_the_same_in_every_layer():
    assert set(laws_of("he_normal", bias_initializer="ones")) == {("he_normal", "ones")}
