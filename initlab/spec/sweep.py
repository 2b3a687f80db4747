"""A sweep: the finite, ordered, declared set of runs that answers a question."""

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from initlab.errors import SpecError
from initlab.spec.laws import LawContext
from initlab.spec.parts import Parts
from initlab.spec.problems import did_you_mean, sentences
from initlab.spec.schema import Measure, RunSpec

MAX_RUNS = 100_000
Values = Annotated[list[Any], Field(min_length=1)]
AXIS_FIELDS = tuple(name for name in RunSpec.model_fields if name not in ("seed", "measure"))


class SweepFile(BaseModel):
    """The form of `sweep.toml`; the values of fields are checked one by one afterwards."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
    question: Annotated[str, Field(min_length=1, max_length=500)]
    seeds: (
        Annotated[int, Field(ge=1, le=MAX_RUNS)]
        | Annotated[list[Annotated[int, Field(ge=0, lt=2**32)]], Field(min_length=1)]
    ) = 5
    base: dict[str, Any] = {}
    axes: dict[str, Values] = {}
    zip: list[dict[str, Values]] = []
    cases: list[dict[str, Any]] = []
    exclude: list[dict[str, Any]] = []
    measure: Measure = Measure()


@dataclass(frozen=True)
class Sweep:
    """A validated sweep: its name, its question and its runs in declared order."""

    name: str
    question: str
    runs: tuple[RunSpec, ...]
    text: str
    folder: Path | None = None
    parts: Parts | None = None
    axes: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        """The number of runs."""
        return len(self.runs)


def parse_sweep(
    content: Mapping[str, Any],
    *,
    name: str,
    source: str,
    text: str = "",
    folder: Path | None = None,
    parts: Parts | None = None,
) -> Sweep:
    """Returns the sweep that `content`, the tables of a `sweep.toml`, declares.

    Args:
        content: what the TOML reader returned.
        name: the experiment's name.
        source: how messages name the file.
        text: the file as it stands, kept beside the results.
        folder: the experiment's folder.
        parts: the author's own laws, where there are any.

    Raises:
        SpecError: with every fault that was found, each with its path.
    """
    try:
        form = SweepFile.model_validate(content)
    except ValidationError as error:
        raise SpecError(tuple(sentences(error, source, tuple(SweepFile.model_fields)))) from error
    context = LawContext(parts=parts)
    problems = _faults_of_fields(form, source, context) + _clashes(form, source)
    if problems:
        raise SpecError(tuple(problems))
    _refuse_too_many(form, source)
    runs = _runs(form, source, context)
    return Sweep(name, form.question, runs, text, folder, parts, _varied(form))


def _tables(form: SweepFile) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Yields each table of fields with its path, and whether its values are lists."""
    yield "base", form.base, False
    yield "axes", form.axes, True
    for index, table in enumerate(form.zip):
        yield f"zip[{index}]", table, True
    for index, table in enumerate(form.cases):
        yield f"cases[{index}]", table, False
    for index, table in enumerate(form.exclude):
        yield f"exclude[{index}]", table, False


def _faults_of_fields(form: SweepFile, source: str, context: LawContext) -> list[str]:
    """Checks every value against its own field, and every name against the known fields."""
    problems: list[str] = []
    for path, table, listed in _tables(form):
        for name, value in table.items():
            where = f"{source}: {path}.{name}"
            if name not in AXIS_FIELDS:
                hint = did_you_mean(name, AXIS_FIELDS)
                problems.append(f"{where}: unknown field.{hint} Known: {', '.join(AXIS_FIELDS)}.")
                continue
            for index, one in enumerate(value if listed else [value]):
                try:
                    _alone(name).model_validate({name: one}, context=context)
                except ValidationError as error:
                    at = f"{where}[{index}]" if listed else where
                    problems += sentences(error, at, inside=True)
    return problems


