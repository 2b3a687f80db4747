"""What a law of a specification is: a name with its numbers, and the text that stands for it."""

import math
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

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


class PartsLaw(Law):
    """A law of the experiment's own `parts.py`, identified by that file's digest."""

    parts_sha256: str
    factory_arguments: tuple[tuple[str, bool | int | float | str], ...] = ()

    def arguments(self) -> dict[str, Any]:
        """Returns the keyword arguments of the author's factory."""
        return dict(self.factory_arguments)


def plain_argument(key: str, value: Any) -> Any:
    """Returns an argument of an author's law; a whole float is the integer that equals it."""
    finite = not isinstance(value, float) or math.isfinite(value)
    if not isinstance(value, bool | int | float | str) or not finite:
        raise ValueError(f"`{key}` must be a finite number, text, true or false, got {value!r}")
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return int(value) if whole else value
