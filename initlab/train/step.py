"""One step of one run: gradient, measurement, update, as pure functions of arrays."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import Array

from initlab.measure.gradient import all_finite, global_norm
from initlab.measure.histogram import BINS, activation_histogram
from initlab.measure.only_if import only_if
from initlab.measure.site import (
    COSTLY,
    MOMENTS,
    SHAPE,
    site_moments,
    site_statistics,
    steepest_slope,
)
from initlab.measure.tap import BACKWARD
from initlab.measure.weights import KERNEL, SYMMETRY, weight_statistics
from initlab.models import LossModel, Network, Observe, Parameters, Pass, at
from initlab.models.passing import Statistics
from initlab.spec.schema import RunSpec
from initlab.train.keys import DROPOUT, purpose_key
from initlab.train.optimizer import learning_rate_at, make_optimizer
from initlab.train.state import Images, RunState

type Numbers = dict[str, Array]
type Measurement = dict[str, Array]

NEW_SHARE = 0.1  # of a batch in the running average of what normalization divides by


class Flags(NamedTuple):
    """What a step is told: its batch, and what is to be measured before its update.

    Attributes:
        batch: indices of the training images.
        measured: whether the step is on the schedule.
        spectral: whether it takes the costly statistics and the held-out parts too.
    """

    batch: Array
    measured: Array
    spectral: Array


@dataclass(frozen=True)
class Trainer:
    """The step of a run, for every run of one signature.

    Attributes:
        network: the model taken apart.
        function: the nonlinearity.
        spec: any run of the signature; only fields of the signature are read.
        watched: False leaves every measurement out of the program, for benchmarks.
    """

    network: Network
    function: Callable[[Array], Array]
    spec: RunSpec
    watched: bool = True

    @property
    def everything(self) -> bool:
        """Whether all statistics are measured, or moments alone."""
        return self.spec.measure.statistics == "all"

    @property
    def loss_model(self) -> LossModel:
        """The network together with the loss that it is trained by."""
        return LossModel(self.network, lambda logits, labels: self._losses(logits, labels)[0])

    def optimizer(self, numbers: Numbers) -> optax.GradientTransformation:
        """Returns the optimizer with a run's numbers."""
        clipped, decayed = self.spec.gradient_clip != "none", self.spec.weight_decay > 0
        return make_optimizer(self.spec.optimizer, numbers, clipped=clipped, decayed=decayed)

    def step(
        self, state: RunState, numbers: Numbers, images: Images, flags: Flags
    ) -> tuple[RunState, Measurement]:
        """Returns the state after one step, and what was measured before its update.

        One body serves every step, so that it is compiled once: where nothing is to be measured
        the statistics are skipped, and what is returned in their place means nothing. A run whose
        loss or gradient was not finite stands still: its batch, its parameters and its step stay.
        """
        alive = state.diverged_at < 0
        batch = jnp.where(alive, flags.batch, state.batch)
        inputs, labels = self.scaled(images.train[batch], numbers), images.train_labels[batch]
        observe = self._observer(flags) if self.watched else None

        def objective(parameters: Parameters, slots: Array | None) -> tuple[Array, Any]:
            passing = Pass(slots, observe, key=self._dropout_key(state, numbers))
            logits = self.network.passed(parameters, inputs, passing)
            loss, accuracy = self._losses(logits, labels)
            return loss, (accuracy, passing.seen, passing.found)

        slots = jnp.full((len(self.network.sites), len(BACKWARD)), flags.measured, self.spec.dtype)
        (loss, (accuracy, seen, found)), (gradient, backward) = jax.value_and_grad(
            objective, argnums=(0, 1), has_aux=True
        )(state.parameters, slots if self.watched else None)
        statistics = self._averaged(state, found)
        end = flags.measured & ((state.step == 0) | (state.step == self.spec.steps))
        measurement = {"step": state.step, "train_loss": loss, "train_accuracy": accuracy}
        if self.watched:
            measurement |= {"sites": seen, "backward": backward}
            measurement |= self._measured(state, gradient, inputs, numbers, flags, end)
            measurement |= self._evaluated(state.parameters, statistics, numbers, images, flags)
        # What is measured is measured before parameters are overwritten, else they are copied.
        state, gradient, measurement = jax.lax.optimization_barrier((state, gradient, measurement))
        finite = jnp.isfinite(loss) & all_finite(gradient)
        goes_on = alive & finite & (state.step < self.spec.steps)

        def keep(new: Array, old: Array) -> Array:
            return jnp.where(goes_on, new, old)

        update, _ = self._update(state, gradient, numbers)
        parameters = optax.apply_updates(state.parameters, update)
        parameters = jax.tree.map(keep, parameters, state.parameters)
        # Parameters are done with the optimizer's old state before it is overwritten, else that
        # would be copied; so the update is computed twice, which is cheaper.
        parameters, before = jax.lax.optimization_barrier((parameters, state.optimizer))
        _, optimizer = self._update(state._replace(optimizer=before), gradient, numbers)
        after = RunState(
            parameters,
            jax.tree.map(keep, statistics, state.statistics),
            jax.tree.map(keep, optimizer, before),
            batch,
            state.step + goes_on,
            jnp.where(alive & ~finite, state.step, state.diverged_at),
        )
        return after, measurement

    def scaled(self, images: Array, numbers: Numbers) -> Array:
        """Returns pixels as the network sees them."""
        return ((images - numbers["shift"]) * numbers["scale"]).astype(self.spec.dtype)

    def _dropout_key(self, state: RunState, numbers: Numbers) -> Array | None:
        """Returns what dropout draws from in a step, nothing where no layer drops."""
        if not self.network.draws:
            return None
        return jax.random.fold_in(purpose_key(numbers["seed"], DROPOUT), state.step)

    def _averaged(self, state: RunState, found: Statistics) -> Statistics:
        """Returns the running average of what batch normalization noted down, this batch in it."""
        share = jnp.where(state.step == 0, 1.0, NEW_SHARE)
        return jax.tree.map(
            lambda old, new: (old + share * (new - old)).astype(old.dtype), state.statistics, found
        )

    def _losses(self, logits: Array, labels: Array) -> tuple[Array, Array]:
        """Returns the mean loss and the accuracy of a batch."""
        logits = logits.astype(jnp.float32)
        if self.spec.loss == "mse":
            wanted = jax.nn.one_hot(labels, logits.shape[-1])
            loss = 0.5 * jnp.mean(jnp.sum((logits - wanted) ** 2, axis=-1))
        else:
            loss = jnp.mean(optax.softmax_cross_entropy_with_integer_labels(logits, labels))
        return loss, jnp.mean(jnp.argmax(logits, axis=-1) == labels)

    def _update(
        self, state: RunState, gradient: Parameters, numbers: Numbers
    ) -> tuple[Parameters, Any]:
        """Returns what is to be added to the parameters, and the optimizer's next state."""
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
        return update, optimizer

    def _observer(self, flags: Flags) -> Observe:
        """Returns what is computed at every site of a step."""
        steepest = steepest_slope(self.function) if self.everything else 1.0
        names = MOMENTS + SHAPE + COSTLY if self.everything else MOMENTS

        def observe(preactivation: Array, activation: Array | None) -> Array:
            h, a = jax.lax.stop_gradient((preactivation, activation))

            def measure() -> Array:
                if not self.everything:
                    return site_moments(h, a)
                return site_statistics(h, a, self.function, steepest, flags.spectral)

            return only_if(flags.measured, measure, names, h.dtype)

        return observe

    def _measured(
        self,
        state: RunState,
        gradient: Parameters,
        inputs: Array,
        numbers: Numbers,
        flags: Flags,
        end: Array,
    ) -> Measurement:
        """Returns what is measured of the weights, and the histograms that are kept."""
        found: Measurement = {}
        if self.everything:
            found["gradient_norm"] = only_if(
                flags.measured, lambda: global_norm(gradient)[None], ("norm",), jnp.float32
            )[0]
            found["weights"] = only_if(
                flags.measured,
                lambda: self._weights(state, gradient, numbers, flags.spectral),
                KERNEL + SYMMETRY,
                self.spec.dtype,
                len(self.network.sites),
            )
        if "histograms" in self.spec.measure.keep:
            found["histograms"] = only_if(
                end,
                lambda: self._histograms(state.parameters, inputs),
                BINS,
                jnp.float32,
                len(self.network.sites),
            )
        return found

    def _weights(
        self, state: RunState, gradient: Parameters, numbers: Numbers, spectral: Array
    ) -> Array:
        """Returns the statistics of the weight layer of every site, `(site, statistic)`."""
        # Computed here again, so that a step that is not measured never has to store it.
        update, _ = self._update(state, gradient, numbers)

        def one(arrays: tuple[Array, Array, Array]) -> Array:
            kernel, slope, change = arrays
            return weight_statistics(kernel, slope, change, spectral)

        rows = []
        for stack in self.network.stacks:
            trees = (state.parameters, gradient, update)
            kernel, slope, change = (
                jnp.asarray(at(t, (*stack.path, "kernel"))[...]) for t in trees
            )
            arrays = (kernel, slope, change)
            rows.append(jax.lax.map(one, arrays) if stack.stacked else one(arrays)[None])
        return self.network.at_sites(jnp.concatenate(rows))

    def _evaluated(
        self,
        parameters: Parameters,
        statistics: Statistics,
        numbers: Numbers,
        images: Images,
        flags: Flags,
    ) -> Measurement:
        """Returns loss and accuracy on the test and the validation part, where spectral."""
        if not self.everything:
            return {}
        parts = {"test": (images.test, images.test_labels)}
        if len(images.validation):
            parts["validation"] = (images.validation, images.validation_labels)
        found: Measurement = {}
        for part, (pixels, labels) in parts.items():

            def measure(pixels: Array = pixels, labels: Array = labels) -> Array:
                passing = Pass(statistics=statistics)
                logits = self.network.passed(parameters, self.scaled(pixels, numbers), passing)
                return jnp.stack(self._losses(logits, labels))

            names = (f"{part}_loss", f"{part}_accuracy")
            loss, accuracy = only_if(flags.spectral, measure, names, jnp.float32)
            found |= dict(zip(names, (loss, accuracy), strict=True))
        return found

    def _histograms(self, parameters: Parameters, inputs: Array) -> Array:
        """Returns a histogram of the activations of every site, `(site, bin)`."""

        def observe(preactivation: Array, activation: Array | None) -> Array:
            return activation_histogram(preactivation if activation is None else activation)

        _, histograms = self.network.apply(parameters, inputs, None, observe)
        return jnp.asarray(histograms)
