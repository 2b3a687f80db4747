"""How the runs were made, as a paper's methods section says it."""

import pandas as pd
import pytest

from initlab.report.census import Census
from initlab.report.methods import methods
from initlab.report.provenance import Source
from initlab.spec.sweep import parse_sweep

from .sample import CENSUS


def said(*, census=CENSUS, diverged=0, **content):
    sweep = parse_sweep({"question": "?"} | content, name="demo", source="demo")
    rows = [{"run_id": run.run_id, "trial_id": run.trial_id} | run.row() for run in sweep.runs]
    status = ["diverged"] * diverged + ["completed"] * (len(rows) - diverged)
    source = Source("demo", "?", "", "", census, "", {"initlab": ("0.1.0",)}, ("cpu",))
    return " ".join(methods(source, pd.DataFrame(rows).assign(status=status)))


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
        "Intervals are 95 % Student t intervals"
    )
    assert text.endswith("Runs were made on cpu with initlab 0.1.0.")


@pytest.mark.parametrize(
    ("base", "sentence"),
    [
        ({"optimizer": "adam"}, "steps of Adam at learning rate 0.01, on"),
        ({"momentum": 0.5}, "SGD with momentum 0.5"),
        ({"learning_rate_schedule": "cosine"}, "learning rate 0.01, cosine schedule, on"),
        ({"readout_initializer": "zeros"}, "in some runs the readout by zeros. Biases"),
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


def test_a_choice_not_made_is_not_said():
    text = said()
    assert not [
        word for word in ("ormalization", "decay", "clip", "warm", "branch") if word in text
    ]


def test_what_came_to_nothing_is_said():
    lost = Census(
        planned=9, completed=4, diverged=2, failed=1, missing=2, unplanned=0, trials=2,
        seeds=(3, 3), failures=(),
    )  # fmt: skip
    text = said(census=lost, diverged=2, seeds=3, axes={"depth": [2, 3]})
    assert "Of the runs, 2 met a loss or gradient that is not finite" in text
    assert "3 more runs that the sweep declares gave no result." in text
    assert "diverged" not in said()


def test_no_run_makes_no_paragraph():
    source = Source("demo", "?", "", "", CENSUS, "", {}, ())
    assert methods(source, pd.DataFrame({"run_id": []})) == ()
