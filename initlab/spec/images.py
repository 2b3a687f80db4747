"""What a specification says of a data set's images: their size, and what is changed of them."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from initlab.spec.augmentation import AugmentationLaws, augmentation_faults
from initlab.spec.datasets import DATASETS, ImageSize, image_shape, image_sizes, not_a_divisor
from initlab.spec.measure import kind_of
from initlab.spec.problems import branch, either

MAX_IMAGE_SIZE = 1_024

ImageSizeField = Annotated[
    Annotated[Literal["own"], Tag(branch("Text"))]
    | Annotated[int, Field(ge=1, le=MAX_IMAGE_SIZE), Tag(branch("Number"))],
    Discriminator(kind_of),
    either('"own" or a whole number', str, int),
]


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
