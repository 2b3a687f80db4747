"""A union of laws that a specification names: reading a value, and telling which model it is of."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, get_args

from initlab.spec.law import Law
from initlab.spec.problems import branch, must_be, unknown


class NamedLaws(NamedTuple):
    """What pydantic needs to read one of several laws.

    Attributes:
        names: what a specification can write.
        read: from a bare name, or a table with one, to the table; refuses an unknown name.
        tag: which branch of the union reads a value.
    """

    names: tuple[str, ...]
    read: Callable[[Any], Any]
    tag: Callable[[Any], str]


def named_laws(models: Sequence[type[Law]], accepted: str) -> NamedLaws:
    """Returns the reading of laws whose names are fields of their models.

    Args:
        models: each with the literal names that are its own.
        accepted: what a value has to be, in the words of a message.
    """
    by_name = {
        name: model for model in models for name in get_args(model.model_fields["name"].annotation)
    }

    def read(value: Any) -> Any:
        if isinstance(value, Law):
            return value
        table = {"name": value} if isinstance(value, str) else value
        name = table.get("name") if isinstance(table, dict) else None
        if not isinstance(name, str):
            raise must_be(accepted)
        if name not in by_name:
            raise unknown(name, tuple(by_name))
        return table

    def tag(value: Any) -> str:
        return branch(by_name[value["name"] if isinstance(value, dict) else value.name].__name__)

    return NamedLaws(tuple(by_name), read, tag)
