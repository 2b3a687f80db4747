"""The random changes of images that a specification can name, one typed model a change."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Discriminator, Field, Tag

from initlab.spec.law import ONE_ZERO, Law
from initlab.spec.problems import branch, must_be, unknown

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
_BY_NAME = {get_args(one.model_fields["name"].annotation)[0]: one for one in AUGMENTATION_MODELS}
AUGMENTATION_NAMES: tuple[str, ...] = tuple(_BY_NAME)


def _as_augmentation(value: Any) -> Any:
    """Reads a bare name as a change with the numbers that it has by default."""
    if isinstance(value, Law):
        return value
    table = {"name": value} if isinstance(value, str) else value
    name = table.get("name") if isinstance(table, dict) else None
    if not isinstance(name, str):
        raise must_be("an augmentation's name, or a table with a `name`")
    if name not in AUGMENTATION_NAMES:
        raise unknown(name, AUGMENTATION_NAMES)
    return table


def _tag(value: Any) -> str:
    """Returns which model of the union reads this value."""
    return branch(_BY_NAME[value["name"] if isinstance(value, dict) else value.name].__name__)


AugmentationLaw = Annotated[
    Annotated[Flip, Tag(branch("Flip"))]
    | Annotated[Crop, Tag(branch("Crop"))]
    | Annotated[Translation, Tag(branch("Translation"))]
    | Annotated[Rotation, Tag(branch("Rotation"))]
    | Annotated[ColourJitter, Tag(branch("ColourJitter"))]
    | Annotated[Grayscale, Tag(branch("Grayscale"))],
    Discriminator(_tag),
    BeforeValidator(_as_augmentation),
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
