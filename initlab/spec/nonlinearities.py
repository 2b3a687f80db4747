"""The nonlinearities that a specification can name, without importing JAX."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from initlab.spec.parts import parts_of
from initlab.spec.problems import must_be, unknown

ACTIVATION_NAMES: tuple[str, ...] = (
    "identity",
    "relu",
    "leaky_relu",
    "tanh",
    "sigmoid",
    "elu",
    "selu",
    "gelu",
    "gelu_tanh",
    "silu",
    "mish",
    "softplus",
    "softsign",
    "sin",
    "hard_tanh",
    "erf",
)


class ActivationLaw(BaseModel):
    """A nonlinearity by name; one of `parts.py` carries that file's digest."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
    name: str
    parts_sha256: str = ""


def _as_activation(value: Any, info: Any) -> Any:
    """Reads a name as a nonlinearity of the lab or of `parts.py`."""
    if isinstance(value, ActivationLaw):
        return value
    parts = parts_of(info)
    own = parts.activations if parts else ()
    if not isinstance(value, str):
        raise must_be("the name of a nonlinearity")
    if value in own and parts is not None:
        return ActivationLaw(name=value, parts_sha256=parts.sha256)
    if value not in ACTIVATION_NAMES:
        raise unknown(value, (*ACTIVATION_NAMES, *own))
    return ActivationLaw(name=value)


ActivationField = Annotated[ActivationLaw, BeforeValidator(_as_activation)]
