"""The laws that a specification can name, one typed model a law, without importing JAX."""

import math
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from initlab.spec.parts import Parts

Number = Annotated[float, Field(allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]


class Law(BaseModel):
    """A named law with its numbers; equal laws, and only those, have equal labels."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
    name: str

    def arguments(self) -> dict[str, Any]:
        """Returns the keyword arguments of the law's factory."""
        return self.model_dump(exclude={"name"})

    @property
    def label(self) -> str:
        """The law as text, for tables and legends: `he_normal`, `normal(stddev=0.01)`."""
        defaults = {name: field.default for name, field in type(self).model_fields.items()}
        shown = [
            f"{name}={value if isinstance(value, str) else format(value, '.12g')}"
            for name, value in self.arguments().items()
            if value != defaults.get(name)
        ]
        return f"{self.name}({', '.join(shown)})" if shown else self.name


class PlainLaw(Law):
    """A law without numbers of its own."""

    name: Literal[
        "zeros",
        "ones",
        "lecun_normal",
        "lecun_uniform",
        "glorot_normal",
        "glorot_uniform",
        "he_normal",
        "he_uniform",
        "lenet_uniform",
        "pytorch_default",
        "keras_default",
        "flax_default",
        "haiku_default",
    ]


class Constant(Law):
    """Every weight is `value`."""

    name: Literal["constant"]
    value: Number


class Normal(Law):
    """Gaussian of standard deviation `stddev` about `mean`, whatever the fans."""

    name: Literal["normal"]
    stddev: NotNegative
    mean: Number = 0.0


class TruncatedNormal(Law):
    """Gaussian cut at two standard deviations, not corrected for the cut."""

    name: Literal["truncated_normal"]
    stddev: NotNegative
    mean: Number = 0.0


class Uniform(Law):
    """Uniform between `low` and `high`."""

    name: Literal["uniform"]
    low: Number
    high: Number

    @model_validator(mode="after")
    def _ordered(self) -> "Uniform":
        if not self.low < self.high:
            raise ValueError(f"`low` must be below `high`, got {self.low} and {self.high}")
        return self


class FanInNormal(Law):
    """Gaussian of variance `weight_variance` divided by the fan-in."""

    name: Literal["fan_in_normal"]
    weight_variance: Positive


class TiedHalves(Law):
    """Gaussian whose second half of units, of inputs or of both repeats the first."""

    name: Literal["tied_halves"]
    weight_variance: Positive
    tie: Literal["inputs", "units", "both"] = "both"


class Gained(Law):
    """An orthogonal or identity matrix times `gain`."""

    name: Literal["orthogonal", "identity"]
    gain: Positive = 1.0


class PartsLaw(Law):
    """A law of the experiment's own `parts.py`, identified by that file's digest."""

    parts_sha256: str
    factory_arguments: tuple[tuple[str, bool | int | float | str], ...] = ()

    def arguments(self) -> dict[str, Any]:
        """Returns the keyword arguments of the author's factory."""
        return dict(self.factory_arguments)


LAW_MODELS: tuple[type[Law], ...] = (
    PlainLaw,
    Constant,
    Normal,
    TruncatedNormal,
    Uniform,
    FanInNormal,
    TiedHalves,
    Gained,
)
LAW_NAMES: tuple[str, ...] = tuple(
    name for model in LAW_MODELS for name in get_args(model.model_fields["name"].annotation)
)
ACTIVATION_NAMES: tuple[str, ...] = (
    "identity",
    "relu",
    "leaky_relu",
    "tanh",
    "sigmoid",
    "elu",
    "selu",
    "gelu",
    "gelu_tanh",
    "silu",
    "softplus",
    "softsign",
    "sin",
    "hard_tanh",
    "erf",
)


class ActivationLaw(Law):
    """A nonlinearity by name; one of `parts.py` carries that file's digest."""

    parts_sha256: str = ""

    def arguments(self) -> dict[str, Any]:
        """Returns nothing: a nonlinearity takes no numbers."""
        return {}


class LawContext(BaseModel):
    """What a validation may know besides the value: the experiment's own parts."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)
    parts: Parts | None = None


def parts_of(info: ValidationInfo) -> Parts | None:
    """Returns the parts that the validation was given, if any."""
    return info.context.parts if isinstance(info.context, LawContext) else None


def _as_activation(value: Any, info: ValidationInfo) -> Any:
    """Reads a name as a nonlinearity of the lab or of `parts.py`."""
    if not isinstance(value, str):
        return value
    parts = parts_of(info)
    if parts is not None and value in parts.activations:
        return ActivationLaw(name=value, parts_sha256=parts.sha256)
    if value not in ACTIVATION_NAMES:
        known = (*ACTIVATION_NAMES, *(parts.activations if parts else ()))
        raise PydanticCustomError("unknown_name", "unknown name", {"name": value, "known": known})
    return ActivationLaw(name=value)


def _as_law(value: Any, info: ValidationInfo) -> Any:
    """Reads a bare name as a law without numbers, and finds the names of `parts.py`."""
    table = {"name": value} if isinstance(value, str) else value
    parts = parts_of(info)
    name = table.get("name") if isinstance(table, dict) else None
    own = parts.initializers if parts else ()
    if isinstance(name, str) and name not in (*LAW_NAMES, *own):
        known = (*LAW_NAMES, *own)
        raise PydanticCustomError("unknown_name", "unknown name", {"name": name, "known": known})
    if parts is None or not isinstance(table, dict) or name not in own:
        return table
    given = {key: number for key, number in table.items() if key != "name"}
    for key, number in given.items():
        finite = not isinstance(number, float) or math.isfinite(number)
        if not isinstance(number, bool | int | float | str) or not finite:
            raise ValueError(f"`{key}` must be a finite number, a text or a truth value")
    arguments = tuple(sorted(given.items()))
    return PartsLaw(name=table["name"], parts_sha256=parts.sha256, factory_arguments=arguments)


def _tag(value: Any) -> str:
    """Returns which model of the union reads this value."""
    if isinstance(value, PartsLaw):
        return "parts"
    name = value.name if isinstance(value, Law) else None
    if isinstance(value, dict):
        name = value.get("name")
    for model in LAW_MODELS:
        if name in get_args(model.model_fields["name"].annotation):
            return model.__name__
    return "a name, or a table with a name"


ActivationField = Annotated[ActivationLaw, BeforeValidator(_as_activation)]
InitializerLaw = Annotated[
    Annotated[PlainLaw, Tag("PlainLaw")]
    | Annotated[Constant, Tag("Constant")]
    | Annotated[Normal, Tag("Normal")]
    | Annotated[TruncatedNormal, Tag("TruncatedNormal")]
    | Annotated[Uniform, Tag("Uniform")]
    | Annotated[FanInNormal, Tag("FanInNormal")]
    | Annotated[TiedHalves, Tag("TiedHalves")]
    | Annotated[Gained, Tag("Gained")]
    | Annotated[PartsLaw, Tag("parts")],
    Discriminator(_tag),
    BeforeValidator(_as_law),
]
