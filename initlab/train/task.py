"""What the runs of one signature have in common: a model, its loss and its optimizer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax import Array

from initlab.models import LossModel, Network, Parameters
from initlab.spec.schema import RunSpec
from initlab.train.class_numbers import number_losses
from initlab.train.freezing import multiplied, of_trained_layers, rates_of_parameters
from initlab.train.optimizer import learning_rate_at, make_optimizer
from initlab.train.state import Numbers, RunState


@dataclass(frozen=True)
class Task:
    """A model that is trained, for every run of one signature.

    Attributes:
        network: the model taken apart.
        function: the nonlinearity.
        spec: any run of the signature; only fields of the signature are read.
    """

    network: Network
    function: Callable[[Array], Array]
    spec: RunSpec

    @property
    def everything(self) -> bool:
        """Whether all statistics are measured, or moments alone."""
        return self.spec.measure.statistics == "all"

    @property
    def loss_model(self) -> LossModel:
        """The network together with the loss that it is trained by."""
        return LossModel(self.network, lambda logits, labels: self.losses(logits, labels)[0])

    def optimizer(self, numbers: Numbers) -> optax.GradientTransformation:
        """Returns the optimizer with a run's numbers."""
        clipped, decayed = self.spec.gradient_clip != "none", self.spec.weight_decay > 0
        return make_optimizer(self.spec.optimizer, numbers, clipped=clipped, decayed=decayed)

    def scaled(self, images: Array, numbers: Numbers) -> Array:
        """Returns pixels as the network sees them."""
        return ((images - numbers["shift"]) * numbers["scale"]).astype(self.spec.dtype)

    def losses(self, logits: Array, labels: Array) -> tuple[Array, Array]:
        """Returns the mean loss and the accuracy of a batch."""
        logits = logits.astype(jnp.float32)
        if self.spec.target == "number":
            return number_losses(logits[..., 0], labels, classes=self.spec.data_size.classes)
        if self.spec.loss == "mse":
            wanted = jax.nn.one_hot(labels, logits.shape[-1])
            loss = 0.5 * jnp.mean(jnp.sum((logits - wanted) ** 2, axis=-1))
        else:
            loss = jnp.mean(optax.softmax_cross_entropy_with_integer_labels(logits, labels))
        return loss, jnp.mean(jnp.argmax(logits, axis=-1) == labels)

    def update(
        self, state: RunState, gradient: Parameters, numbers: Numbers
    ) -> tuple[Parameters, Any]:
        """Returns what is to be added to the parameters, and the optimizer's next state."""
        rates = self.rates(numbers)
        if rates is not None:
            gradient = of_trained_layers(gradient, rates)
        transformed, optimizer = self.optimizer(numbers).update(
            gradient, state.optimizer, state.parameters
        )
        rate = learning_rate_at(
            state.step,
            self.spec.learning_rate_schedule,
            numbers["learning_rate"],
            numbers["warmup_steps"],
            self.spec.steps,
        )
        # A run's numbers are float32 whatever its parameters are.
        optimizer = jax.tree.map(lambda new, old: new.astype(old.dtype), optimizer, state.optimizer)
        update = jax.tree.map(lambda u, g: (-rate * u).astype(g.dtype), transformed, gradient)
        return update if rates is None else multiplied(update, rates), optimizer

    def rates(self, numbers: Numbers) -> Parameters | None:
        """Returns what multiplies each parameter's learning rate; None where nothing does."""
        if not self.spec.multiplied:
            return None
        return rates_of_parameters(self.spec, self.network, numbers["layer_rates"])
