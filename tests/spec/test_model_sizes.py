"""What is told of each model before any run, and which images are refused."""

import pytest

from initlab.errors import SpecError
from initlab.spec.model_sizes import model_sizes, require_fitting_images
from initlab.spec.schema import RunSpec


def run(**fields):
    return RunSpec.model_validate({"dataset": "fashion"} | fields)


def test_a_model_is_told_once_whatever_else_its_runs_differ_in():
    runs = [
        run(model=model, width=width, initializer=law)
        for model in ("mlp", "lenet")
        for width in (6, 8)
        for law in ("zeros", "he_normal")
    ]
    found = [(one.model, one.recipe.width) for one in model_sizes([*runs, runs[0]])]
    assert found == [("mlp", 6), ("mlp", 8), ("lenet", 6), ("lenet", 8)]


def test_a_paper_is_counted_whatever_the_data_set():
    (of_fashion,) = model_sizes([run(model="resnet18", scale="paper")])
    (of_digits,) = model_sizes([run(model="resnet18", scale="paper", dataset="digits")])
    assert of_fashion == of_digits
    told = of_fashion.as_json()
    assert (told["model"], told["scale"], told["parameters"]) == ("resnet18", "paper", 11_694_312)
    assert told["layers"][0] == {
        "name": "conv_1",
        "kind": "conv",
        "output_shape": [112, 112, 64],
        "receptive_field": [7, 7],
        "kernel_shape": [7, 7, 3, 64],
        "parameters": 7 * 7 * 3 * 64 + 64,
        "activation_bytes": 4 * 112 * 112 * 64,
        "exact_places": [112.5, 112.5],
        "dropped": [1, 1],
    }
    assert sum(layer["parameters"] for layer in told["layers"]) == told["parameters"]
    assert sum(layer["activation_bytes"] for layer in told["layers"]) == told["activation_bytes"]


def test_images_that_are_not_the_papers_are_refused():
    require_fitting_images([run(model="lenet"), run(model="vgg16")])
    with pytest.raises(SpecError) as refused:
        require_fitting_images([run(model="lenet", scale="paper", seed=seed) for seed in (0, 1)])
    assert refused.value.problems == (
        "'lenet' at `scale` = \"paper\" takes 32x32x1 images of 10 classes; `dataset` = 'fashion' "
        'has 28x28x1 images of 10 classes. Plan it, or run it with `scale` = "small".',
    )
