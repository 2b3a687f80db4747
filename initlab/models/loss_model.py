"""A network together with its loss: all that a scheme has to know of a model."""

from collections.abc import Callable
from dataclasses import dataclass

import jax
from jax import Array

from initlab.initializers.schemes.base import Batch, Layer, Visit, Visited
from initlab.models.network import Network, Parameters


@dataclass(frozen=True)
class LossModel:
    """A network and the mean loss of its logits, as `initlab.initializers.SCHEMES` take a model.

    Attributes:
        network: the model taken apart.
        mean_loss: from logits `(batch, out)` and labels `(batch,)` to a number.
    """

    network: Network
    mean_loss: Callable[[Array, Array], Array]

    def layers(self, parameters: Parameters) -> tuple[Layer, ...]:
        """Returns the arrays of each stack of weight layers, with a leading layer axis."""
        return self.network.layers(parameters)

    def with_layers(self, parameters: Parameters, layers: tuple[Layer, ...]) -> Parameters:
        """Returns the parameters with these layers in place of theirs."""
        return self.network.with_layers(parameters, layers)

    def unit_weights(self) -> tuple[float, ...]:
        """Returns for each weight layer the variance times fan-in that gives outputs variance 1."""
        with jax.ensure_compile_time_eval():  # theory needs numbers where a scheme is traced too
            return self.network.unit_weights()

    def visit(self, parameters: Parameters, inputs: Array, visit: Visit) -> Visited:
        """Passes inputs through, each layer after `visit` changed it."""
        return self.network.visit(parameters, inputs, visit)

    def logits(self, parameters: Parameters, inputs: Array) -> Array:
        """Returns the logits."""
        return self.network.apply(parameters, inputs)[0]

    def loss(self, parameters: Parameters, batch: Batch) -> Array:
        """Returns the mean loss of a batch."""
        return self.mean_loss(self.logits(parameters, batch.inputs), batch.labels)
