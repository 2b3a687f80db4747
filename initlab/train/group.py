"""A group, trained: programs and samplers are kept, so that a second group compiles nothing new."""

import functools
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import jax
import numpy as np
from jax import Array
from jax.sharding import Mesh

from initlab.data import load
from initlab.initializers import Initializer
from initlab.models import Parameters
from initlab.models.passing import Statistics
from initlab.spec.law import Law
from initlab.spec.layer_laws import layer_laws
from initlab.spec.memory import KEPT_PROGRAMS
from initlab.spec.plan import Group, signature
from initlab.spec.pretrained import Pretrained
from initlab.spec.recipes import ZEROS
from initlab.spec.schema import RunSpec
from initlab.train.devices import run_mesh
from initlab.train.kept import checkpoints, first_kernels, histograms, probes
from initlab.train.linear_probes import linear_probes
from initlab.train.named_arrays import Arrays, NamedArrays
from initlab.train.parameters import NamedLaw, Sampler
from initlab.train.predictions import make_predictions
from initlab.train.pretrained import Read, start_from_checkpoints
from initlab.train.program import Program
from initlab.train.records import Columns, Outcome, Records, make_records
from initlab.train.unchanged import require_frozen


@dataclass(frozen=True)
class Laws:
    """The functions behind the names of a specification, looked up once, by the worker.

    Attributes:
        activation: from a name to the nonlinearity.
        initializer: from a law to what draws from it.
        checkpoint: from a pretrained run to the arrays that it takes.
    """

    activation: Callable[[str], Callable[[Array], Array]]
    initializer: Callable[[Law], Initializer]
    checkpoint: Read


@dataclass(frozen=True)
class GroupResult:
    """What a group's training gave.

    Attributes:
        outcomes: how each run ended.
        passes: how many passes each run's scheme took, None where it has none.
        steps: columns of the table.
        layers: columns of the table.
        predictions: columns of the table.
        arrays: what is kept beside the tables, by name.
        checkpoints: by run id the arrays of its model after training, where they are kept.
        seconds: what took how long.
    """

    outcomes: tuple[Outcome, ...]
    passes: tuple[int | None, ...]
    steps: Columns
    layers: Columns
    predictions: Columns
    arrays: Arrays
    checkpoints: dict[str, Arrays]
    seconds: Mapping[str, float]