@functools.cache
def _alone(name: str) -> type[BaseModel]:
    """Returns a model with this one field of a run, to validate its value apart from the others."""
    info = RunSpec.model_fields[name]
    fields: dict[str, Any] = {name: (info.annotation, info)}
    return create_model(f"Field_{name}", __config__=RunSpec.model_config, **fields)


def _clashes(form: SweepFile, source: str) -> list[str]:
    """Finds fields declared in two places, and zipped lists of unequal length."""
    problems = []
    owner: dict[str, str] = {}
    for path, table, _ in _tables(form):
        if path.startswith(("cases", "exclude")):
            continue
        for name in table:
            if name in owner:
                problems.append(
                    f"{source}: {path}.{name}: is also in `{owner[name]}`; keep one of the two."
                )
            owner[name] = path
    for index, table in enumerate(form.zip):
        lengths = {name: len(values) for name, values in table.items()}
        if len(set(lengths.values())) > 1:
            shown = ", ".join(f"{name} has {length}" for name, length in lengths.items())
            problems.append(f"{source}: zip[{index}]: lists must be equally long: {shown}.")
    return problems


def _seeds(form: SweepFile) -> list[int]:
    """Returns the seeds: 0 .. n-1 for a number."""
    return list(range(form.seeds)) if isinstance(form.seeds, int) else form.seeds


def _refuse_too_many(form: SweepFile, source: str) -> None:
    """Counts before anything is built."""
    trials = len(form.cases)
    if form.axes or form.zip or not form.cases:
        product = 1
        for values in form.axes.values():
            product *= len(values)
        for table in form.zip:
            product *= len(next(iter(table.values()), [None]))
        trials += product
    count = trials * len(_seeds(form)) if isinstance(form.seeds, list) else trials * form.seeds
    if count > MAX_RUNS:
        raise SpecError((f"{source}: declares {count:,} runs; at most {MAX_RUNS:,} are accepted.",))


def _trials(form: SweepFile) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the fields of each declared trial, with the path that declares it."""
    axes: list[list[dict[str, Any]]] = [
        [{name: value} for value in values] for name, values in form.axes.items()
    ]
    axes += [
        [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
        for table in form.zip
    ]
    if axes or not form.cases:
        for point in itertools.product(*axes):
            yield "axes", {name: value for part in point for name, value in part.items()}
    for index, case in enumerate(form.cases):
        yield f"cases[{index}]", case


def _runs(form: SweepFile, source: str, context: LawContext) -> tuple[RunSpec, ...]:
    """Builds every run, leaves out the excluded ones, and refuses duplicates."""
    runs: dict[str, RunSpec] = {}
    problems: dict[str, None] = {}
    for path, fields in _trials(form):
        given = form.base | fields
        if any(_matches(given, pattern) for pattern in form.exclude):
            continue
        for seed in _seeds(form):
            try:
                run = RunSpec.model_validate(
                    given | {"seed": seed, "measure": form.measure}, context=context
                )
            except ValidationError as error:
                problems |= dict.fromkeys(sentences(error, f"{source}: {path}"))
                break
            if run.run_id in runs:
                shown = ", ".join(f"{name} = {value!r}" for name, value in fields.items())
                problems[
                    f"{source}: {path}: declares the same run twice: {shown}, seed {seed}."
                ] = None
            runs[run.run_id] = run
    if not runs and not problems:
        problems[f"{source}: exclude: leaves no run at all."] = None
    if problems:
        raise SpecError(tuple(problems))
    return tuple(runs.values())


def _matches(fields: Mapping[str, Any], pattern: Mapping[str, Any]) -> bool:
    """Tells whether every field of `pattern` has that value; a field not given has its default."""
    defaults = RunSpec.model_fields
    for name, wanted in pattern.items():
        value = fields.get(name, defaults[name].default)
        label = getattr(value, "label", value)
        if value != wanted and label != wanted:
            return False
    return True


def _varied(form: SweepFile) -> tuple[str, ...]:
    """Returns the fields that the sweep varies, in declared order."""
    tables = (form.axes, *form.zip, *form.cases)
    return tuple(dict.fromkeys(name for table in tables for name in table))
