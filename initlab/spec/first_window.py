"""The window of a model's first convolution, where a run may choose it."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from initlab.spec.measure import kind_of
from initlab.spec.problems import branch, either

MAX_FIRST_WINDOW = 63

FirstWindow = Annotated[
    Annotated[Literal["own"], Tag(branch("Text"))]
    | Annotated[int, Field(ge=1, le=MAX_FIRST_WINDOW), Tag(branch("Number"))],
    Discriminator(kind_of),
    either('"own" or a whole number', str, int),
]
