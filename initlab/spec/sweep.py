"""A sweep: the finite, ordered, declared set of runs that answers a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from initlab.errors import SpecError
from initlab.spec.form import AXIS_FIELDS, MAX_RUNS, SweepFile, faults
from initlab.spec.partial import without_faults
from initlab.spec.parts import LawContext, Parts
from initlab.spec.pretrained import Pretrained
from initlab.spec.problems import sentences, shown
from initlab.spec.schema import OPTIMIZER_FIELDS, RunSpec
from initlab.spec.trials import completed, fitting, resolved, trials

MAX_PROBLEMS = 20
__all__ = ["AXIS_FIELDS", "MAX_RUNS", "Sweep", "SweepFile", "parse_sweep"]


@dataclass(frozen=True)
class Exclusion:
    """What one `[[exclude]]` left out: its fields as text, and how many declared runs they fit."""

    fields: str
    runs: int


@dataclass(frozen=True)
class Sweep:
    """A validated sweep: its name, its question and its runs in declared order.

    Attributes:
        unmet: what has to be there before it can be run and is not, a sentence each.
    """

    name: str
    question: str
    runs: tuple[RunSpec, ...]
    text: str
    folder: Path | None = None
    parts: Parts | None = None
    axes: tuple[str, ...] = field(default=())
    excluded: tuple[Exclusion, ...] = ()
    unmet: tuple[str, ...] = ()

    def __len__(self) -> int:
        """The number of runs."""
        return len(self.runs)

    @property
    def is_pretrained(self) -> bool:
        """Whether any run starts from a checkpoint."""
        return any(isinstance(run.initializer, Pretrained) for run in self.runs)

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
    earlier: Sequence[str] = (),
) -> Sweep:
    """Returns the sweep that `content`, the tables of a `sweep.toml`, declares.

    Args:
        content: what the TOML reader returned.
        name: the experiment's name.
        source: how messages name the file.
        text: the file as it stands, kept beside the results.
        folder: the experiment's folder.
        parts: the author's own laws, where there are any.
        earlier: faults that were found before, to be told with the others.

    Raises:
        SpecError: with every fault that was found, each with its path.
    """
    context = LawContext(parts=parts)
    if problems := [*earlier, *faults(content, source, context)]:
        raise SpecError((*problems, *_further(content, source, context)))
    form = SweepFile.model_validate(content)
    runs, excluded = _runs(form, source, context)
    if not runs:
        raise SpecError(f"{source}: exclude: leaves no run at all.")
    return Sweep(name, form.question, runs, text, folder, parts, _varied(form), excluded)


def _runs(
    form: SweepFile, source: str, context: LawContext
) -> tuple[tuple[RunSpec, ...], tuple[Exclusion, ...]]:
    """Builds every run, leaves out and counts the excluded ones, and refuses duplicates."""
    runs: dict[str, RunSpec] = {}
    declared: dict[str, str] = {}
    problems: dict[str, None] = {}
    patterns = [resolved(pattern, context) for pattern in form.exclude]
    left_out = [0] * len(patterns)
    for path, fields in trials(form):
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
            if fits := fitting(completed(resolved(form.base | fields, context)), patterns):
                _count(left_out, fits, len(form.seed_list))
            else:
                problems |= dict.fromkeys(sentences(error, f"{source}: {path}", RunSpec))
            continue
        first = trial[0]
        if fits := fitting(dict(first), patterns):
            _count(left_out, fits, len(trial))
            continue
        if first.trial_id in declared:
            problems[_twice(f"{source}: {path}", declared[first.trial_id], first, fields)] = None
        declared.setdefault(first.trial_id, path)
        runs |= {run.run_id: run for run in trial}
    if problems:
        raise SpecError(tuple(problems))
    texts = [_listed(pattern) for pattern in form.exclude]
    return tuple(runs.values()), tuple(map(Exclusion, texts, left_out))


def _further(content: Mapping[str, Any], source: str, context: LawContext) -> list[str]:
    """Returns what is wrong with whole trials of a form with faults, as far as that is certain.

    Where a field has no value left, nothing is said of what hangs on it.
    """
    found = without_faults(content, context)
    if found is None:
        return []
    form, lost = found
    if not lost:
        try:
            _runs(form, source, context)
        except SpecError as error:
            return list(error.problems)
        return []
    problems: dict[str, None] = {}
    patterns = [resolved(pattern, context) for pattern in form.exclude]
    for path, fields in trials(form):
        values = completed(resolved(form.base | fields, context))
        run = RunSpec.model_construct(**values, measure=form.measure)
        told = [text for names, text in run.disagreements() if not names & lost]
        if told and not fitting(values, patterns):
            problems[f"{source}: {path}: {'; '.join(told)}."] = None
        if len(problems) == MAX_PROBLEMS:
            break
    return list(problems)


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


def _count(left_out: list[int], fits: Sequence[int], runs: int) -> None:
    """Adds a trial's runs to what each pattern that fits it left out."""
    for index in fits:
        left_out[index] += runs


def _varied(form: SweepFile) -> tuple[str, ...]:
    """Returns the fields that the sweep varies, in declared order."""
    tables = (form.axes, *form.zip, *form.grids, *form.cases)
    return tuple(dict.fromkeys(name for table in tables for name in table))
