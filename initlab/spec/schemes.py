"""The schemes that a specification can name, one typed model a scheme, without importing JAX."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Discriminator, Field, Tag

from initlab.spec.law import Law, Positive
from initlab.spec.problems import branch, must_be, unknown


class NoScheme(Law):
    """The parameters stay as they were drawn."""

    name: Literal["none"] = "none"


class Lsuv(Law):
    """Every layer's preactivations get variance 1 on the first batch, layer by layer."""

    name: Literal["lsuv"]
    tolerance: Positive = 0.02
    max_rescalings: Annotated[int, Field(ge=1)] = 20


SCHEME_MODELS: tuple[type[Law], ...] = (NoScheme, Lsuv)
_BY_NAME = {
    name: model
    for model in SCHEME_MODELS
    for name in get_args(model.model_fields["name"].annotation)
}
SCHEME_NAMES: tuple[str, ...] = tuple(_BY_NAME)


def _as_scheme(value: Any) -> Any:
    """Reads a bare name as a scheme with the numbers that it has by default."""
    if isinstance(value, Law):
        return value
    table = {"name": value} if isinstance(value, str) else value
    name = table.get("name") if isinstance(table, dict) else None
    if not isinstance(name, str):
        raise must_be("a scheme's name, or a table with a `name`")
    if name not in SCHEME_NAMES:
        raise unknown(name, SCHEME_NAMES)
    return table


def _tag(value: Any) -> str:
    """Returns which model of the union reads this value."""
    return branch(_BY_NAME[value["name"] if isinstance(value, dict) else value.name].__name__)


SchemeLaw = Annotated[
    Annotated[NoScheme, Tag(branch("NoScheme"))] | Annotated[Lsuv, Tag(branch("Lsuv"))],
    Discriminator(_tag),
    BeforeValidator(_as_scheme),
]
