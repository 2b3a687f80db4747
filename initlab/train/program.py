"""A training program: what is compiled for one signature, and how runs go through it."""

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.sharding import Mesh

from initlab.data import ImageSet, input_scaling, split_validation
from initlab.data.augmentation import augment
from initlab.initializers import SCHEMES
from initlab.models import Network, Parameters, build_network
from initlab.models.passing import Statistics
from initlab.spec.architecture import layers_of
from initlab.spec.law import Law
from initlab.spec.memory import runs_per_device
from initlab.spec.schedule import make_schedule
from initlab.spec.schema import RunSpec
from initlab.train.batches import make_batches
from initlab.train.chunks import cut
from initlab.train.devices import by_run, everywhere
from initlab.train.loop import make_chunk_program
from initlab.train.scheme import make_scheme_program
from initlab.train.state import NOT_DIVERGED, Images, RunState, run_numbers
from initlab.train.step import Trainer

type Measured = dict[str, np.ndarray]
type Tick = Callable[[int], None]


@dataclass(frozen=True)
class BatchResult:
    """What came of one batch of runs.

    Attributes:
        measured: `(run, measured step, ...)` arrays.
        diverged_at: the step at which each run diverged, -1 where it did not.
        slots: the slot of each run.
        parameters: the last ones, by slot; they stay on the devices until asked for.
        statistics: the last ones of batch normalization, likewise.
    """

    measured: Measured
    diverged_at: np.ndarray
    slots: np.ndarray
    parameters: Parameters
    statistics: Statistics


