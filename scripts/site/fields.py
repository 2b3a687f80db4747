"""The reference of a specification: every field with what is accepted, its default and meaning."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from initlab.spec.augmentation import AUGMENTATION_MODELS
from initlab.spec.form import SweepFile
from initlab.spec.law import Law
from initlab.spec.laws import LAW_MODELS, RecipeLaw
from initlab.spec.measure import Measure
from initlab.spec.pretrained import Pretrained
from initlab.spec.schema import RunSpec
from initlab.spec.schemes import SCHEME_MODELS

_DOCUMENT = Path(__file__).parents[2] / "docs" / "spec.md"
_NAMED = {
    "PlainLaw": "a law",
    "NoScheme": "a scheme",
    "ActivationLaw": "a nonlinearity",
    "Flip": "an augmentation",
    "Every": "`{ every = n }`",
}


def fields() -> str:
    """Returns the page of all fields of a `sweep.toml`, made from the models that read it."""
    lines = ["# Reference of fields", ""]
    lines += ["[spec.md](../spec.md) says how they work together. ", ""]
    lines += ["## The tables of a sweep", "", *_rows(SweepFile, SweepFile.model_fields)]
    runs = [name for name in RunSpec.model_fields if name != "measure"]
    lines += ["## Fields of a run", "", *_rows(RunSpec, runs)]
    lines += ["## `[measure]`", "", *_rows(Measure, Measure.model_fields, "measure.")]
    for heading, models in (
        ("Laws", (*LAW_MODELS, RecipeLaw, Pretrained)),
        ("Schemes", SCHEME_MODELS),
        ("Augmentations", AUGMENTATION_MODELS),
    ):
        lines += [f"## {heading}", "", *_laws(models)]
    return "\n".join(lines)


def accepted(schema: Mapping[str, Any]) -> str:
    """Returns what a JSON schema accepts, in words.

    >>> accepted({"type": "integer", "minimum": 1, "maximum": 10_000})
    'whole, 1 to 10,000'
    """
    named = next((one for key, one in _NAMED.items() if f"/{key}'" in str(schema)), "")
    if schema.get("type") == "array":
        one = named or accepted(schema["items"])
        return f"a list of {re.sub('^an? (.*)', r'\1s', one)}"
    if named:
        others = [one for one in schema.get("oneOf", ()) if "$ref" not in str(one)]
        return ", or ".join([*map(accepted, others), named])
    if "oneOf" in schema:
        return ", or ".join(map(accepted, schema["oneOf"]))
    if "const" in schema or "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema.get("enum") or [schema["const"]])
    match schema.get("type"):
        case "integer" | "number":
            return _bounds(schema)
        case "boolean":
            return "`false`, `true`"
        case "string" if "maxLength" in schema:
            return f"text of {schema['minLength']} to {schema['maxLength']} characters"
        case "string":
            return "text"
    return "a table"


def _bounds(schema: Mapping[str, Any]) -> str:
    """Returns the range of a number in words."""
    kind = "whole" if schema["type"] == "integer" else ""
    words = [kind] if kind else []
    low = f"{schema['minimum']:,.10g}" if "minimum" in schema else ""
    if "exclusiveMinimum" in schema:
        low = f"above {schema['exclusiveMinimum']:g}"
    if "maximum" in schema and low:
        words.append(f"{low} to {schema['maximum']:,.10g}")
    elif low:
        open_ended = "exclusiveMaximum" not in schema and "above" not in low
        words.append(f"{low} or more" if open_ended else low)
    if "exclusiveMaximum" in schema:
        words.append(f"below {schema['exclusiveMaximum']:,.10g}")
    return ", ".join(words) or "a number"


def default_of(model: type[BaseModel], name: str) -> str:
    """Returns the default of a field as a `sweep.toml` would say it, or that there is none."""
    field = model.model_fields[name]
    if field.is_required():
        return "none, it has to be there"
    value = getattr(field.default, "label", getattr(field.default, "name", field.default))
    if isinstance(value, list | dict | BaseModel) or value == "":
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple | str):
        return f"`{value or []}`"
    return f"`{value:,.10g}`"


def _rows(
    model: type[BaseModel], names: Sequence[str] | Mapping[str, Any], before: str = ""
) -> Iterator[str]:
    """Yields the table of the fields of a model."""
    known = _meanings()
    properties = model.model_json_schema()["properties"]
    yield "| field | accepted | default | meaning |"
    yield "|---|---|---|---|"
    for name in names:
        whole = f"{before}{name}"
        told, default = accepted(properties[name]), default_of(model, name)
        yield f"| `{whole}` | {told} | {default} | {known[whole]} |"
    yield ""


def _laws(models: Sequence[type[Law]]) -> Iterator[str]:
    """Yields the table of laws with their numbers."""
    yield "| name | numbers | meaning |"
    yield "|---|---|---|"
    for model in models:
        names = get_args(model.model_fields["name"].annotation)
        properties = model.model_json_schema()["properties"]
        numbers = []
        for name in model.model_fields:
            if name != "name":
                told = f"`{name}`: {accepted(properties[name])}"
                if not model.model_fields[name].is_required():
                    told += f", default {default_of(model, name)}"
                numbers.append(told)
        meaning = (model.__doc__ or "").strip().partition("\n")[0]
        named = ", ".join(f"`{name}`" for name in names)
        yield f"| {named} | {'; '.join(numbers) or 'none'} | {meaning} |"
    yield ""


def _meanings() -> dict[str, str]:
    """Returns what docs/spec.md says of each key and field, its links seen from a folder below."""
    text = _DOCUMENT.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| (.*) \|$", text, re.MULTILINE)
    said = {name: rest.split(" | ") for name, rest in rows}
    return {
        name: re.sub(r"\]\((?=[\w-]+\.md)", "](../", cells[-1] if len(cells) == 3 else cells[0])
        for name, cells in said.items()
    }
