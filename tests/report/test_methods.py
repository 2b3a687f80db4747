"""How the runs were made, as a paper's methods section says it."""

from pathlib import Path

import pandas as pd
import pytest

from initlab.report.census import Census
from initlab.report.methods import methods
from initlab.report.provenance import Source
from initlab.spec.schema import RunSpec
from initlab.spec.sweep import parse_sweep
from tests.declared import declared

from .sample import CENSUS

SWEEPS = sorted((Path(__file__).parents[2] / "experiments").glob("*/*.toml"))


def table(sweep):
    """Returns the rows of `runs` that a sweep will have, as far as they are declared."""
    rows = [{"run_id": run.run_id, "trial_id": run.trial_id} | run.row() for run in sweep.runs]
    return pd.DataFrame(rows).assign(status="completed")


def paragraph(runs, census=CENSUS):
    source = Source("demo", "?", "", "", census, "", {"initlab": ("0.1.0",)}, ("cpu",))
    return " ".join(methods(source, runs))


def said(*, census=CENSUS, diverged=0, **content):
    sweep = parse_sweep({"question": "?"} | content, name="demo", source="demo")
    runs = table(sweep)
    runs.loc[runs.index < diverged, "status"] = "diverged"
    return paragraph(runs, census)


def test_every_value_of_a_varied_field_is_said():
    text = said(
        seeds=5,
        base={"width": 32, "steps": 50},
        axes={
            "depth": [20, 5],
            "activation": ["tanh", "relu"],
            "initializer": ["he_normal", {"name": "normal", "stddev": 0.01}],
        },
    )
    assert text.startswith(
        "We trained multilayer perceptrons of depths 5 and 20 and width 32 with relu and tanh. "
        "Images are those of digits (1,437 training and 360 test images), standardized by mean "
        "and deviation of the training part. 8 trials with n = 5 seeds each make 40 runs; a seed "
        "decides parameters and batches. Kernels were initialized by normal 0.01 and He normal. "
        "Biases were initialized by zeros. Each run took 50 steps of SGD with momentum 0.9 at "
        "learning rate 0.01, on batches of 128 images, minimizing the cross-entropy, in float32. "
        "What is not named here has the default of initlab's specification. "
        "Where a table does not say otherwise, intervals are 95 % Student t intervals"
    )
    assert text.endswith("Runs were made on cpu with initlab 0.1.0.")


@pytest.mark.parametrize(
    ("base", "sentence"),
    [
        (
            {"optimizer": "adam"},
            "steps of Adam of decays 0.9 and 0.999 and epsilon 1e-08 at learning rate 0.01, on",
        ),
        ({"momentum": 0.5}, "SGD with momentum 0.5"),
        ({"learning_rate_schedule": "cosine"}, "learning rate 0.01, cosine schedule, on"),
        ({"readout_initializer": "zeros"}, "by He normal, the readout by zeros. Biases"),
        ({"first_initializer": "orthogonal"}, "by He normal, the first layer by orthogonal. Bias"),
        (
            {"removed_layers": 1, "head_initializer": "zeros", "frozen_layers": 9},
            "the head by zeros. Biases",
        ),
        ({"removed_layers": 2, "frozen_layers": 3}, "Last layers that are a new head: 2."),
        ({"removed_layers": 2, "frozen_layers": 3}, "First layers kept as they begin: 3."),
        ({"head_learning_rate_multiplier": 10.0}, "Learning rate of the head multiplied by: 10."),
        ({"dropout": 0.25}, "Share of hidden activations dropped in training: 0.25."),
        ({"model": "convnet", "kernel_size": 5}, "Taps of a convolution along each axis: 5."),
        ({"model": "convnet", "padding": "valid", "depth": 3}, "Padding of convolutions: valid."),
        ({"model": "convnet", "first_window": 5}, "Taps of the first convolution along each a"),
        ({"model": "textbook", "dataset": "fashion", "pooling": "norm"}, "Pooling: norm."),
        (
            {"model": "textbook", "dataset": "fashion", "after_pooling": "nothing"},
            "After the first pooling: nothing.",
        ),
        ({"model": "resnet20", "residual": "zero_gamma"}, "Residual branches: zero gamma."),
        ({"matmul_precision": "highest"}, "Precision of matrix products: highest."),
        ({"probes": ["removals"]}, "Asked of trained networks besides: removals."),
        ({"weight_decay": 0.001}, "Weight decay: 0.001."),
        ({"gradient_clip": 2.0}, "Gradient norms clipped at: 2."),
        ({"validation_fraction": 0.25}, "held out for validation: 0.25."),
        ({"loss": "mse"}, "minimizing half the summed squared error"),
        ({"dataset": "fashion", "image_size": 14}, "reduced to 14 by 14 pixels"),
        (
            {"loss": "mse", "target": "number"},
            "minimizing half the squared error of one output, the number of the class, in",
        ),
        (
            {"dataset": "fashion", "classes": [3, 4]},
            "test images), of the classes 3, 4 alone (numbered from 0), standardized",
        ),
        ({"model": "resnet20", "dataset": "photo_patches"}, "We trained resnet20 of depth 20"),
        ({"model": "resnet20", "dataset": "photo_patches"}, "Normalization: batch."),
    ],
)
def test_a_choice_is_said(base, sentence):
    assert sentence in said(base=base)
    assert sentence not in said()


