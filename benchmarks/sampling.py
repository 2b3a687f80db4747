"""How much of a sweep goes into drawing parameters, and how fast are networks without training?"""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.answer import Answer
from benchmarks.arms import devices, laws, run_of, with_seed
from benchmarks.effort import Effort
from benchmarks.tracing import COMPILE, no_traces, recorded
from initlab.spec.load import load_sweep
from initlab.spec.measure import Measure
from initlab.spec.plan import MAX_GROUP, Group, make_plan
from initlab.spec.schema import RunSpec
from initlab.train.group import GroupTrainer

SWEEP = Path(__file__).parent.parent / "experiments" / "signal_propagation"
SHARE_TARGET = 0.10
NETWORKS_TARGET = 250.0
PARTS = ("sample", "train", "host")
type Seconds = dict[str, float]


def measure(effort: Effort) -> list[Answer]:
    """Returns the share of sampling at two depths, and networks a second where nothing trains."""
    trainer = GroupTrainer(laws())
    shallow, deep = (group_of(depth, effort) for depth in (10, 50))
    return [
        _cold(trainer, shallow),
        _share(trainer, shallow, effort.rounds),
        _share(trainer, deep, max(1, effort.rounds // 2)),
        _untrained(trainer, Measure(), NETWORKS_TARGET, effort),
        _untrained(trainer, Measure(statistics="moments"), None, effort),
    ]


def group_of(depth: int, effort: Effort) -> Group:
    """Returns the group of the default sweep that is relu at this depth."""
    shrunk = ["steps=2", "width=16", "initializer=['he_normal', 'zeros']"]
    sweep = load_sweep(
        str(SWEEP), overrides=shrunk if effort.quick else (), seeds=1 if effort.quick else None
    )
    return next(
        group
        for group in make_plan(sweep.runs).groups
        if (group.runs[0].depth, group.runs[0].activation.name) == (depth, "relu")
    )


def timed(trainer: GroupTrainer, group: Group) -> Seconds:
    """Trains a group and returns the seconds of its parts; `host` is what is in none of them."""
    started = time.perf_counter()
    result = trainer(group, lambda steps: None)
    wall = time.perf_counter() - started
    found = {name: result.seconds[name] for name in ("compile", "sample", "train")}
    return found | {"wall": wall, "host": wall - sum(found.values())}


def warmed(trainer: GroupTrainer, group: Group, rounds: int) -> list[Seconds]:
    """Returns the seconds of every round, after one run of every law has compiled its programs."""
    trainer(Group(_one_a_law(group.runs)), lambda steps: None)
    with no_traces():
        return [timed(trainer, group) for _ in range(rounds)]


def _one_a_law(runs: Sequence[RunSpec]) -> tuple[RunSpec, ...]:
    """Returns the first run of every law of kernels and of biases."""
    chosen = {(run.initializer.label, run.bias_initializer.label): run for run in reversed(runs)}
    return tuple(chosen.values())


def _cold(trainer: GroupTrainer, group: Group) -> Answer:
    """Returns the seconds of the first draws of a process, in which the draws are compiled."""
    with recorded(COMPILE) as programs:
        found = timed(trainer, Group(_one_a_law(group.runs)))
    return Answer(
        "first draws of a process, one run a law, compiling included",
        found["sample"],
        unit="s",
        note=f"{len(programs)} programs; the training program took {found['compile']:.1f} s",
    )


def _share(trainer: GroupTrainer, group: Group, rounds: int) -> Answer:
    """Returns sampling over the wall time of a group, with nothing to compile."""
    found = warmed(trainer, group, rounds)
    best = min(found, key=lambda seconds: seconds["wall"])
    shares = [seconds["sample"] / seconds["wall"] for seconds in found]
    return Answer(
        f"sampling over wall time, signal_propagation, relu x depth {group.runs[0].depth}",
        best["sample"] / best["wall"],
        SHARE_TARGET,
        median=statistics.median(shares),
        low=min(shares),
        high=max(shares),
        note=f"{len(group.runs)} runs: " + ", ".join(f"{p} {best[p]:.2f} s" for p in PARTS),
    )


def _untrained(
    trainer: GroupTrainer, measured: Measure, target: float | None, effort: Effort
) -> Answer:
    """Returns networks a second with `steps = 0`, and the part that limits it."""
    run = run_of(steps=0, measure=measured)
    group = Group(tuple(with_seed(run, seed) for seed in range(effort.size(MAX_GROUP, 16))))
    found = warmed(trainer, group, effort.rounds)
    best = min(found, key=lambda seconds: seconds["wall"])
    rates = [len(group.runs) / seconds["wall"] for seconds in found]
    limit = max(PARTS, key=lambda part: best[part])
    parts = ", ".join(f"{part} {best[part] / best['wall']:.0%}" for part in PARTS)
    return Answer(
        f"networks a second, steps = 0, {measured.statistics} statistics, width 128 x depth 10",
        max(rates),
        target,
        "at least",
        "1/s",
        median=statistics.median(rates),
        low=min(rates),
        high=max(rates),
        note=f"limited by {limit}: {parts}; on {devices().size} devices",
    )
