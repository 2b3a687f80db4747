"""Schemes before step 0: drawn parameters, changed by what the first batch makes of them."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import Array
from jax.sharding import Mesh, PartitionSpec

from initlab.initializers import Batch, Scheme
from initlab.models import Parameters
from initlab.models.stacked import entry, with_entry
from initlab.train.devices import RUNS
from initlab.train.keys import SCHEME, purpose_key
from initlab.train.state import Images, Numbers
from initlab.train.step import Trainer


def make_scheme_program(
    scheme: Scheme, trainer: Trainer, mesh: Mesh
) -> Callable[..., tuple[Parameters, Array]]:
    """Returns the function that puts a batch of runs through a scheme, ready to be compiled.

    As in training the runs of a device are walked one by one: a run's numbers, and its passes,
    depend on nothing but itself. Its arguments are the stacked parameters and numbers of the
    runs, the batch `(run, image)` that each sees at step 0, how many of each device's slots are
    filled `(device,)`, and the images. It returns the stacked parameters, and passes `(run,)`.
    """
    model = trainer.loss_model

    def on_device(
        parameters: Parameters, numbers: Numbers, batches: Array, filled: Array, images: Images
    ) -> tuple[Parameters, Array]:
        """Puts the runs of one device through the scheme."""

        def one(index: Array, carry: tuple[Parameters, Array]) -> tuple[Parameters, Array]:
            own, mine, chosen = entry((carry[0], numbers, batches), index)
            inputs = trainer.scaled(images.train[chosen], mine)
            batch = Batch(inputs, images.train_labels[chosen])
            done = scheme(model, own, batch, purpose_key(mine["seed"], SCHEME))
            return with_entry(carry, index, (done.parameters, done.passes))

        start = (parameters, jnp.zeros(len(batches), jnp.int32))
        end: tuple[Parameters, Array] = jax.lax.fori_loop(0, filled[0], one, start)
        return end

    runs = PartitionSpec(RUNS)
    return jax.shard_map(
        on_device,
        mesh=mesh,
        in_specs=(runs, runs, runs, runs, PartitionSpec()),
        out_specs=runs,
        check_vma=False,
    )
