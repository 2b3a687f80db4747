"""A form with faults, without them: what is right in it can be checked further."""

import itertools
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from initlab.spec.form import AXIS_FIELDS, MAX_RUNS, SweepFile, alone, number_of_runs, tables, whole
from initlab.spec.parts import LawContext

WHOLE = {"zip", "grids", "exclude"}  # tables that are taken whole or not at all


def without_faults(
    content: Mapping[str, Any], context: LawContext
) -> tuple[SweepFile, frozenset[str]] | None:
    """Returns the form without its faulty values, and the fields that have none left thereby.

    A case with a fault is left out with those after it, so that the others keep their numbers.
    None stands for a form that nothing can be said of: one with faults in what it zips, in its
    grids or in what it excludes, or of too many runs.

    Args:
        content: what the TOML reader returned.
        context: the author's own laws.
    """
    form, misshapen = whole(content)
    if number_of_runs(form) > MAX_RUNS or {where[0] for where in misshapen} & WHOLE:
        return None
    for table in tables(form):
        if table.path.startswith(tuple(WHOLE)) and not all(
            _is_sound(name, value, context)
            for name, values in table.fields.items()
            for value in (values if table.listed else [values])
        ):
            return None
    if any(len({len(values) for values in table.values()}) > 1 for table in form.zip):
        return None
    axes = {
        name: [value for value in values if _is_sound(name, value, context)]
        for name, values in form.axes.items()
    }
    kept = {
        "base": {name: one for name, one in form.base.items() if _is_sound(name, one, context)},
        "axes": {name: values for name, values in axes.items() if values},
        "cases": list(
            itertools.takewhile(
                lambda case: all(_is_sound(name, one, context) for name, one in case.items()),
                form.cases,
            )
        ),
    }
    if not form.has_grid and not form.grids and not kept["cases"]:
        return None
    lost = {name for name in form.base if name not in kept["base"]}
    lost |= {name for name in form.axes if name not in kept["axes"]}
    lost |= {str(step) for where in misshapen for step in where[:2]}
    return form.model_copy(update=kept), frozenset(lost)


def _is_sound(name: str, value: Any, context: LawContext) -> bool:
    """Tells whether a value is one that its field accepts."""
    if name not in AXIS_FIELDS:
        return False
    try:
        alone(name).model_validate({name: value}, context=context)
    except ValidationError:
        return False
    return True
