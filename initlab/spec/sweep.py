"""A sweep: the finite, ordered, declared set of runs that answers a question."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from initlab.errors import SpecError
from initlab.spec.form import AXIS_FIELDS, MAX_RUNS, SweepFile, alone, faults
from initlab.spec.parts import LawContext, Parts
from initlab.spec.problems import sentences, shown
from initlab.spec.schema import OPTIMIZER_FIELDS, RunSpec

MAX_PROBLEMS = 20
__all__ = ["AXIS_FIELDS", "MAX_RUNS", "Sweep", "SweepFile", "parse_sweep"]


@dataclass(frozen=True)
class Exclusion:
    """What one `[[exclude]]` left out: its fields as text, and how many declared runs they fit."""

    fields: str
    runs: int


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
    excluded: tuple[Exclusion, ...] = ()

    def __len__(self) -> int:
        """The number of runs."""
        return len(self.runs)

    @property
    def trials(self) -> int:
        """The number of trials: of runs, seeds not counted."""
        return len({run.trial_id for run in self.runs})


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
    context = LawContext(parts=parts)
    if problems := faults(content, source, context):
        raise SpecError(tuple(problems))
    form = SweepFile.model_validate(content)
    runs, excluded = _runs(form, source, context)
    return Sweep(name, form.question, runs, text, folder, parts, _varied(form), excluded)


def _trials(form: SweepFile) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the fields of each declared trial, with the path that declares it."""
    axes: list[list[dict[str, Any]]] = [
        [{name: value} for value in values] for name, values in form.axes.items()
    ]
    axes += [
        [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
        for table in form.zip
    ]
    if form.has_grid:
        path = "axes" if form.axes else "zip" if form.zip else "base"
        for point in itertools.product(*axes):
            yield path, {name: value for part in point for name, value in part.items()}
    for index, case in enumerate(form.cases):
        yield f"cases[{index}]", case


def _runs(
    form: SweepFile, source: str, context: LawContext
) -> tuple[tuple[RunSpec, ...], tuple[Exclusion, ...]]:
    """Builds every run, leaves out and counts the excluded ones, and refuses duplicates."""
    runs: dict[str, RunSpec] = {}
    declared: dict[str, str] = {}
    problems: dict[str, None] = {}
    patterns = [_resolved(pattern, context) for pattern in form.exclude]
    left_out = [0] * len(patterns)
    for path, fields in _trials(form):
        if len(problems) >= MAX_PROBLEMS:
            problems[f"{source}: {path}: the trials after these were not looked at."] = None
            break
        given = form.base | fields | {"measure": form.measure}
        try:
            trial = [
                RunSpec.model_validate(given | {"seed": seed}, context=context)
                for seed in form.seed_list
            ]
        except ValidationError as error:
            if fits := _fitting(_resolved(form.base | fields, context), patterns):
                _count(left_out, fits, len(form.seed_list))
            else:
                problems |= dict.fromkeys(sentences(error, f"{source}: {path}", RunSpec))
            continue
        first = trial[0]
        if fits := _fitting(dict(first), patterns):
            _count(left_out, fits, len(trial))
            continue
        if first.trial_id in declared:
            problems[_twice(f"{source}: {path}", declared[first.trial_id], first, fields)] = None
        declared.setdefault(first.trial_id, path)
        runs |= {run.run_id: run for run in trial}
    if not runs and not problems:
        problems[f"{source}: exclude: leaves no run at all."] = None
    if problems:
        raise SpecError(tuple(problems))
    texts = [_listed(pattern) for pattern in form.exclude]
    return tuple(runs.values()), tuple(map(Exclusion, texts, left_out))


def _twice(where: str, first: str, run: RunSpec, fields: Mapping[str, Any]) -> str:
    """Returns the sentence for a trial that was declared before."""
    each = _listed(fields)
    read = OPTIMIZER_FIELDS[run.optimizer]
    unread = [
        name
        for names in OPTIMIZER_FIELDS.values()
        for name in names
        if name in fields and name not in read
    ]
    why = f" The optimizer `{run.optimizer}` does not read {', '.join(unread)}." if unread else ""
    place = "" if first == where.rpartition(": ")[2] else f", first in `{first}`"
    return f"{where}: declares the same trial twice{place}: {each or 'the base'}.{why}"


def _listed(fields: Mapping[str, Any]) -> str:
    """Returns a table's fields as text."""
    return ", ".join(f"{name} = {shown(value)}" for name, value in fields.items())


def _resolved(fields: Mapping[str, Any], context: LawContext) -> dict[str, Any]:
    """Returns a table of fields with its values as a run has them."""
    return {
        name: getattr(alone(name).model_validate({name: value}, context=context), name)
        for name, value in fields.items()
    }


def _fitting(values: Mapping[str, Any], patterns: Sequence[Mapping[str, Any]]) -> list[int]:
    """Returns which patterns fit the values; a field not given has its default."""
    defaults = RunSpec.model_fields
    return [
        index
        for index, pattern in enumerate(patterns)
        if all(
            values.get(name, defaults[name].default) == wanted for name, wanted in pattern.items()
        )
    ]


def _count(left_out: list[int], fits: Sequence[int], runs: int) -> None:
    """Adds a trial's runs to what each pattern that fits it left out."""
    for index in fits:
        left_out[index] += runs


def _varied(form: SweepFile) -> tuple[str, ...]:
    """Returns the fields that the sweep varies, in declared order."""
    tables = (form.axes, *form.zip, *form.cases)
    return tuple(dict.fromkeys(name for table in tables for name in table))
