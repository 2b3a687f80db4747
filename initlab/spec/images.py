"""What a specification says of a data set's images: which, their size, what is changed of them."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from initlab.spec.augmentation import AugmentationLaws, augmentation_faults
from initlab.spec.datasets import (
    DATASETS,
    Classes,
    ImageSize,
    image_shape,
    image_sizes,
    not_a_divisor,
)
from initlab.spec.measure import kind_of
from initlab.spec.problems import branch, either, must_be

MAX_IMAGE_SIZE = 1_024

ImageSizeField = Annotated[
    Annotated[Literal["own"], Tag(branch("Text"))]
    | Annotated[int, Field(ge=1, le=MAX_IMAGE_SIZE), Tag(branch("Number"))],
    Discriminator(kind_of),
    either('"own" or a whole number', str, int),
]


def _ascending(classes: tuple[int, ...]) -> tuple[int, ...]:
    """Returns two classes or more that ascend: there is but one way to name a choice."""
    if len(classes) < 2 or list(classes) != sorted(set(classes)):
        raise must_be("a list of two classes or more that ascend")
    return classes


ClassesField = Annotated[
    Annotated[Literal["all"], Tag(branch("Text"))]
    | Annotated[
        tuple[Annotated[int, Field(ge=0)], ...],
        Field(strict=False),
        AfterValidator(_ascending),
        Tag(branch("List")),
    ],
    Discriminator(kind_of),
    either('"all" or a list of classes', str, list, tuple),
]


def has_classes(dataset: str, classes: Classes) -> bool:
    """Tells whether a data set has the classes that are asked for."""
    return classes == "all" or max(classes) < DATASETS[dataset].classes


def class_faults(dataset: str, classes: Classes) -> Iterator[tuple[frozenset[str], str]]:
    """Yields which classes a data set lacks, and which fields ask for them."""
    if classes == "all" or has_classes(dataset, classes):
        return
    last = DATASETS[dataset].classes - 1
    lacking = ", ".join(str(label) for label in classes if label > last)
    yield (
        frozenset({"dataset", "classes"}),
        f"`classes` names {lacking}, and those of {dataset!r} are 0 to {last}",
    )


def has_size(dataset: str, image_size: ImageSize) -> bool:
    """Tells whether a data set's images can be given the size that is asked for."""
    return image_size == "own" or image_size in image_sizes(dataset)


def image_faults(
    dataset: str, image_size: ImageSize, augmentation: AugmentationLaws
) -> Iterator[tuple[frozenset[str], str]]:
    """Yields why images cannot be made smaller or changed as asked, and which fields say so."""
    if image_size != "own" and not has_size(dataset, image_size):
        yield frozenset({"dataset", "image_size"}), not_a_divisor(dataset, image_size)
        return
    shape = image_shape(dataset, image_size)
    for fault in augmentation_faults(augmentation, shape, DATASETS[dataset].max_value):
        yield frozenset({"augmentation", "dataset", "image_size"}), fault
