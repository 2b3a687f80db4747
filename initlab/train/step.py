"""One step of one run: gradient, measurement, update, as pure functions of arrays."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax import Array
from jaxtyping import PRNGKeyArray

from initlab.data.augmentation import Augmentation
from initlab.measure.gradient import all_finite
from initlab.measure.tap import BACKWARD
from initlab.models import Parameters, Pass
from initlab.models.passing import Statistics
from initlab.train.freezing import held_statistics
from initlab.train.keys import AUGMENTATION, DROPOUT, purpose_key
from initlab.train.measuring import evaluated, measured, observer
from initlab.train.probes import probed
from initlab.train.state import Flags, Images, Measurement, Numbers, RunState
from initlab.train.task import Task

NEW_SHARE = 0.1  # of a batch in the running average of what normalization divides by


@dataclass(frozen=True)
class Trainer(Task):
    """The step of a run, for every run of one signature.

    Attributes:
        watched: False leaves every measurement out of the program, for benchmarks.
        augment: changes the images of a step at random, by a key; None leaves them as they are.
    """

    watched: bool = True
    augment: Augmentation | None = None

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
        pixels, labels = images.train[batch], images.train_labels[batch]
        if self.augment is not None:
            pixels = self.augment(_step_key(state, numbers, AUGMENTATION), pixels)
        inputs = self.scaled(pixels, numbers)
        observe = observer(self, flags) if self.watched else None

        def objective(parameters: Parameters, slots: Array | None) -> tuple[Array, Any]:
            key = _step_key(state, numbers, DROPOUT) if self.network.draws else None
            passing = Pass(slots, observe, given, key, held=held)
            logits = self.network.passed(parameters, inputs, passing)
            loss, accuracy = self.losses(logits, labels)
            for weight, answer in passing.answers:
                loss += weight * self.losses(answer, labels)[0]
            return loss, (accuracy, passing.seen, passing.found)

        held = given = None
        if self.spec.multiplied and jax.tree.leaves(self.network.statistics):
            held = held_statistics(self.spec, self.network, numbers, state.step)
            given = state.statistics
        slots = jnp.full((len(self.network.sites), len(BACKWARD)), flags.measured, self.spec.dtype)
        (loss, (accuracy, seen, found)), (gradient, backward) = jax.value_and_grad(
            objective, argnums=(0, 1), has_aux=True
        )(state.parameters, slots if self.watched else None)
        statistics = self._averaged(state, found)
        end = flags.measured & ((state.step == 0) | (state.step == self.spec.steps))
        measurement = {"step": state.step, "train_loss": loss, "train_accuracy": accuracy}
        if self.watched:
            measurement |= {"sites": seen, "backward": backward}
            measurement |= measured(self, state, gradient, inputs, numbers, flags, end)
            measurement |= evaluated(self, state.parameters, statistics, numbers, images, flags)
            last = flags.measured & (state.step == self.spec.steps)
            measurement |= probed(self, state.parameters, statistics, numbers, images, last)
        # What is measured is measured before parameters are overwritten, else they are copied.
        state, gradient, measurement = jax.lax.optimization_barrier((state, gradient, measurement))
        finite = jnp.isfinite(loss) & all_finite(gradient)
        goes_on = alive & finite & (state.step < self.spec.steps)

        def keep(new: Array, old: Array) -> Array:
            return jnp.where(goes_on, new, old)

        update, _ = self.update(state, gradient, numbers)
        parameters = optax.apply_updates(state.parameters, update)
        parameters = jax.tree.map(keep, parameters, state.parameters)
        # Parameters are done with the optimizer's old state before it is overwritten, else that
        # would be copied; so the update is computed twice, which is cheaper.
        parameters, before = jax.lax.optimization_barrier((parameters, state.optimizer))
        _, optimizer = self.update(state._replace(optimizer=before), gradient, numbers)
        after = RunState(
            parameters,
            jax.tree.map(keep, statistics, state.statistics),
            jax.tree.map(keep, optimizer, before),
            batch,
            state.step + goes_on,
            jnp.where(alive & ~finite, state.step, state.diverged_at),
        )
        return after, measurement

    def _averaged(self, state: RunState, found: Statistics) -> Statistics:
        """Returns the running average of what batch normalization noted down, this batch in it."""
        share = jnp.where(state.step == 0, 1.0, NEW_SHARE)
        return jax.tree.map(
            lambda old, new: (old + share * (new - old)).astype(old.dtype), state.statistics, found
        )


def _step_key(state: RunState, numbers: Numbers, purpose: int) -> PRNGKeyArray:
    """Returns a run's key for one purpose in one step, the same where a run stands still."""
    return jax.random.fold_in(purpose_key(numbers["seed"], purpose), state.step)
