"""The schemes that a specification can name, one typed model a scheme, without importing JAX."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from initlab.spec.law import ONE_ZERO, Law, Number, Positive
from initlab.spec.named import named_laws
from initlab.spec.problems import branch


class NoScheme(Law):
    """The parameters stay as they were drawn."""

    name: Literal["none"] = "none"


class Lsuv(Law):
    """Every layer's preactivations get variance 1 on the first batch, layer by layer."""

    name: Literal["lsuv"]
    tolerance: Positive = 0.02
    max_rescalings: Annotated[int, Field(ge=1)] = 20


class Krahenbuhl(Law):
    """Every channel gets mean 0 and deviation 1 on the first batch, layers one rate of change."""

    name: Literal["krahenbuhl"]
    offset: Number = 0.0
    tolerance: Positive = 0.01
    max_rounds: Annotated[int, Field(ge=0)] = 10


class MetaInit(Law):
    """Norms of kernels by sign descent on the gradient quotient."""

    name: Literal["meta_init"]
    steps: Annotated[int, Field(ge=1)] = 50
    learning_rate: Positive = 0.1
    momentum: Annotated[float, Field(ge=0.0, lt=1.0), ONE_ZERO] = 0.5
    epsilon: Positive = 1e-5


class GradInit(Law):
    """Scales of kernels and biases for the least loss after one step, the gradient bounded."""

    name: Literal["grad_init"]
    optimizer: Literal["sgd", "adam"] = "sgd"
    steps: Annotated[int, Field(ge=1)] = 390
    learning_rate: Positive = 0.01
    step_size: Positive = 0.1
    gradient_bound: Positive = 1.0
    min_scale: Positive = 0.01


class AutoInit(Law):
    """Kernels of the size at which theory expects variance 1 of every weight layer's outputs."""

    name: Literal["auto_init"]


SCHEME_MODELS: tuple[type[Law], ...] = (
    NoScheme,
    Lsuv,
    Krahenbuhl,
    MetaInit,
    GradInit,
    AutoInit,
)
_NAMED = named_laws(SCHEME_MODELS, "a scheme's name, or a table with a `name`")
SCHEME_NAMES = _NAMED.names

SchemeLaw = Annotated[
    Annotated[NoScheme, Tag(branch("NoScheme"))]
    | Annotated[Lsuv, Tag(branch("Lsuv"))]
    | Annotated[Krahenbuhl, Tag(branch("Krahenbuhl"))]
    | Annotated[MetaInit, Tag(branch("MetaInit"))]
    | Annotated[GradInit, Tag(branch("GradInit"))]
    | Annotated[AutoInit, Tag(branch("AutoInit"))],
    Discriminator(_NAMED.tag),
    BeforeValidator(_NAMED.read),
]
