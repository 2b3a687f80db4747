"""A worker: claims groups one by one, trains them, publishes them. Anything may start one."""

import platform
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import flax
import jax
import optax

import initlab
from initlab.errors import UnwritableError
from initlab.laws import make_laws, used_parts
from initlab.spec.cost import flops, program_seconds
from initlab.spec.group_names import name_groups
from initlab.spec.patience import COMPILE_LIMIT_SECONDS, limit_seconds
from initlab.spec.plan import Group, make_plan
from initlab.spec.sweep import Sweep
from initlab.store.claims import claim
from initlab.store.durable import require_room
from initlab.store.failures import clear_failures, record_failure
from initlab.store.folder import committed_runs, set_aside_damage
from initlab.store.machine import describe_machine
from initlab.store.publish import publish_group
from initlab.store.schema import LAYERS, PREDICTIONS, STEPS, build_table, runs_table
from initlab.store.timings import failed_before
from initlab.store.verify import clean_temporaries, quarantine
from initlab.train.group import GroupResult, GroupTrainer

type Emit = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Orders:
    """What a worker is told besides the sweep.

    Attributes:
        skip: groups that are given up.
        max_groups: how many groups to run at most; None for all.
        draining: asked before each group whether to stop.
        checked: whether the sum of every committed file was checked by whoever gives the orders.
        beside: the results folder beside which checkpoints are looked for; None for the worker's.
        expect: told, whenever a piece of work begins, how many seconds it may take at most.
    """

    skip: Collection[str] = ()
    max_groups: int | None = None
    draining: Callable[[], bool] = lambda: False
    checked: bool = False
    beside: Path | None = None
    expect: Callable[[float], None] = lambda seconds: None


def work(sweep: Sweep, results: Path, emit: Emit, orders: Orders | None = None) -> int:
    """Runs the groups of `sweep` that nobody has committed or holds; returns how many failed.

    One that there is no room for counts as failed, and none is started after it.

    Args:
        sweep: the validated sweep.
        results: its results folder, made before.
        emit: takes one event at a time, a JSON object each: `plan`, `group`, `tick`, `done`,
            `failed`, and `stopped` where the results folder takes no more groups.
        orders: what to skip and when to stop.
    """
    orders = orders or Orders()
    train = GroupTrainer(make_laws(used_parts(sweep), orders.beside or results))
    clean_temporaries(results)
    if not orders.checked:
        set_aside_damage(results)
    plan = make_plan(sweep.runs, committed_runs(results).committed)
    emit(
        {
            "event": "plan",
            "groups": len(plan.groups),
            "program_seconds": plan.program_seconds,
            "runs": plan.runs,
            "work": plan.flops,
        }
    )
    failed = taken = 0
    groups = [group for group in plan.groups if group.group_id not in orders.skip]
    names = name_groups(groups)
    for group, following in zip(groups, [*groups[1:], None], strict=False):
        if orders.draining() or taken == orders.max_groups:
            break
        with _held(results, group) as held:
            if not held:
                continue
            taken += 1
            try:
                require_room(results, group.bytes)
                train.prepare(group)
                if following is not None and taken != orders.max_groups:
                    train.prepare(following)
                failed += not _run(
                    group, names[group.group_id], results, train, emit, orders.expect
                )
            except UnwritableError as error:
                emit({"event": "stopped", "error": str(error)})
                return failed + 1
    return failed


@contextmanager
def _held(results: Path, group: Group) -> Iterator[bool]:
    """Claims a group that still has to be run; a damaged commit of it is set aside."""
    mine = claim(results, group.group_id)
    if mine is None:
        yield False
        return
    with mine:
        inventory = committed_runs(results)
        if group.group_id in inventory.damaged:
            quarantine(results, group.group_id)
        yield any(run.run_id not in inventory.committed for run in group.runs)


def _run(
    group: Group,
    name: str,
    results: Path,
    train: GroupTrainer,
    emit: Emit,
    expect: Callable[[float], None],
) -> bool:
    """Trains and publishes one group; a failure is recorded, and told by False.

    Raises:
        UnwritableError: if the results folder refuses it, as it would the next; recorded too.
    """
    run_ids = [run.run_id for run in group.runs]
    per_step = flops(group.runs[0]) / (group.runs[0].steps + 1)
    emit(
        {
            "event": "group",
            "group_id": group.group_id,
            "signature": group.signature,
            "program_seconds": program_seconds(group.runs[0]),
            "name": name,
            "runs": len(run_ids),
        }
    )
    limit = limit_seconds(group.runs[0])

    def tick(steps: int) -> None:
        expect(limit)
        emit({"event": "tick", "work": steps * per_step})

    expect(COMPILE_LIMIT_SECONDS)
    began = time.monotonic()
    try:
        result = train(group, tick)
        _publish(group, result, results)
    except Exception as error:  # whatever it is, the other groups go on
        message = f"{type(error).__name__}: {error}"
        record_failure(
            results,
            group.group_id,
            error=message,
            attempt=1,
            run_ids=run_ids,
            seconds=time.monotonic() - began,
        )
        if isinstance(error, UnwritableError):
            raise
        emit({"event": "failed", "group_id": group.group_id, "error": message})
        return False
    clear_failures(results, group.group_id)
    statuses = [outcome.status for outcome in result.outcomes]
    emit(
        {
            "event": "done",
            "group_id": group.group_id,
            "completed": statuses.count("completed"),
            "diverged": statuses.count("diverged"),
            "seconds": {name: round(value, 3) for name, value in result.seconds.items()},
        }
    )
    return True


def _publish(group: Group, result: GroupResult, results: Path) -> None:
    """Commits the records of a group."""
    versions = environment()
    rows = [
        {
            "run_id": run.run_id,
            "trial_id": run.trial_id,
            "group_id": group.group_id,
            "status": outcome.status,
            "diverged_at_step": outcome.diverged_at_step,
            "first_nonfinite_layer": outcome.first_nonfinite_layer,
            "first_nonfinite_direction": outcome.first_nonfinite_direction,
            "scheme_passes": passes,
        }
        | run.row()
        | versions
        for run, outcome, passes in zip(group.runs, result.outcomes, result.passes, strict=True)
    ]
    publish_group(
        results,
        group.group_id,
        tables={
            "runs": runs_table(rows),
            "steps": build_table(STEPS, result.steps),
            "layers": build_table(LAYERS, result.layers),
            "predictions": build_table(PREDICTIONS, result.predictions),
        },
        arrays=result.arrays,
        checkpoints=result.checkpoints,
        provenance={
            "signature": group.signature,
            "environment": versions,
            "machine": describe_machine(),
        },
        timings={**result.seconds, **failed_before(results, group.group_id)},
    )


def environment() -> dict[str, str]:
    """Returns the versions and the device that a run's bits depend on."""
    return {
        "initlab_version": initlab.__version__,
        "jax_version": jax.__version__,
        "jaxlib_version": version("jaxlib"),
        "flax_version": flax.__version__,
        "optax_version": optax.__version__,
        "python_version": platform.python_version(),
        "device": jax.devices()[0].device_kind,
    }
