"""Validation errors as sentences: the path, the value, what is accepted, and the likely meaning."""

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Returns `Did you mean ...?` for the known name nearest to `name`, or nothing.

    >>> did_you_mean("he_norml", ["he_normal", "zeros"])
    ' Did you mean `he_normal`?'
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean `{near[0]}`?" if near else ""


def unknown_name(path: str, name: str, known: Sequence[str]) -> str:
    """Returns the sentence for a name that is none of `known`."""
    return f"{path}: unknown name {name!r}.{did_you_mean(name, known)} Known: {', '.join(known)}."


def sentences(
    error: ValidationError, path: str, fields: Sequence[str] = (), *, inside: bool = False
) -> list[str]:
    """Returns one sentence for each fault that pydantic found in the value at `path`.

    Args:
        error: what pydantic raised.
        path: where the value stands: `sweep.toml: base.depth`.
        fields: the fields that would be accepted there, for a hint at a misspelt one.
        inside: whether `path` already ends in the field that each fault's own path begins with.
    """
    faults = [dict(fault) for fault in error.errors()]
    for fault in faults if inside else []:
        fault["loc"] = fault["loc"][1:]
    return list({_sentence(fault, path, fields): None for fault in faults})


def _sentence(fault: dict[str, Any], path: str, fields: Sequence[str]) -> str:
    """Returns one fault as a sentence."""
    steps = [step for step in fault["loc"] if _is_field(step)]
    where = path + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    context, value = fault.get("ctx", {}), fault.get("input")
    if fault["type"] == "unknown_name":
        return unknown_name(where, context["name"], context["known"])
    if fault["type"] == "missing":
        return f"{where}: is missing."
    if fault["type"] == "extra_forbidden":
        hint = did_you_mean(str(steps[-1]), fields)
        return (
            f"{where}: unknown field.{hint} Known: {', '.join(fields)}."
            if fields
            else (f"{where}: unknown field.")
        )
    if fault["type"] == "union_tag_invalid":
        return f"{where}: must be a name, or a table with a `name`, got {value!r}."
    if fault["type"] == "literal_error" and isinstance(value, str):
        known = [
            choice.strip("'") for choice in context["expected"].replace(" or ", ", ").split(", ")
        ]
        return unknown_name(where, value, known)
    message = fault["msg"].removeprefix("Value error, ")
    message = message[0].upper() + message[1:] if not message.startswith("`") else message
    if fault["type"] == "value_error":
        return f"{where}: {message}."
    return f"{where}: {message}, got {value!r}."


def _is_field(step: int | str) -> bool:
    """Tells a field or an index from the name of a branch of a union."""
    return isinstance(step, int) or (
        step.islower() and step.isidentifier() and step not in BRANCHES
    )


BRANCHES = ("parts", "float", "int", "str", "function-before")
