"""The random changes of images that a specification can name, one typed model a change."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from initlab.spec.law import ONE_ZERO, Law
from initlab.spec.named import named_laws
from initlab.spec.problems import branch

Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False), ONE_ZERO]
Probability = Annotated[float, Field(gt=0.0, le=1.0, allow_inf_nan=False)]
Distance = Annotated[int, Field(ge=1, le=512)]
Brightness = Annotated[int, Field(ge=0, le=255)]


class Flip(Law):
    """Mirrors an image left to right."""

    name: Literal["flip"]
    probability: Probability = 0.5


class Crop(Law):
    """Pads every side and cuts a window of the image's size out at a random place."""

    name: Literal["crop"]
    padding: Distance = 4
    mode: Literal["constant", "edge", "reflect"] = "constant"


class Translation(Law):
    """Moves an image by whole pixels, down and across."""

    name: Literal["translation"]
    pixels: Distance = 2
    fill: Brightness = 0


class Rotation(Law):
    """Turns an image about its middle."""

    name: Literal["rotation"]
    degrees: Annotated[float, Field(gt=0.0, le=180.0, allow_inf_nan=False)] = 15.0
    fill: Brightness = 0


class ColourJitter(Law):
    """Changes brightness, contrast and saturation by factors about 1."""

    name: Literal["colour_jitter"]
    brightness: Share = 0.2
    contrast: Share = 0.2
    saturation: Share = 0.2


class Grayscale(Law):
    """Takes the colour out of an image."""

    name: Literal["grayscale"]
    probability: Probability = 0.1


AUGMENTATION_MODELS: tuple[type[Law], ...] = (
    Flip,
    Crop,
    Translation,
    Rotation,
    ColourJitter,
    Grayscale,
)
_NAMED = named_laws(AUGMENTATION_MODELS, "an augmentation's name, or a table with a `name`")
AUGMENTATION_NAMES = _NAMED.names

AugmentationLaw = Annotated[
    Annotated[Flip, Tag(branch("Flip"))]
    | Annotated[Crop, Tag(branch("Crop"))]
    | Annotated[Translation, Tag(branch("Translation"))]
    | Annotated[Rotation, Tag(branch("Rotation"))]
    | Annotated[ColourJitter, Tag(branch("ColourJitter"))]
    | Annotated[Grayscale, Tag(branch("Grayscale"))],
    Discriminator(_NAMED.tag),
    BeforeValidator(_NAMED.read),
]
AugmentationLaws = Annotated[tuple[AugmentationLaw, ...], Field(strict=False)]


def augmentation_faults(
    laws: tuple[Law, ...], shape: tuple[int, int, int], max_value: int
) -> Iterator[str]:
    """Yields what is wrong with changes of images of this shape and brightness.

    Args:
        laws: as a specification has them.
        shape: height, width and channels of the images.
        max_value: their brightest possible value.
    """
    height, width, channels = shape
    side = min(height, width)
    for law in laws:
        for name, value in law.arguments().items():
            if name in ("padding", "pixels") and value >= side:
                yield (
                    f"`{law.name}` has `{name}` = {value}, but images are {height}x{width}: take "
                    f"less than {side}"
                )
            if name == "fill" and value > max_value:
                yield f"`{law.name}` has `fill` = {value}, but the brightest pixel is {max_value}"
        if isinstance(law, Grayscale) and channels == 1:
            yield "`grayscale` needs images in colour; these have one channel"
