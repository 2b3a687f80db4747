"""Which images each step sees: shuffled epochs, drawn by a small program of their own."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import Array
from jax.sharding import Mesh, PartitionSpec

from initlab.train.devices import by_run
from initlab.train.keys import ORDER, purpose_key


def make_batches(num_train: int, batch_size: int, length: int, mesh: Mesh) -> Callable[..., Array]:
    """Returns a compiled function from seeds `(run,)` and a first step to batches.

    Every epoch of a run is a permutation of the training images, drawn from the run's seed and
    the number of the epoch; what does not fill a last batch is left out of that epoch.

    Args:
        num_train: number of training images, at least `batch_size`.
        batch_size: images a batch.
        length: how many steps are drawn at once.
        mesh: the devices that the runs are spread on.

    Returns:
        A function whose result is `(run, length, batch_size)` indices of training images.
    """
    per_epoch = num_train // batch_size
    epochs = (length + per_epoch - 2) // per_epoch + 1

    def one_epoch(key: Array, epoch: Array) -> Array:
        order = jax.random.permutation(jax.random.fold_in(key, epoch), num_train)
        return order[: per_epoch * batch_size].reshape(per_epoch, batch_size)

    def one_run(seed: Array, first: Array) -> Array:
        key = purpose_key(seed, ORDER)
        numbers = first // per_epoch + jnp.arange(epochs)
        batches = jax.lax.map(lambda epoch: one_epoch(key, epoch), numbers)
        flat = batches.reshape(epochs * per_epoch, batch_size)
        chosen: Array = jax.lax.dynamic_slice_in_dim(flat, first % per_epoch, length)
        return chosen

    def many(seeds: Array, first: Array) -> Array:
        batches: Array = jax.lax.map(lambda seed: one_run(seed, first), seeds)
        return batches

    runs = by_run(mesh).spec
    return jax.jit(
        jax.shard_map(
            many, mesh=mesh, in_specs=(runs, PartitionSpec()), out_specs=runs, check_vma=False
        )
    )
