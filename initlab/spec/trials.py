"""The trials that a form declares: their fields, their values, and what leaves them out."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from initlab.architectures.families import FAMILIES, family_fields
from initlab.spec.form import SweepFile, alone
from initlab.spec.parts import LawContext
from initlab.spec.schema import RunSpec


def trials(form: SweepFile) -> Iterator[tuple[str, dict[str, Any]]]:
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
    for index, grid in enumerate(form.grids):
        for values in itertools.product(*grid.values()):
            yield f"grids[{index}]", dict(zip(grid, values, strict=True))
    for index, case in enumerate(form.cases):
        yield f"cases[{index}]", case


def resolved(fields: Mapping[str, Any], context: LawContext) -> dict[str, Any]:
    """Returns a table of fields with its values as a run has them."""
    return {
        name: getattr(alone(name).model_validate({name: value}, context=context), name)
        for name, value in fields.items()
    }


def completed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values of a run with those that its model has of its own."""
    return family_fields(FAMILIES[values.get("model", "mlp")], values) | dict(values)


def fitting(values: Mapping[str, Any], patterns: Sequence[Mapping[str, Any]]) -> list[int]:
    """Returns which patterns fit the values; a field not given has its default."""
    defaults = RunSpec.model_fields
    return [
        index
        for index, pattern in enumerate(patterns)
        if all(
            values.get(name, defaults[name].default) == wanted for name, wanted in pattern.items()
        )
    ]
