"""What a specification says of measuring: when, what, and what is kept."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from initlab.spec.problems import branch, either

MAX_STEPS = 10_000_000
Keepable = Literal["histograms", "first_kernel", "checkpoint"]
Probe = Literal["shifts", "removals", "dropout", "linear"]
Ordered = AfterValidator(lambda values: tuple(sorted(set(values))))


def kind_of(value: Any) -> str:
    """Returns which branch of a union reads a value: text, a table, a list or a number."""
    if isinstance(value, str):
        return branch("Text")
    if isinstance(value, dict | BaseModel):
        return branch("Every")
    return branch("List" if isinstance(value, list | tuple) else "Number")


class Every(BaseModel):
    """A regular measuring schedule: every so many steps."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
    every: Annotated[int, Field(ge=1)]


Steps = Annotated[
    tuple[Annotated[int, Field(ge=0, le=MAX_STEPS)], ...], Field(strict=False), Ordered
]


class Measure(BaseModel):
    """When to measure, what, and which arrays to keep beside the tables."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
    steps: Annotated[
        Annotated[Literal["log", "every"], Tag(branch("Text"))]
        | Annotated[Every, Tag(branch("Every"))]
        | Annotated[Steps, Tag(branch("List"))],
        Discriminator(kind_of),
        either('"log", "every", { every = n } or a list of steps', str, dict, list, tuple, Every),
    ] = "log"
    spectral_steps: Annotated[int, Field(ge=0, le=10_000)] = 4
    statistics: Literal["all", "moments"] = "all"
    keep: Annotated[tuple[Keepable, ...], Field(strict=False), Ordered] = ()
