"""The compiled loop: plain and measured steps of one run, and of many runs over all devices."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax import Array
from jax.sharding import Mesh, PartitionSpec

from initlab.measure.histogram import NUM_BINS, activation_histogram
from initlab.measure.moments import root_mean_square
from initlab.measure.site import COSTLY, site_costly, site_moments, site_shape, steepest_slope
from initlab.measure.tap import BACKWARD
from initlab.measure.weights import SYMMETRY, kernel_statistics, symmetry_statistics
from initlab.models import Network, Parameters
from initlab.spec.schema import RunSpec
from initlab.train.devices import RUNS
from initlab.train.keys import ORDER, purpose_key
from initlab.train.optimizer import learning_rate_at, make_optimizer
from initlab.train.state import Images, RunState

type Numbers = dict[str, Array]
type Measurement = dict[str, Array]


@dataclass(frozen=True)
class Trainer:
    """The steps of one run, as pure functions of its state, its numbers and the images.

    Attributes:
        network: the model taken apart.
        function: the nonlinearity.
        spec: any run of the signature; only fields of the signature are read.
        num_train: number of training examples.
    """

    network: Network
    function: Callable[[Array], Array]
    spec: RunSpec
    num_train: int

    def optimizer(self, numbers: Numbers) -> optax.GradientTransformation:
        """Returns the optimizer with a run's numbers."""
        clipped, decayed = self.spec.gradient_clip != "none", self.spec.weight_decay > 0
        return make_optimizer(self.spec.optimizer, numbers, clipped=clipped, decayed=decayed)

    def scaled(self, images: Array, numbers: Numbers) -> Array:
        """Returns pixels as the network sees them."""
        return ((images - numbers["shift"]) * numbers["scale"]).astype(self.spec.dtype)

    def batch(
        self, state: RunState, numbers: Numbers, images: Images
    ) -> tuple[Array, Array, Array]:
        """Returns inputs, labels and the epoch's order for the batch of this step."""
        size = self.spec.batch_size
        per_epoch = self.num_train // size
        key = jax.random.fold_in(purpose_key(numbers["seed"], ORDER), state.step // per_epoch)
        order = jax.lax.cond(
            state.step % per_epoch == 0,
            lambda: jax.random.permutation(key, self.num_train),
            lambda: state.order,
        )
        start = (state.step % per_epoch) * size
        chosen = jax.lax.dynamic_slice(order, (start,), (size,))
        return self.scaled(images.train[chosen], numbers), images.train_labels[chosen], order

    def losses(self, logits: Array, labels: Array) -> tuple[Array, Array]:
        """Returns the mean loss and the accuracy of a batch."""
        logits = logits.astype(jnp.float32)
        if self.spec.loss == "mse":
            wanted = jax.nn.one_hot(labels, logits.shape[-1])
            loss = 0.5 * jnp.mean(jnp.sum((logits - wanted) ** 2, axis=-1))
        else:
            loss = jnp.mean(optax.softmax_cross_entropy_with_integer_labels(logits, labels))
        return loss, jnp.mean(jnp.argmax(logits, axis=-1) == labels)

    def updated(
        self, state: RunState, gradient: Parameters, loss: Array, order: Array, numbers: Numbers
    ) -> tuple[RunState, Parameters]:
        """Returns the state after this step's update, and the update itself.

        Where the loss or a gradient is not finite, or was before, parameters, optimizer and
        step stay as they are.
        """
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
        update = jax.tree.map(lambda u: (-rate * u).astype(u.dtype), transformed)
        alive = state.diverged_at < 0
        finite = jnp.isfinite(loss) & all_finite(gradient)
        goes_on = alive & finite & (state.step < self.spec.steps)

        def keep(new: Array, old: Array) -> Array:
            return jnp.where(goes_on, new, old)

        after = RunState(
            jax.tree.map(keep, optax.apply_updates(state.parameters, update), state.parameters),
            jax.tree.map(keep, optimizer, state.optimizer),
            order,
            state.step + goes_on,
            jnp.where(alive & ~finite, state.step, state.diverged_at),
        )
        return after, update

    def plain_step(self, state: RunState, numbers: Numbers, images: Images) -> RunState:
        """Returns the state after one step without measurement."""
        inputs, labels, order = self.batch(state, numbers, images)

        def objective(parameters: Parameters) -> Array:
            return self.losses(self.network.apply(parameters, inputs)[0], labels)[0]

        loss, gradient = jax.value_and_grad(objective)(state.parameters)
        return self.updated(state, gradient, loss, order, numbers)[0]

    def measured_step(
        self, state: RunState, numbers: Numbers, images: Images, spectral: Array
    ) -> tuple[RunState, Measurement]:
        """Returns the state after one step, and everything that was measured before its update."""
        inputs, labels, order = self.batch(state, numbers, images)
        observe = self._observer(spectral)

        def objective(parameters: Parameters, slots: Array) -> tuple[Array, tuple[Array, Array]]:
            logits, seen = self.network.apply(parameters, inputs, slots, observe)
            loss, accuracy = self.losses(logits, labels)
            return loss, (accuracy, seen)

        slots = jnp.zeros((len(self.network.sites), len(BACKWARD)), self.spec.dtype)
        (loss, (accuracy, seen)), (gradient, backward) = jax.value_and_grad(
            objective, argnums=(0, 1), has_aux=True
        )(state.parameters, slots)
        after, update = self.updated(state, gradient, loss, order, numbers)
        measurement = {
            "step": state.step,
            "was_alive": state.diverged_at < 0,
            "train_loss": loss,
            "train_accuracy": accuracy,
            "sites": seen,
            "backward": backward,
        }
        if self.spec.measure.statistics == "all":
            measurement["gradient_norm"] = global_norm(gradient)
            measurement["weights"] = self._weights(state.parameters, gradient, update, spectral)
            measurement |= self._evaluated(state.parameters, numbers, images, spectral)
        if "histograms" in self.spec.measure.keep:
            measurement["histograms"] = self._histograms(state, inputs)
        return after, measurement

    def _observer(self, spectral: Array) -> Callable[[Array, Array | None], Array]:
        """Returns what is computed at every site of a measured step."""
        everything = self.spec.measure.statistics == "all"
        steepest = steepest_slope(self.function)

        def observe(preactivation: Array, activation: Array | None) -> Array:
            h = jax.lax.stop_gradient(preactivation)
            a = None if activation is None else jax.lax.stop_gradient(activation)
            if not everything:
                return site_moments(h, a)
            costly = jax.lax.cond(
                spectral,
                lambda: site_costly(h, a),
                lambda: jnp.full((len(COSTLY),), jnp.nan, h.dtype),
            )
            shape = site_shape(h, a, self.function, steepest)
            return jnp.concatenate([site_moments(h, a), shape, costly])

        return observe

    def _weights(
        self, parameters: Parameters, gradient: Parameters, update: Parameters, spectral: Array
    ) -> Array:
        """Returns the statistics of every weight layer, `(layer, statistic)`."""

        def one(kernels: tuple[Array, Array, Array]) -> Array:
            kernel, kernel_gradient, kernel_update = kernels
            symmetry = jax.lax.cond(
                spectral,
                lambda: symmetry_statistics(kernel, kernel_gradient),
                lambda: jnp.full((len(SYMMETRY),), jnp.nan, kernel.dtype),
            )
            return jnp.concatenate(
                [kernel_statistics(kernel, kernel_gradient, kernel_update), symmetry]
            )

        rows = []
        for stack in self.network.stacks:
            kernels = tuple(
                tree[stack.name]["kernel"][...] for tree in (parameters, gradient, update)
            )
            rows.append(jax.lax.map(one, kernels) if stack.stacked else one(kernels)[None])
        return jnp.concatenate(rows)

    def _evaluated(
        self, parameters: Parameters, numbers: Numbers, images: Images, spectral: Array
    ) -> Measurement:
        """Returns loss and accuracy on the test and the validation part, where spectral."""

        def measure(pixels: Array, labels: Array) -> Callable[[], tuple[Array, Array]]:
            return lambda: self.losses(
                self.network.apply(parameters, self.scaled(pixels, numbers))[0], labels
            )

        nothing = (jnp.float32(jnp.nan), jnp.float32(jnp.nan))
        parts = {"test": (images.test, images.test_labels)}
        if len(images.validation):
            parts["validation"] = (images.validation, images.validation_labels)
        found = {}
        for part, (pixels, labels) in parts.items():
            loss, accuracy = jax.lax.cond(spectral, measure(pixels, labels), lambda: nothing)
            found |= {f"{part}_loss": loss, f"{part}_accuracy": accuracy}
        return found

    def _histograms(self, state: RunState, inputs: Array) -> Array:
        """Returns histograms of the activations at the first and the last step, `(site, bin)`."""

        def observe(preactivation: Array, activation: Array | None) -> Array:
            return activation_histogram(preactivation if activation is None else activation)

        ends = (state.step == 0) | (state.step == self.spec.steps)
        return jax.lax.cond(
            ends,
            lambda: self.network.apply(state.parameters, inputs, None, observe)[1],
            lambda: jnp.zeros((len(self.network.sites), NUM_BINS), jnp.float32),
        )


def all_finite(tree: Any) -> Array:
    """Tells whether every entry of every array is finite; the sum of zeros is zero only then."""
    return jnp.stack([jnp.sum(leaf * 0) == 0 for leaf in jax.tree.leaves(tree)]).all()


def global_norm(tree: Any) -> Array:
    """Returns the Euclidean norm over all arrays together, right over the range of float32."""
    norms = jnp.stack(
        [root_mean_square(leaf) * jnp.sqrt(float(leaf.size)) for leaf in jax.tree.leaves(tree)]
    )
    largest = jnp.max(norms)
    scale = jnp.where((largest > 0) & jnp.isfinite(largest), largest, 1.0)
    return jnp.sqrt(jnp.sum((norms / scale) ** 2)) * scale


def make_chunk_program(trainer: Trainer, mesh: Mesh) -> Callable[..., tuple[RunState, Measurement]]:
    """Returns the function that advances a batch of runs by one chunk, ready to be compiled.

    The runs of a device are walked one by one, each for the whole chunk: a run's numbers depend
    on nothing but itself, and its parameters stay in the core's cache.

    Its arguments are the stacked states and numbers of the runs, how many of each device's slots
    are filled `(device,)`, the images, and the arrays of a `Chunk`. It returns the stacked states, and measurements `(run, measured step, ...)`.
    """

    def advance(
        state: RunState,
        numbers: Numbers,
        images: Images,
        measured: Array,
        spectral: Array,
        plain: Array,
        number: Array,
    ) -> tuple[RunState, Measurement]:
        """Advances one run by the chunk."""

        def plain_step(_: Array, state: RunState) -> RunState:
            return trainer.plain_step(state, numbers, images)

        def stretch(
            index: Array, carry: tuple[RunState, Measurement]
        ) -> tuple[RunState, Measurement]:
            def measured_step(
                _: Array, carry: tuple[RunState, Measurement]
            ) -> tuple[RunState, Measurement]:
                state, found = carry
                state, one = trainer.measured_step(state, numbers, images, spectral[index])
                return state, jax.tree.map(lambda all_, x: all_.at[index].set(x), found, one)

            state, found = jax.lax.fori_loop(0, measured[index], measured_step, carry)
            return jax.lax.fori_loop(0, plain[index], plain_step, state), found

        shapes = jax.eval_shape(trainer.measured_step, state, numbers, images, spectral[0])[1]
        empty = jax.tree.map(lambda x: jnp.zeros((len(plain), *x.shape), x.dtype), shapes)
        return jax.lax.fori_loop(0, number, stretch, (state, empty))

    def on_device(
        states: RunState,
        numbers: Numbers,
        filled: Array,
        images: Images,
        *chunk: Array,
    ) -> tuple[RunState, Measurement]:
        """Advances the runs of one device."""

        def one(index: Array, carry: tuple[RunState, Measurement]) -> tuple[RunState, Measurement]:
            states, found = carry
            pick = lambda tree: jax.tree.map(lambda leaf: leaf[index], tree)  # noqa: E731
            after, measurement = advance(pick(states), pick(numbers), images, *chunk)
            put = lambda all_, one: all_.at[index].set(one)  # noqa: E731
            return jax.tree.map(put, states, after), jax.tree.map(put, found, measurement)

        first = jax.tree.map(lambda leaf: leaf[0], (states, numbers))
        shapes = jax.eval_shape(lambda s, n: advance(s, n, images, *chunk)[1], *first)
        slots = len(states.step)
        empty = jax.tree.map(lambda x: jnp.zeros((slots, *x.shape), x.dtype), shapes)
        return jax.lax.fori_loop(0, filled[0], one, (states, empty))

    runs, whole = PartitionSpec(RUNS), PartitionSpec()
    return jax.shard_map(
        on_device,
        mesh=mesh,
        in_specs=(runs, runs, runs, whole, whole, whole, whole, whole),
        out_specs=runs,
        check_vma=False,
    )
