"""Validation errors as sentences: the path, the value, what is accepted, and the likely meaning."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, BeforeValidator, ValidationError
from pydantic_core import PydanticCustomError

LONGEST_VALUE = 80
SYNONYMS = {
    "xavier_normal": "glorot_normal",
    "xavier_uniform": "glorot_uniform",
    "kaiming_normal": "he_normal",
    "kaiming_uniform": "he_uniform",
    "swish": "silu",
    "linear": "identity",
    "gaussian": "normal",
    "lr": "learning_rate",
    "epochs": "steps",
    "seed": "seeds",
}
# What a value must be, by pydantic's name of the fault; {} holds its context.
MUST = {
    "bool_type": "true or false",
    "date_type": "a date",
    "dict_type": "a table",
    "finite_number": "a finite number",
    "float_type": "a number",
    "greater_than": "greater than {gt}",
    "greater_than_equal": "at least {ge}",
    "int_type": "a whole number",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "list_type": "a list",
    "model_type": "a table",
    "must_be": "{accepted}",
    "string_too_long": "at most {max_length} characters long",
    "string_type": "text",
    "tuple_type": "a list",
}
EMPTY = ("string_too_short", "too_short")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Returns `Did you mean ...?` for the known name nearest to `name`, or nothing.

    >>> did_you_mean("he_norml", ["he_normal", "zeros"])
    ' Did you mean `he_normal`?'
    """
    names = {one.lower(): one for one in known}
    asked = name.lower()
    synonym = SYNONYMS.get(asked)
    near = difflib.get_close_matches(asked, list(names), n=1, cutoff=0.6)
    likely = synonym if synonym in names.values() else names[near[0]] if near else None
    return f" Did you mean `{likely}`?" if likely else ""


def unknown_name(path: str, name: str, known: Sequence[str]) -> str:
    """Returns the sentence for a name that is none of `known`."""
    return f"{path}: unknown name {shown(name)}.{did_you_mean(name, known)} {_known(known)}"


def unknown_field(path: str, name: str, known: Sequence[str], hint: str = "") -> str:
    """Returns the sentence for a key that is none of the fields `known`."""
    return f"{path}: unknown field.{hint or did_you_mean(name, known)} {_known(known)}"


def shown(value: Any) -> str:
    """Returns a value as a message shows it: short, and near to how TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if isinstance(value, str | int | float | list | dict) else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


def sentences(
    error: ValidationError, path: str, model: type[BaseModel], *, inside: bool = False
) -> list[str]:
    """Returns one sentence for each fault that pydantic found in the value at `path`.

    Args:
        error: what pydantic raised.
        path: where the value stands: `sweep.toml: base.depth`; it ends in a colon where the
            faults' own paths begin anew.
        model: what the value was validated against; it knows the fields, for hints.
        inside: whether `path` already ends in the field that each fault's own path begins with.
    """
    return list({_sentence(dict(fault), path, model, inside): None for fault in error.errors()})


def must_be(accepted: str) -> PydanticCustomError:
    """Returns the fault of a value that is not what `accepted` says."""
    return PydanticCustomError("must_be", "must be {accepted}", {"accepted": accepted})


def unknown(name: str, known: Sequence[str]) -> PydanticCustomError:
    """Returns the fault of a name that is none of `known`."""
    return PydanticCustomError("unknown_name", "unknown name", {"name": name, "known": known})


def either(accepted: str, *kinds: type) -> BeforeValidator:
    """Returns the check that a value is of one of these kinds, before a union looks at it."""

    def check(value: Any) -> Any:
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise must_be(accepted)
        return value

    return BeforeValidator(check)


def branch(name: str) -> str:
    """Returns the tag of a union's branch, which paths of faults leave out."""
    return f"<{name}>"


def _sentence(fault: dict[str, Any], path: str, model: type[BaseModel], inside: bool) -> str:
    """Returns one fault as a sentence."""
    location, kind = fault["loc"], fault["type"]
    own = location[1:] if inside else location
    steps = [step for step in own if not _is_branch(step)]
    where = _join(path, steps if kind != "extra_forbidden" else [*steps[:-1], own[-1]])
    context, value = fault.get("ctx", {}), fault.get("input")
    if kind == "unknown_name":
        return unknown_name(where, context["name"], context["known"])
    if kind == "literal_error" and isinstance(value, str):
        return unknown_name(where, value, _choices(context["expected"]))
    if kind == "extra_forbidden":
        return unknown_field(where, str(location[-1]), _fields_at(model, location[:-1]))
    return f"{where}: {_what_is_wrong(kind, context, value, fault['msg'])}."


def _what_is_wrong(kind: str, context: dict[str, Any], value: Any, message: str) -> str:
    """Returns the sentence after the path, for faults other than unknown names."""
    if kind == "missing":
        return "is missing"
    if kind in EMPTY:
        return "must not be empty"
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    if kind == "literal_error":
        return f"must be one of {', '.join(_choices(context['expected']))}, got {shown(value)}"
    if kind in MUST:
        return f"must be {MUST[kind].format(**context)}, got {shown(value)}"
    return f"{message}, got {shown(value)}"


def _join(path: str, steps: Sequence[int | str]) -> str:
    """Returns a path with further steps: `base.depth`, `seeds[1]`."""
    whole = path
    for step in steps:
        whole += f"[{step}]" if isinstance(step, int) else f".{step}"
    return whole.replace(":.", ": ", 1)


def _is_branch(step: int | str) -> bool:
    """Tells the name of a union's branch from a field or an index."""
    return isinstance(step, str) and step.startswith("<") and step.endswith(">")


def _choices(expected: str) -> list[str]:
    """Returns the accepted texts out of pydantic's `'a', 'b' or 'c'`."""
    return [choice.strip("'") for choice in expected.replace(" or ", ", ").split(", ")]


def _known(names: Sequence[str]) -> str:
    """Returns the sentence that lists what would be accepted."""
    return f"Known: {', '.join(names)}." if names else "None is accepted here."


def _fields_at(model: type[BaseModel], location: Sequence[int | str]) -> tuple[str, ...]:
    """Returns the fields of the model at a fault's location, without the `name` of a law."""
    candidates: tuple[type[BaseModel], ...] = ()
    for step in location:
        if isinstance(step, int):
            continue
        if _is_branch(step):
            model = next((one for one in candidates if branch(one.__name__) == step), model)
        else:
            candidates = tuple(_models_in(model.model_fields[step].annotation))
            model = candidates[0] if candidates else model
    return tuple(name for name in model.model_fields if name != "name")


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yields every model that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
