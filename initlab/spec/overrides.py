"""`--set key=value`: fields of a specification, replaced from the command line."""

import re
import tomllib
from collections.abc import Sequence
from typing import Any

from initlab.spec.form import AXIS_FIELDS, SweepFile
from initlab.spec.problems import unknown_field

TABLES = ("base", "axes", "measure")
KEY = re.compile(r"[A-Za-z_][\w.]*\s*=(?!=)")


def apply_overrides(content: dict[str, Any], overrides: Sequence[str]) -> list[str]:
    """Applies `key=value` texts to the tables of a `sweep.toml`, in place.

    A field that the sweep varies on an axis keeps being an axis, of one value if need be; a
    grid or a case keeps the fields of its own.

    Returns:
        A sentence for each override that is wrong.
    """
    single = [one for text in overrides for one in split_overrides(text)]
    return [fault for override in single if (fault := _apply(content, override))]


def split_overrides(text: str) -> list[str]:
    """Returns the overrides in one text; each begins at a key, outside of quotes and brackets.

    As in TOML, a backslash takes the meaning of a quote inside double quotes and nowhere else.

    >>> split_overrides('steps=50 initializer={ name = "normal", stddev = 0.01 } width = 64')
    ['steps=50', 'initializer={ name = "normal", stddev = 0.01 }', 'width = 64']
    """
    starts: list[int] = []
    depth, quote, escaped = 0, "", False
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote and not escaped else quote
            escaped = char == "\\" and quote == '"' and not escaped
        elif char in "\"'":
            quote = char
        elif char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
        elif depth == 0 and text[index - 1 : index].strip() == "" and KEY.match(text, index):
            starts.append(index)
    begins = [0, *starts[1:]]
    return [text[i:j].strip() for i, j in zip(begins, [*begins[1:], len(text)], strict=True)]


def _apply(content: dict[str, Any], override: str) -> str | None:
    """Applies one override in place, or returns what is wrong with it."""
    given, equals, text = override.partition("=")
    path = given.strip().split(".")
    if not equals or not all(path):
        return f"--set {override}: must have the form key=value, as in --set steps=10."
    value = _value(text.strip())
    if len(path) == 1:
        return _set_field(content, path[0], value)
    target: Any = content
    for depth, table in enumerate(path[:-1]):
        target = target.setdefault(table, {})
        if not isinstance(target, dict):
            return f"--set {override}: `{'.'.join(path[: depth + 1])}` is not a table."
    target[path[-1]] = value
    return None


def _set_field(content: dict[str, Any], name: str, value: Any) -> str | None:
    """Sets a field wherever the sweep declares it."""
    if name in TABLES:
        return f"--set {name}: is a table; set one of its fields, as in --set {_example(name)}."
    if name in SweepFile.model_fields:
        content[name] = value
        return None
    if name not in AXIS_FIELDS:
        return unknown_field(f"--set {name}", name, (*AXIS_FIELDS, "seeds", "question"))
    for index, table in enumerate(_list_of_tables(content.get("zip"))):
        if name in table:
            return (
                f"--set {name}: is varied together with others in zip[{index}]; "
                "edit that table of the file instead."
            )
    for key in ("base", "axes"):
        if not isinstance(content.get(key, {}), dict):
            return f"--set {name}: `{key}` of the file is not a table."
    base, axes = content.setdefault("base", {}), content.setdefault("axes", {})
    if name in axes or isinstance(value, list):
        base.pop(name, None)
        axes[name] = value if isinstance(value, list) else [value]
    else:
        base[name] = value
    if not axes:
        del content["axes"]
    return None


def _list_of_tables(value: Any) -> list[dict[str, Any]]:
    """Returns the tables in a list, whatever was declared in its place."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _example(table: str) -> str:
    """Returns an override that fits a table."""
    return {"base": "steps=10", "axes": "depth=[5,10]", "measure": "measure.steps=every"}[table]


def _value(text: str) -> Any:
    """Reads one TOML value; anything else is text."""
    try:
        read = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return read["value"] if len(read) == 1 else text