@pytest.mark.parametrize("path", SWEEPS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_field_that_an_experiment_varies_is_said(path):
    runs = table(declared(path))
    whole = paragraph(runs)
    varied = [name for name in RunSpec.model_fields if len(runs[name].unique()) > 1]
    for name in set(varied) - {"seed", "measure"}:
        # Were the field the same in all runs, the paragraph would be another. What one number is
        # trained on is told with its target.
        same = {name, "target"} if name == "loss" else {name}
        held = runs.assign(**{one: runs[one].iloc[0] for one in same})
        assert paragraph(held) != whole, name
    assert varied


def test_what_is_so_in_some_runs_is_said_so():
    readouts = {"readout_initializer": ["same", "zeros"]}
    assert "by He normal, in some runs the readout by zeros. Biases" in said(axes=readouts)
    sizes = {"dataset": "fashion", "depth": 3}
    assert "images), in some runs reduced to 14 by 14 pixels" in said(
        base=sizes, axes={"image_size": ["own", 14]}
    )
    assert "dropped in training: 0 and 0.5." in said(axes={"dropout": [0.0, 0.5]})
    assert "0.01, constant and cosine schedule, on" in said(
        axes={"learning_rate_schedule": ["constant", "cosine"]}
    )


def test_trials_beside_the_product_are_told_apart():
    text = said(
        axes={"depth": list(range(2, 12)), "activation": ["relu", "tanh"]},
        cases=[
            {"depth": 3, "inputs": "raw"},
            {"depth": 3, "bias_initializer": {"name": "constant", "value": 1.0}},
        ],
    )
    assert "mean and deviation of the training part, or in 1 trial apart as they are. 22" in text
    assert "Biases were initialized by zeros, in 1 trial by constant 1. Each" in text
    assert "apart" not in said(axes={"inputs": ["standardized", "raw"]})


def test_one_trial_and_one_run_are_told_in_the_singular():
    assert "1 trial with n = 5 seeds makes 5 runs; a seed" in said(seeds=5)
    assert "1 trial with n = 1 seed makes 1 run; a seed" in said(seeds=1)
    assert "2 trials with n = 1 seed each make 2 runs" in said(seeds=1, axes={"depth": [2, 3]})


def test_a_choice_not_made_is_not_said():
    text = said()
    assert not [
        word for word in ("ormalization", "decay", "clip", "warm", "branch") if word in text
    ]


def test_what_came_to_nothing_is_said():
    lost = Census(
        planned=9, completed=4, diverged=2, failed=1, missing=2, trials=2,
        seeds=(3, 3), failures=(),
    )  # fmt: skip
    text = said(census=lost, diverged=2, seeds=3, axes={"depth": [2, 3]})
    assert "Of the runs, 2 met a loss or gradient that is not finite" in text
    assert "3 more runs that the sweep declares gave no result." in text
    assert "diverged" not in said()


def test_no_run_makes_no_paragraph():
    source = Source("demo", "?", "", "", CENSUS, "", {}, ())
    assert methods(source, pd.DataFrame({"run_id": []})) == ()
