"""The laws that a specification can name, one typed model a law, without importing JAX."""

import math
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from initlab.spec.parts import parts_of
from initlab.spec.problems import branch, must_be, unknown

ONE_ZERO = AfterValidator(lambda value: value + 0.0)  # -0.0 and 0.0 are one number, with one id
Number = Annotated[float, Field(allow_inf_nan=False), ONE_ZERO]
NotNegative = Annotated[float, Field(ge=0.0, allow_inf_nan=False), ONE_ZERO]
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
            f"{name}={_as_text(value)}"
            for name, value in self.arguments().items()
            if value != defaults.get(name)
        ]
        return f"{self.name}({', '.join(shown)})" if shown else self.name


def _as_text(value: bool | int | float | str) -> str:
    """Returns a number as briefly as it can be written without becoming another one."""
    if isinstance(value, bool | str):
        return str(value)
    brief = format(value, ".12g")
    return brief if float(brief) == value else repr(value)


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


def _names(model: type[Law]) -> tuple[str, ...]:
    """Returns the names that a model of laws goes by."""
    return get_args(model.model_fields["name"].annotation)


LAW_NAMES: tuple[str, ...] = tuple(name for model in LAW_MODELS for name in _names(model))


def _as_law(value: Any, info: Any) -> Any:
    """Reads a bare name as a law without numbers, and finds the names of `parts.py`."""
    if isinstance(value, Law):
        return value
    table = {"name": value} if isinstance(value, str) else value
    parts = parts_of(info)
    own = parts.initializers if parts else ()
    name = table.get("name") if isinstance(table, dict) else None
    if not isinstance(name, str):
        raise must_be("a law's name, or a table with a `name`")
    if name in own and parts is not None:
        given = {key: number for key, number in table.items() if key != "name"}
        arguments = tuple(sorted((key, _plain(key, number)) for key, number in given.items()))
        return PartsLaw(name=name, parts_sha256=parts.sha256, factory_arguments=arguments)
    if name not in LAW_NAMES:
        same = ("same",) if info.field_name == "readout_initializer" else ()
        raise unknown(name, (*same, *LAW_NAMES, *own))
    return table


def _plain(key: str, value: Any) -> Any:
    """Returns an argument of an author's law; a whole float is the integer that equals it."""
    finite = not isinstance(value, float) or math.isfinite(value)
    if not isinstance(value, bool | int | float | str) or not finite:
        raise ValueError(f"`{key}` must be a finite number, text, true or false, got {value!r}")
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return int(value) if whole else value


def _tag(value: Any) -> str:
    """Returns which model of the union reads this value."""
    name = value["name"] if isinstance(value, dict) else value.name
    for model in LAW_MODELS:
        if not isinstance(value, PartsLaw) and name in _names(model):
            return branch(model.__name__)
    return branch("PartsLaw")


InitializerLaw = Annotated[
    Annotated[PlainLaw, Tag(branch("PlainLaw"))]
    | Annotated[Constant, Tag(branch("Constant"))]
    | Annotated[Normal, Tag(branch("Normal"))]
    | Annotated[TruncatedNormal, Tag(branch("TruncatedNormal"))]
    | Annotated[Uniform, Tag(branch("Uniform"))]
    | Annotated[FanInNormal, Tag(branch("FanInNormal"))]
    | Annotated[TiedHalves, Tag(branch("TiedHalves"))]
    | Annotated[Gained, Tag(branch("Gained"))]
    | Annotated[PartsLaw, Tag(branch("PartsLaw"))],
    Discriminator(_tag),
    BeforeValidator(_as_law),
]
