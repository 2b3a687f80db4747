"""Some classes of a data set alone: what a sweep may ask for, and what a run is then."""

import numpy as np
import pytest

from initlab.data import load as load_images
from initlab.spec.datasets import DATASETS, SHIPPED
from initlab.spec.plan import signature
from initlab.spec.schema import RunSpec


@pytest.mark.parametrize("name", SHIPPED)
def test_sizes_of_parts_are_those_of_the_data(name):
    images, size = load_images(name), DATASETS[name]
    for label in range(size.classes):
        other = (label + 1) % size.classes
        part = size.of(tuple(sorted((label, other))))
        wanted = [np.isin(labels, (label, other)).sum() for labels in (
            images.train_labels, images.test_labels)]  # fmt: skip
        assert [part.train, part.test, part.classes] == [*wanted, 2]


@pytest.mark.parametrize("name", DATASETS)
def test_all_classes_together_are_the_whole(name):
    size = DATASETS[name]
    every = size.of(tuple(range(size.classes)))
    assert (every.train, every.test, every.classes) == (size.train, size.test, size.classes)


def test_a_sweep_may_vary_them(load):
    text = '[base]\ndataset = "fashion"\n[axes]\nclasses = ["all", [0, 1, 2, 5, 8], [3, 4]]\n'
    runs = load(text, seeds=1).runs
    assert [run.outputs for run in runs] == [10, 5, 2]
    assert [run.row()["classes"] for run in runs] == [None, "0+1+2+5+8", "3+4"]
    assert len({signature(run) for run in runs}) == 3
    assert "classes" not in runs[0].canonical


def test_all_of_them_by_number_are_the_run_without_the_field():
    assert RunSpec(classes=tuple(range(10))).run_id == RunSpec().run_id
    assert signature(RunSpec(classes=tuple(range(10)))) == signature(RunSpec())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "classes = [3, 12, 40]",
            "base: `classes` names 12, 40, and those of 'digits' are 0 to 9.",
        ),
        (
            "classes = [3]",
            "base.classes: must be a list of two classes or more that ascend, got [3].",
        ),
        (
            "classes = [5, 3]",
            "base.classes: must be a list of two classes or more that ascend, got [5, 3].",
        ),
        (
            "classes = [3, 3]",
            "base.classes: must be a list of two classes or more that ascend, got [3, 3].",
        ),
        ("classes = 3", 'base.classes: must be "all" or a list of classes, got 3.'),
        ('classes = "some"', "base.classes: unknown name 'some'. Known: all."),
        (
            "classes = [0, 1]\nbatch_size = 300",
            "base: `batch_size` = 300 is more than the 287 training images of 'digits'.",
        ),
        (
            'target = "number"',
            'base: `target` = "number" needs `loss` = "mse", got \'cross_entropy\'.',
        ),
    ],
)
def test_a_wrong_choice_is_told_with_what_is_accepted(problems, text, said):
    assert problems(f"[base]\n{text}\n") == [said]


def test_a_lacking_class_hides_no_other_fault(problems):
    (said,) = problems("[base]\nclasses = [3, 12]\nwarmup_steps = 200\n")
    assert "`classes` names 12" in said
    assert "`warmup_steps` = 200" in said


def test_the_number_of_a_class_is_one_output():
    run = RunSpec(loss="mse", target="number")
    assert run.outputs == 1
    assert signature(run) != signature(RunSpec(loss="mse"))
    assert "target" not in RunSpec(loss="mse", target="classes").canonical
