"""Augmentation in a sweep: what is accepted, what it does to ids, and what is told of mistakes."""

import re
from pathlib import Path
from typing import get_args

import pytest

from initlab.spec.augmentation import AUGMENTATION_MODELS, AUGMENTATION_NAMES
from initlab.spec.plan import signature
from initlab.spec.schema import RunSpec

DOCUMENT = (
    (Path(__file__).parents[2] / "docs" / "data.md").read_text().partition("## Augmentation")[2]
)
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", DOCUMENT, re.MULTILINE))


def run(*named, **fields):
    return RunSpec.model_validate({"augmentation": named, **fields})


def test_changes_are_named_alone_or_with_numbers(load):
    text = (
        '[axes]\naugmentation = [[], ["flip"], ["flip", { name = "crop", padding = 2 }], '
        '[{ name = "crop", padding = 2 }, "flip"]]\n'
    )
    runs = load(text, seeds=1).runs
    labels = [one.row()["augmentation"] for one in runs]
    assert labels == [None, "flip", "flip, crop(padding=2)", "crop(padding=2), flip"]
    assert len({one.run_id for one in runs}) == 4  # the order counts
    assert len({signature(one) for one in runs}) == 4


def test_none_is_no_field():
    assert "augmentation" not in RunSpec().canonical
    assert run().run_id == RunSpec().run_id
    assert run({"name": "flip", "probability": 0.5}).run_id == run("flip").run_id


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('["flop"]', "[0]: unknown name 'flop'. Did you mean `flip`? Known: flip, crop, "),
        ('["color_jitter"]', "[0]: unknown name 'color_jitter'. Did you mean `colour_jitter`?"),
        ('"flip"', ": must be a list, got 'flip'."),
        ("[3]", "[0]: must be an augmentation's name, or a table with a `name`, got 3."),
        ('["flip", { name = "crop", pad = 2 }]', "[1].pad: unknown field."),
        ('[{ name = "crop", padding = 0 }]', "[0].padding: must be at least 1, got 0."),
        ('[{ name = "crop", padding = 1.5 }]', "[0].padding: must be a whole number, got 1.5."),
        ('[{ name = "crop", mode = "wrap" }]', "[0].mode: unknown name 'wrap'. Known: constant, "),
        ('[{ name = "flip", probability = 0 }]', "[0].probability: must be greater than 0"),
        ('[{ name = "rotation", degrees = 181 }]', "[0].degrees: must be at most 180"),
        ('[{ name = "colour_jitter", contrast = 1.1 }]', "[0].contrast: must be at most 1"),
    ],
)
def test_mistakes_are_told_with_what_is_accepted(problems, value, said):
    (told,) = problems(f"[base]\naugmentation = {value}\n")
    assert told.startswith(f"base.augmentation{said}")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            'augmentation = [{ name = "crop", padding = 8 }]',
            "`crop` has `padding` = 8, but images are 8x8: take less than 8",
        ),
        (
            'image_size = 2\naugmentation = ["translation"]',
            "`translation` has `pixels` = 2, but images are 2x2: take less than 2",
        ),
        (
            'augmentation = [{ name = "rotation", fill = 17 }]',
            "`rotation` has `fill` = 17, but the brightest pixel is 16",
        ),
        (
            'dataset = "fashion"\naugmentation = ["grayscale"]',
            "`grayscale` needs images in colour; these have one channel",
        ),
    ],
)
def test_changes_that_do_not_suit_the_images_are_told(problems, fields, said):
    assert problems(f"[base]\n{fields}\n") == [f"base: {said}."]


def test_a_set_in_colour_takes_them_all():
    named = ("flip", "crop", "translation", "rotation", "colour_jitter", "grayscale")
    assert [law.name for law in run(*named, dataset="photo_patches").augmentation] == list(named)


def test_the_document_lists_them_with_their_numbers():
    for model in AUGMENTATION_MODELS:
        (name,) = get_args(model.model_fields["name"].annotation)
        for key, field in model.model_fields.items():
            if key != "name":
                assert f"`{key}` ({field.default})" in ROWS[name]
    assert tuple(ROWS) == AUGMENTATION_NAMES
