"""The compiled loop: a chunk of steps, for many runs, over all devices."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import Array
from jax.sharding import Mesh, PartitionSpec

from initlab.models.stacked import entry, with_entry
from initlab.train.devices import RUNS
from initlab.train.state import Flags, Images, Measurement, Numbers, RunState
from initlab.train.step import Trainer

type Shapes = dict[str, jax.ShapeDtypeStruct]
type Step = Callable[[RunState, Numbers, Images, Flags], tuple[RunState, Measurement]]


def make_chunk_program(trainer: Trainer, mesh: Mesh) -> Callable[..., tuple[RunState, Measurement]]:
    """Returns the function that advances a batch of runs by one chunk, ready to be compiled.

    The runs of a device are walked one by one, each for the whole chunk: a run's numbers depend
    on nothing but itself, and its parameters stay in the core's cache.

    Its arguments are the stacked states and numbers of the runs, the batches `(run, step, image)`
    that they see, how many of each device's slots are filled `(device,)`, the images, and the
    arrays of a `Chunk`. It returns the stacked states, and measurements `(run, row, ...)`.
    """

    step = jax.jit(trainer.step)

    def on_device(
        states: RunState,
        numbers: Numbers,
        batches: Array,
        filled: Array,
        images: Images,
        *chunk: Array,
    ) -> tuple[RunState, Measurement]:
        """Advances the runs of one device."""

        def one(index: Array, carry: tuple[RunState, Measurement]) -> tuple[RunState, Measurement]:
            states, found = carry
            state, own, batch = entry((states, numbers, batches), index)
            row = index * rows
            after, found = advance(step, state, own, batch, images, found, row, *chunk)
            return with_entry(states, index, after), found

        rows, slots = len(chunk[0]) + 1, len(states.step)
        shapes = _measurement_shapes(step, entry((states, numbers, batches), 0), images)
        empty = _empty(shapes, slots * rows)
        states, found = jax.lax.fori_loop(0, filled[0], one, (states, empty))
        return states, {
            name: leaf.reshape(slots, rows, *leaf.shape[1:]) for name, leaf in found.items()
        }

    runs, whole = PartitionSpec(RUNS), PartitionSpec()
    return jax.shard_map(
        on_device,
        mesh=mesh,
        in_specs=(runs, runs, runs, runs, whole, whole, whole, whole),
        out_specs=runs,
        check_vma=False,
    )


def advance(
    step: Step,
    state: RunState,
    numbers: Numbers,
    batches: Array,
    images: Images,
    found: Measurement,
    row: Array,
    measured: Array,
    spectral: Array,
    number: Array,
) -> tuple[RunState, Measurement]:
    """Returns one run's state after a chunk, and `found` with its measured steps, from `row` on.

    Rows are written where they stay: a run that gathered its own would hold them twice.
    """

    def one(
        index: Array, carry: tuple[RunState, Measurement, Array]
    ) -> tuple[RunState, Measurement, Array]:
        state, found, row = carry
        flags = Flags(batches[index], measured[index], spectral[index])
        state, measurement = step(state, numbers, images, flags)
        return state, with_entry(found, row, measurement), row + measured[index]

    state, found, _ = jax.lax.fori_loop(0, number, one, (state, found, row))
    return state, found


def _measurement_shapes(step: Step, run: tuple[RunState, Numbers, Array], images: Images) -> Shapes:
    """Returns the shapes of what a step measures."""
    state, numbers, batches = run
    flags = Flags(batches[0], jnp.bool_(False), jnp.bool_(False))
    shapes: Shapes = jax.eval_shape(step, state, numbers, images, flags)[1]
    return shapes


def _empty(shapes: Shapes, rows: int) -> Measurement:
    """Returns room for this many measured steps."""
    return {name: jnp.zeros((rows, *leaf.shape), leaf.dtype) for name, leaf in shapes.items()}
