"""What is timed: programs of the laboratory, with first values drawn and all slots filled."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

import jax
from jax.sharding import Mesh

from benchmarks.workload import BATCH, DEPTH, LEARNING_RATE, MOMENTUM, Task
from initlab.data import load
from initlab.models import Parameters
from initlab.spec.law import Law
from initlab.spec.layer_laws import layer_laws
from initlab.spec.measure import Measure
from initlab.spec.schema import RunSpec
from initlab.train.devices import run_mesh
from initlab.train.group import Laws
from initlab.train.parameters import NamedLaw, Sampler
from initlab.train.program import BatchResult, Program
from initlab.worker import make_laws

MOMENTS = Measure(steps="every", statistics="moments", spectral_steps=0)
ALL_BUT_COSTLY = Measure(steps="every", statistics="all", spectral_steps=0)


def run_of(**fields: Any) -> RunSpec:
    """Returns a run of the task that every benchmark shares, but for these fields."""
    shared = {
        "depth": DEPTH,
        "batch_size": BATCH,
        "learning_rate": LEARNING_RATE,
        "momentum": MOMENTUM,
    }
    return RunSpec.model_validate(shared | fields)


def run_of_task(task: Task, **fields: Any) -> RunSpec:
    """Returns a run of a task, on the set whose images are of the task's size."""
    sized = {"model": task.model, "depth": task.depth, "width": task.width}
    dataset = "digits" if task.model == "mlp" else "fashion"
    return run_of(**sized, dataset=dataset, batch_size=task.batch, **fields)


def with_seed(run: RunSpec, seed: int) -> RunSpec:
    """Returns the same run with another seed."""
    fields = {name: getattr(run, name) for name in RunSpec.model_fields}
    return RunSpec.model_validate(fields | {"seed": seed})


@functools.cache
def devices() -> Mesh:
    """Returns the mesh of all devices."""
    return run_mesh()


@functools.cache
def laws() -> Laws:
    """Returns the laboratory's look-up of names."""
    return make_laws(None)


@functools.cache
def sampler() -> Sampler:
    """Returns the sampler that the benchmarks share."""
    return Sampler(devices())


@functools.cache
def compiled(run: RunSpec, *, watched: bool = True) -> Program:
    """Returns the compiled program of a run's signature, once a process."""
    return compile_program(run, watched=watched)


def compile_program(run: RunSpec, *, watched: bool = True) -> Program:
    """Returns a program compiled now."""
    function = laws().activation(run.activation.name)
    with jax.default_matmul_precision(run.matmul_precision):
        return Program(run, function, load(run.dataset, run.image_size), devices(), watched=watched)


def first_values(program: Program, runs: list[RunSpec]) -> Parameters:
    """Returns first values of the parameters of these runs, as a sweep draws them."""

    def named(chosen: Iterable[Law]) -> list[list[NamedLaw]]:
        return [[(law.label, laws().initializer(law)) for law in chosen]] * len(runs)

    own = layer_laws(runs[0])
    return sampler()(
        program.network,
        [run.seed for run in runs],
        kernels=named(layer.kernel for layer in own),
        biases=named(layer.bias for layer in own),
    )


def full_slots(program: Program) -> list[RunSpec]:
    """Returns as many runs as the program takes at once, by seed."""
    return [with_seed(program.run, seed) for seed in range(program.slots)]


def training(
    run: RunSpec, *, watched: bool = True, runs: int | None = None
) -> Callable[[], BatchResult]:
    """Returns a function that trains a batch of runs and waits for its numbers.

    Args:
        run: one of the batch.
        watched: False leaves every measurement out.
        runs: how many; as many as there are slots, if not given.
    """
    program = compiled(run, watched=watched)
    batch = full_slots(program)[:runs]
    parameters = first_values(program, batch)
    return lambda: program(batch, parameters)