class Program:
    """The compiled program of one signature.

    Args:
        run: any run of the signature.
        function: the nonlinearity that `run.activation` names.
        images: the data set that `run.dataset` names, in the size that `run.image_size` asks for.
        mesh: the devices that share the runs.
        watched: False leaves every measurement out, for benchmarks.
    """

    def __init__(
        self,
        run: RunSpec,
        function: Callable[[Array], Array],
        images: ImageSet,
        mesh: Mesh,
        *,
        watched: bool = True,
    ) -> None:
        train, validation = split_validation(images, run.validation_fraction)
        self.run = run
        self.mesh = mesh
        self.network = network_of(run, function, images)
        self.chunks = cut(make_schedule(run.measure, run.steps))
        self._images = images
        self._train_part = images.train_images[train]
        self._scalings: dict[str, tuple[float, float]] = {}
        self._schemes: dict[Law, Callable[..., tuple[Parameters, Array]]] = {}
        parts = (
            self._train_part,
            images.train_labels[train],
            images.train_images[validation],
            images.train_labels[validation],
            images.test_images,
            images.test_labels,
        )
        self._data = Images(*jax.device_put(parts, everywhere(mesh)))
        changes = run.augmentation
        augment_ = augment(changes, max_value=images.max_value) if changes else None
        self.trainer = Trainer(self.network, function, run, watched, augment_)
        self.slots = runs_per_device(run) * mesh.size
        self._batches = batches_of(len(train), run.batch_size, len(self.chunks[0].measured), mesh)
        started = time.monotonic()
        self._start, self._advance = self._compile()
        self.compile_seconds = time.monotonic() - started

    def numbers(self, run: RunSpec) -> dict[str, np.ndarray]:
        """Returns the scalars that tell `run` from the other runs of the signature."""
        if run.inputs not in self._scalings:
            self._scalings[run.inputs] = input_scaling(
                self._train_part, self._images.max_value, run.inputs
            )
        return run_numbers(run, *self._scalings[run.inputs])

    def parts(self, run: RunSpec) -> list[tuple[np.ndarray, np.ndarray]]:
        """Returns the images that train, that validate and that test, as a run sees them, labelled.

        Args:
            run: of the signature.
        """
        numbers, data = self.numbers(run), self._images
        train, validation = split_validation(data, run.validation_fraction)
        pairs = [(data.train_images[part], data.train_labels[part]) for part in (train, validation)]
        return [
            (np.asarray((images - numbers["shift"]) * numbers["scale"], np.float32), labels)
            for images, labels in [*pairs, (data.test_images, data.test_labels)]
        ]

    def __call__(
        self,
        runs: Sequence[RunSpec],
        parameters: Parameters,
        tick: Tick = lambda steps: None,
        statistics: Statistics = None,
    ) -> BatchResult:
        """Trains at most `slots` runs and returns what was measured.

        Args:
            runs: runs of this signature.
            parameters: their first values, stacked on a leading run axis, on the host.
            tick: called with the number of run-steps made, after each chunk.
            statistics: first values of what batch normalization divides by, stacked likewise; they
                are read where layers are frozen.
        """
        seats, placed, numbers, filled = self._placed(runs, parameters)
        state = self._start(placed, numbers)
        del placed  # as large as the parameters themselves
        if statistics is not None:
            seated = jax.tree.map(lambda leaf: leaf[seats], statistics)
            state = state._replace(statistics=jax.device_put(seated, by_run(self.mesh)))
        found: list[Measured] = []
        for chunk in self.chunks:
            batches = self._batches(numbers["seed"], chunk.first)
            state, measured = self._advance(
                state, numbers, batches, filled, self._data, *chunk.arrays
            )
            found.append(
                {name: np.asarray(rows)[:, : chunk.rows] for name, rows in measured.items()}
            )
            tick(int(chunk.number) * len(runs))
        order = np.unique(seats, return_index=True)[1]
        joined = {
            name: np.concatenate([part[name] for part in found], axis=1)[order] for name in found[0]
        }
        diverged_at = np.asarray(state.diverged_at)[order]
        return BatchResult(joined, diverged_at, order, state.parameters, state.statistics)

    def initialize(
        self, law: Law, runs: Sequence[RunSpec], parameters: Parameters
    ) -> tuple[Parameters, np.ndarray]:
        """Returns what a scheme makes of drawn parameters, on the host, and its passes a run.

        Args:
            law: names the scheme, which is compiled when it is first asked for.
            runs: at most `slots` runs of this signature.
            parameters: as they were drawn, stacked on a leading run axis, on the host.
        """
        seats, placed, numbers, filled = self._placed(runs, parameters)
        first = self._batches(numbers["seed"], 0)[:, 0]
        if law not in self._schemes:
            scheme = SCHEMES[law.name](**law.arguments())
            self._schemes[law] = jax.jit(make_scheme_program(scheme, self.trainer, self.mesh))
        with jax.default_matmul_precision(self.run.matmul_precision):
            changed, passes = self._schemes[law](placed, numbers, first, filled, self._data)
        order = np.unique(seats, return_index=True)[1]
        host: Parameters = jax.tree.map(lambda leaf: np.asarray(leaf)[order], changed)
        return host, np.asarray(passes)[order]

    def memory(self) -> int:
        """Returns the bytes of temporary memory of the compiled loop, all devices together."""
        analysis: Any = self._advance.memory_analysis()
        return int(analysis.temp_size_in_bytes)

    def _placed(
        self, runs: Sequence[RunSpec], parameters: Parameters
    ) -> tuple[np.ndarray, Parameters, dict[str, Array], Array]:
        """Returns the run of each slot, and on the devices parameters, numbers, filled slots."""
        filled, seats = self._seats(len(runs))
        numbers = [self.numbers(run) for run in runs]
        stacked = jax.tree.map(lambda *rows: np.stack(rows)[seats], *numbers)
        seated = jax.tree.map(lambda leaf: leaf[seats], parameters)
        placed, on_device, filled_ = jax.device_put((seated, stacked, filled), by_run(self.mesh))
        return seats, placed, on_device, filled_

    def _seats(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Returns how many slots of each device are filled, and which run sits in each slot."""
        devices = self.mesh.size
        each = self.slots // devices
        filled = np.array([len(part) for part in np.array_split(np.arange(count), devices)])
        seats = np.zeros((devices, each), np.int32)
        start = 0
        for device, number in enumerate(filled):
            own = np.arange(start, start + number)
            fallback = own[-1] if number else 0
            seats[device] = np.concatenate([own, np.full(each - number, fallback)])
            start += number
        return filled.astype(np.int32), seats.reshape(-1)

    def _compile(self) -> tuple[Callable[..., RunState], jax.stages.Compiled]:
        """Compiles the making of first states and the loop, for full slots."""
        sharding = by_run(self.mesh)

        def slotted(leaf: jax.ShapeDtypeStruct) -> jax.ShapeDtypeStruct:
            return jax.ShapeDtypeStruct((self.slots, *leaf.shape), leaf.dtype, sharding=sharding)

        example = self.numbers(self.run)
        numbers = jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype), example)
        shapes = jax.tree.map(slotted, (self.network.parameters, numbers))
        start = jax.jit(jax.vmap(self._first_state), out_shardings=sharding, donate_argnums=0)
        state = jax.tree.map(
            lambda leaf: jax.ShapeDtypeStruct(leaf.shape, leaf.dtype, sharding=sharding),
            jax.eval_shape(start, *shapes),
        )
        filled = jax.ShapeDtypeStruct((self.mesh.size,), np.int32, sharding=sharding)
        batches = jax.eval_shape(self._batches, shapes[1]["seed"], 0)
        chunk = self.chunks[0].arrays
        program = jax.jit(make_chunk_program(self.trainer, self.mesh), donate_argnums=0)
        lowered = program.lower(state, shapes[1], batches, filled, self._data, *chunk)
        compiled = lowered.compile()
        return start.lower(*shapes).compile(), compiled

    def _first_state(self, parameters: Parameters, numbers: dict[str, Array]) -> RunState:
        """Returns the state of a run before its first step."""
        empty = jax.tree.map(
            lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), self.network.statistics
        )
        return RunState(
            parameters,
            empty,
            self.trainer.optimizer(numbers).init(parameters),
            jnp.zeros(self.run.batch_size, jnp.int32),
            jnp.int32(0),
            jnp.int32(NOT_DIVERGED),
        )


def network_of(run: RunSpec, function: Callable[[Array], Array], images: ImageSet) -> Network:
    """Returns the model that `run` names, for these images."""
    return build_network(
        layers_of(run),
        image_shape=images.train_images.shape[1:],
        activation=function,
        dtype=run.dtype,
    )


@functools.cache
def batches_of(num_train: int, batch_size: int, length: int, mesh: Mesh) -> Callable[..., Array]:
    """Returns the drawing of batches, compiled once for all programs that share its sizes."""
    return make_batches(num_train, batch_size, length, mesh)
