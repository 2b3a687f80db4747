"""What a specification can name is what the lab can build, and what the data hold."""

import inspect
import math

import pytest

from initlab.activations import ACTIVATIONS
from initlab.data import DATASETS as SETS
from initlab.data import load, split_validation
from initlab.initializers import INITIALIZERS
from initlab.spec.datasets import DATASETS
from initlab.spec.laws import LAW_MODELS, LAW_NAMES, Constant, Normal, TiedHalves
from initlab.spec.nonlinearities import ACTIVATION_NAMES
from initlab.spec.schema import RunSpec
from tests.image_sets import ALL_SETS, SMALL_SETS


def law(**fields):
    return RunSpec.model_validate({"initializer": fields}).initializer


def test_laws_of_the_specification_are_those_of_the_lab():
    assert sorted(LAW_NAMES) == sorted(INITIALIZERS)


def test_nonlinearities_of_the_specification_are_those_of_the_lab():
    assert ACTIVATION_NAMES == tuple(ACTIVATIONS)


@pytest.mark.parametrize("name", LAW_NAMES)
def test_fields_of_a_law_are_the_arguments_of_its_factory(name):
    (model,) = [one for one in LAW_MODELS if name in one.model_fields["name"].annotation.__args__]
    fields = {key: field for key, field in model.model_fields.items() if key != "name"}
    arguments = inspect.signature(INITIALIZERS[name]).parameters
    assert set(fields) == set(arguments)
    for key, field in fields.items():
        default = arguments[key].default
        if default is not inspect.Parameter.empty:
            assert field.is_required() or field.default == default


@pytest.mark.parametrize("name", ALL_SETS)
def test_sizes_of_the_data_sets_are_those_of_the_data(name):
    images, size = load(name), DATASETS[name]
    assert images.train_images.shape == (size.train, *size.image_shape)
    assert images.test_images.shape == (size.test, *size.image_shape)
    assert len(images.class_names) == size.classes
    assert images.max_value == size.max_value


def test_every_data_set_has_its_sizes():
    assert list(DATASETS) == list(SETS)


@pytest.mark.parametrize("name", SMALL_SETS)
@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.25, 1 / 3, 0.9])
def test_the_largest_batch_is_the_training_part_that_validation_leaves(name, fraction):
    training = len(split_validation(load(name), fraction)[0])
    fields = {"dataset": name, "validation_fraction": fraction}
    assert RunSpec.model_validate(fields | {"batch_size": training}).batch_size == training
    with pytest.raises(ValueError, match=f"is more than the {training} training images"):
        RunSpec.model_validate(fields | {"batch_size": training + 1})


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"name": "he_normal"}, "he_normal"),
        ({"name": "normal", "stddev": 0.01}, "normal(stddev=0.01)"),
        ({"name": "normal", "stddev": 1, "mean": 0.0}, "normal(stddev=1)"),
        ({"name": "normal", "stddev": 1e-7, "mean": 0.05}, "normal(stddev=1e-07, mean=0.05)"),
        ({"name": "orthogonal", "gain": 1.0}, "orthogonal"),
        ({"name": "orthogonal", "gain": math.sqrt(2)}, "orthogonal(gain=1.4142135623730951)"),
        (
            {"name": "tied_halves", "weight_variance": 2, "tie": "units"},
            "tied_halves(weight_variance=2, tie=units)",
        ),
    ],
)
def test_a_label_is_the_law_as_text(fields, label):
    assert law(**fields).label == label


def test_laws_that_differ_in_the_last_digit_have_two_labels():
    assert law(name="constant", value=0.1).label != law(name="constant", value=0.1 + 1e-16).label


def test_a_law_gives_its_factory_the_numbers_and_not_the_name():
    assert Normal(name="normal", stddev=0.5).arguments() == {"stddev": 0.5, "mean": 0.0}
    tied = TiedHalves(name="tied_halves", weight_variance=1.0)
    assert tied.arguments() == {"weight_variance": 1.0, "tie": "both"}
    assert math.copysign(1, Constant(name="constant", value=-0.0).value) == 1