class GroupTrainer:
    """Trains groups one after another on all devices of this process.

    A sweep's groups come signature by signature: of the programs, the last four are kept, so that
    memory does not grow with the number of signatures.

    Attributes:
        mesh: the devices.
        programs: how many training programs were compiled.
    """

    def __init__(self, laws: Laws) -> None:
        self.mesh: Mesh = run_mesh()
        self._laws = laws
        self.programs = 0
        self._programs: dict[str, Future[Program]] = {}
        self._compiler = ThreadPoolExecutor(max_workers=1)
        self._samplers: dict[str, Sampler] = {}

    def prepare(self, group: Group) -> None:
        """Begins to compile a group's program, unless it is there, and returns at once.

        Compiling leaves a core half idle: what a next group needs is made while one trains.
        """
        key = signature(group.runs[0])
        if key in self._programs:
            return
        if len(self._programs) == KEPT_PROGRAMS:
            del self._programs[next(iter(self._programs))]
        self._programs[key] = self._compiler.submit(self._compile, group.runs[0])
        self.programs += 1

    def __call__(self, group: Group, tick: Callable[[int], None]) -> GroupResult:
        """Returns the records of every run of the group, in the group's order.

        Args:
            group: runs of one signature.
            tick: called after each piece of the work with the number of run-steps made, 0 where
                it was another.
        """
        compiling = time.monotonic()
        program = self._program(group)
        function = self._laws.activation(group.runs[0].activation.name)
        tick(0)
        seconds = {"compile": time.monotonic() - compiling, "sample": 0.0}
        seconds |= {"scheme": 0.0, "train": 0.0}
        records: list[Records] = []
        passes: list[int | None] = []
        arrays: Arrays = {}
        models: dict[str, Arrays] = {}
        for start in range(0, len(group.runs), program.slots):
            runs = group.runs[start : start + program.slots]
            sampling = time.monotonic()
            parameters, statistics = self._first_values(program, runs)
            initializing = time.monotonic()
            parameters, needed = _initialized(program, runs, parameters)
            passes += needed
            training = time.monotonic()
            tick(0)
            before = first_kernels(program, runs, parameters, np.arange(len(runs)), "initial")
            given = statistics if runs[0].multiplied else None
            result = program(runs, parameters, tick, given)
            seconds["sample"] += initializing - sampling
            seconds["scheme"] += training - initializing
            seconds["train"] += time.monotonic() - training
            records.append(make_records(runs, program.network.sites, result))
            arrays |= before | first_kernels(
                program, runs, result.parameters, result.slots, "final"
            )
            arrays |= histograms(runs, result)
            arrays |= probes(runs, result)
            arrays |= linear_probes(program, runs, result, function, tick)
            models |= checkpoints(runs, result)
            if any(run.frozen_layers for run in runs):
                require_frozen(runs, NamedArrays(runs[0], parameters, statistics), result)
            del parameters, statistics, result  # before the next batch is drawn beside them
        predicting = time.monotonic()
        predictions = make_predictions(group.runs, program.network, function)
        seconds["predict"] = time.monotonic() - predicting
        seconds["peak_memory_bytes"] = 1024.0 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return GroupResult(
            tuple(outcome for part in records for outcome in part.outcomes),
            tuple(passes),
            _joined([part.steps for part in records]),
            _joined([part.layers for part in records]),
            predictions,
            arrays,
            models,
            seconds,
        )

    def _program(self, group: Group) -> Program:
        """Returns the compiled program of a group's signature."""
        self.prepare(group)
        key = signature(group.runs[0])
        try:
            return self._programs[key].result()
        except BaseException:
            del self._programs[key]
            raise

    def _compile(self, run: RunSpec) -> Program:
        """Returns a program compiled now."""
        function = self._laws.activation(run.activation.name)
        with jax.default_matmul_precision(run.matmul_precision):
            return Program(run, function, load(run.dataset, run.image_size, run.classes), self.mesh)

    def _first_values(
        self, program: Program, runs: Sequence[RunSpec]
    ) -> tuple[Parameters, Statistics]:
        """Returns the first parameters and statistics of these runs: drawn, or a checkpoint's."""
        parameters = self._sample(program, runs)
        statistics = jax.tree.map(
            lambda leaf: np.zeros((len(runs), *leaf.shape), leaf.dtype),
            program.network.statistics,
        )
        if not any(isinstance(run.initializer, Pretrained) for run in runs):
            return parameters, statistics
        named = NamedArrays(runs[0], parameters, statistics)
        start_from_checkpoints(named, runs, self._laws.checkpoint)
        return named.parameters(program.network), named.statistics

    def _sample(self, program: Program, runs: Sequence[RunSpec]) -> Parameters:
        """Draws the first values of all parameters of these runs."""
        sampler = self._samplers.setdefault(runs[0].dtype, Sampler(self.mesh, runs[0].dtype))

        laws = [layer_laws(run) for run in runs]

        @functools.cache
        def named(law: Law) -> NamedLaw:
            # What a checkpoint gives needs no draw: anything cheap stands there before.
            drawn = ZEROS if isinstance(law, Pretrained) else law
            return drawn.label, self._laws.initializer(drawn)

        return sampler(
            program.network,
            [run.seed for run in runs],
            kernels=[[named(layer.kernel) for layer in own] for own in laws],
            biases=[[named(layer.bias) for layer in own] for own in laws],
        )


def _initialized(
    program: Program, runs: Sequence[RunSpec], parameters: Parameters
) -> tuple[Parameters, list[int | None]]:
    """Returns the parameters after each run's scheme, and how many passes it took."""
    passes: list[int | None] = [None] * len(runs)
    for law in dict.fromkeys(run.scheme for run in runs if run.scheme.name != "none"):
        chosen = [index for index, run in enumerate(runs) if run.scheme == law]
        if len(chosen) == len(runs):
            changed, needed = program.initialize(law, runs, parameters)
            return changed, needed.tolist()
        part = jax.tree.map(lambda leaf, chosen=chosen: leaf[chosen], parameters)
        changed, needed = program.initialize(law, [runs[index] for index in chosen], part)

        def put(leaf: np.ndarray, new: np.ndarray, chosen: list[int] = chosen) -> np.ndarray:
            whole = leaf.copy()
            whole[chosen] = new
            return whole

        parameters = jax.tree.map(put, parameters, changed)
        for index, number in zip(chosen, needed.tolist(), strict=True):
            passes[index] = number
    return parameters, passes


def _joined(parts: Sequence[Columns]) -> Columns:
    """Returns the columns of several batches, one below the other."""
    return {name: np.ma.concatenate([part[name] for part in parts]) for name in parts[0]}
