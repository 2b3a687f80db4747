"""The form of `sweep.toml`: its tables, and what can be wrong with them before any run is built."""

import functools
import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    create_model,
)

from initlab.spec.measure import Measure
from initlab.spec.parts import LawContext
from initlab.spec.problems import branch, either, sentences, unknown_field
from initlab.spec.schema import RunSpec

MAX_RUNS = 100_000
Values = Annotated[list[Any], Field(min_length=1)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
Fields = Annotated[dict[str, Any], Field(min_length=1)]
Lists = Annotated[dict[str, Values], Field(min_length=1)]
AXIS_FIELDS = tuple(name for name in RunSpec.model_fields if name not in ("seed", "measure"))


def _number_or_list(value: Any) -> str:
    """Returns which branch of `seeds` reads a value."""
    return branch("List" if isinstance(value, list) else "Number")


class SweepFile(BaseModel):
    """The form of `sweep.toml`; the values of fields are checked one by one afterwards."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
    question: Annotated[str, Field(min_length=1, max_length=500)]
    seeds: Annotated[
        Annotated[int, Field(ge=1, le=MAX_RUNS), Tag(branch("Number"))]
        | Annotated[list[Seed], Field(min_length=1), Tag(branch("List"))],
        Discriminator(_number_or_list),
        either("a number of seeds or a list of them", int, list),
    ] = 5
    base: dict[str, Any] = {}
    axes: Lists = {}
    zip: list[Lists] = []
    grids: list[Lists] = []
    cases: list[dict[str, Any]] = []
    exclude: list[Fields] = []
    measure: Measure = Measure()

    @property
    def seed_list(self) -> list[int]:
        """The seeds: 0 .. n-1 for a number."""
        return list(range(self.seeds)) if isinstance(self.seeds, int) else self.seeds

    @property
    def has_grid(self) -> bool:
        """Whether there is a product of axes; a form with grids or cases alone has none."""
        return bool(self.axes or self.zip or not (self.grids or self.cases))


class Table(NamedTuple):
    """One table of fields: where it stands, what it holds, and whether its values are lists."""

    path: str
    fields: Mapping[str, Any]
    listed: bool


def tables(form: SweepFile) -> Iterator[Table]:
    """Yields each table of fields in the order of the form."""
    yield Table("base", form.base, False)
    yield Table("axes", form.axes, True)
    yield from (Table(f"zip[{i}]", table, True) for i, table in enumerate(form.zip))
    yield from (Table(f"grids[{i}]", table, True) for i, table in enumerate(form.grids))
    yield from (Table(f"cases[{i}]", table, False) for i, table in enumerate(form.cases))
    yield from (Table(f"exclude[{i}]", table, False) for i, table in enumerate(form.exclude))


def faults(content: Mapping[str, Any], source: str, context: LawContext) -> list[str]:
    """Returns a sentence for each fault of the tables of a `sweep.toml`.

    Args:
        content: what the TOML reader returned.
        source: how messages name the file.
        context: the author's own laws.
    """
    found: list[str] = []
    try:
        form = SweepFile.model_validate(content)
    except ValidationError as error:
        found = [_with_place(one) for one in sentences(error, f"{source}:", SweepFile)]
        form, _ = whole(content)
    count = number_of_runs(form)
    if count > MAX_RUNS:
        return [*found, f"{source}: declares {count:,} runs; at most {MAX_RUNS:,} are accepted."]
    found += _faults_of_fields(form, source, context)
    return found + _clashes(form, source) + _duplicate_seeds(form, source)


def number_of_runs(form: SweepFile) -> int:
    """Returns how many runs the form declares, the excluded ones among them."""
    trials = len(form.cases)
    trials += sum(math.prod(map(len, grid.values())) for grid in form.grids)
    if form.has_grid:
        rows = (len(next(iter(table.values()))) for table in form.zip)
        trials += math.prod((*map(len, form.axes.values()), *rows))
    return trials * (form.seeds if isinstance(form.seeds, int) else len(form.seeds))


def whole(content: Mapping[str, Any]) -> tuple[SweepFile, list[tuple[int | str, ...]]]:
    """Returns the form with those entries alone that have the right shape, to check them too.

    The places of the others come with it.
    """
    try:
        return SweepFile.model_validate(content), []
    except ValidationError as error:
        misshapen = [fault["loc"] for fault in error.errors()]
    entries: dict[str, Any] = {"question": "?"}
    for name in filter(content.__contains__, SweepFile.model_fields):
        value = content[name]
        pieces = [{key: one} for key, one in value.items()] if isinstance(value, dict) else [value]
        for piece in pieces:
            kept = entries.get(name, {}) | piece if isinstance(piece, dict) else piece
            try:
                SweepFile.model_validate(entries | {name: kept})
            except ValidationError:
                continue
            entries[name] = kept
    return SweepFile.model_validate(entries), misshapen


def _with_place(sentence: str) -> str:
    """Tells, of a field that stands outside every table, where it belongs."""
    where, colon, _ = sentence.partition(": unknown field.")
    name = where.rpartition(": ")[2]
    if not colon or name not in AXIS_FIELDS:
        return sentence
    return f"{where}: belongs in a table: [base], [axes] or [[cases]]."


def _faults_of_fields(form: SweepFile, source: str, context: LawContext) -> list[str]:
    """Checks every value against its own field, and every name against the known fields."""
    problems: list[str] = []
    for path, table, listed in tables(form):
        for name, value in table.items():
            where = f"{source}: {path}.{name}"
            if name not in AXIS_FIELDS:
                problems.append(_misplaced(where, name))
                continue
            for index, one in enumerate(value if listed else [value]):
                try:
                    alone(name).model_validate({name: one}, context=context)
                except ValidationError as error:
                    at = f"{where}[{index}]" if listed else where
                    problems += sentences(error, at, alone(name), inside=True)
    return problems


def _misplaced(where: str, name: str) -> str:
    """Returns the sentence for a name that is no field of a run."""
    if name in ("seed", "seeds"):
        return f"{where}: seeds are declared above all tables: seeds = 5, or seeds = [3, 14]."
    if name == "question" or name in SweepFile.model_fields:
        return f"{where}: belongs at the top of the file, not in a table of fields."
    return unknown_field(where, name, AXIS_FIELDS)


@functools.cache
def alone(name: str) -> type[BaseModel]:
    """Returns a model with this one field of a run, to validate its value apart from the others."""
    info = RunSpec.model_fields[name]
    fields: dict[str, Any] = {name: (info.annotation, info)}
    return create_model(f"Field_{name}", __config__=RunSpec.model_config, **fields)


def _clashes(form: SweepFile, source: str) -> list[str]:
    """Finds fields declared in two places, and zipped lists of unequal length."""
    problems = []
    owner: dict[str, str] = {}
    for path, table, _ in tables(form):
        for name in () if path.startswith(("grids", "cases", "exclude")) else table:
            if name in owner:
                both = f"is also in `{owner[name]}`; keep one of the two"
                problems.append(f"{source}: {path}.{name}: {both}.")
            owner.setdefault(name, path)
    for index, table in enumerate(form.zip):
        lengths = {name: len(values) for name, values in table.items()}
        if len(set(lengths.values())) > 1:
            each = ", ".join(f"`{name}` has {length}" for name, length in lengths.items())
            problems.append(f"{source}: zip[{index}]: lists must be equally long: {each}.")
    return problems


def _duplicate_seeds(form: SweepFile, source: str) -> list[str]:
    """Finds seeds that are listed twice."""
    seeds = form.seeds if isinstance(form.seeds, list) else []
    first: dict[int, int] = {}
    return [
        f"{source}: seeds[{index}]: {seed} is also seeds[{first[seed]}]; keep one of the two."
        for index, seed in enumerate(seeds)
        if first.setdefault(seed, index) != index
    ]
