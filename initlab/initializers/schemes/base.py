"""What a scheme is: it changes all parameters of a model by what a batch makes of them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

from jax import Array
from jaxtyping import PRNGKeyArray

type Layer = dict[str, Array]
type Preactivation = Callable[[Layer], Array]
type Visit = Callable[[Layer, Preactivation], tuple[Layer, Array, Array]]


class Batch(NamedTuple):
    """What a scheme sees of the data: inputs `(batch, ...)` and labels `(batch,)`."""

    inputs: Array
    labels: Array


class Initialized(NamedTuple):
    """What a scheme returns.

    Attributes:
        parameters: the changed parameters, in the form that they came in.
        passes: how often the batch went through the network, a whole number. Where layers were
            passed through a different number of times, the greatest of them; derivatives of a
            pass do not count as another one.
    """

    parameters: Any
    passes: Array


class Visited(NamedTuple):
    """What came of a visit of all layers.

    Attributes:
        parameters: the changed parameters, in the form that they came in.
        found: the arrays of all layers on a leading axis.
        logits: `(batch, out)`, of the changed network.
    """

    parameters: Any
    found: Array
    logits: Array


@runtime_checkable
class Model(Protocol):
    """What a scheme has to know of a model: its layers, their preactivations, its loss.

    A `Layer` has a `kernel`, `(*window, in, out)`, and where its layer has one a `bias`, `(out,)`.
    """

    def layers(self, parameters: Any) -> tuple[Layer, ...]:
        """Returns the weight layers in forward order; those of one shape share a leading axis."""
        ...

    def with_layers(self, parameters: Any, layers: tuple[Layer, ...]) -> Any:
        """Returns the parameters with `layers`, as `layers()` gave them, in place of theirs."""
        ...

    def unit_weights(self) -> Sequence[float]:
        """Returns for each weight layer the variance times fan-in that gives outputs variance 1.

        By theory, for inputs of mean 0 and variance 1; in the order of `layers`.
        """
        ...

    def visit(self, parameters: Any, inputs: Array, visit: Visit) -> Visited:
        """Passes `inputs` through, each layer after `visit` changed it.

        `visit` takes a layer and the function from a layer to its preactivation,
        `(batch, *positions, out)`, on what reaches it here; it returns the changed layer, that
        layer's preactivation, and an array.
        """
        ...

    def logits(self, parameters: Any, inputs: Array) -> Array:
        """Returns the logits `(batch, out)`."""
        ...

    def loss(self, parameters: Any, batch: Batch) -> Array:
        """Returns the mean loss of a batch."""
        ...


@runtime_checkable
class Scheme(Protocol):
    """Changes the parameters of a model before it is trained.

    A function of its arguments alone that can be compiled; what it does not read it ignores.
    """

    def __call__(
        self, model: Model, parameters: Any, batch: Batch, key: PRNGKeyArray, /
    ) -> Initialized:
        """Returns the changed parameters, and how many passes that took."""
        ...
