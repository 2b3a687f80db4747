"""A law of some of the layers, which may be left to be the law of all."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from initlab.spec.laws import InitializerLaw
from initlab.spec.problems import branch


def _law_or_same(value: Any) -> str:
    """Returns which branch of a law that may be "same" reads a value."""
    return branch("Text" if value == "same" else "Law")


LawOrSame = Annotated[
    Annotated[Literal["same"], Tag(branch("Text"))] | Annotated[InitializerLaw, Tag(branch("Law"))],
    Discriminator(_law_or_same),
]
