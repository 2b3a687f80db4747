"""What does a scheme before step 0 cost, for the training that follows it?"""

import statistics
from typing import Any

from benchmarks.answer import Answer
from benchmarks.arms import laws, run_of, with_seed
from benchmarks.effort import Effort
from benchmarks.tracing import no_traces
from initlab.spec.plan import Group
from initlab.train.group import GroupTrainer

DEPTH = 20
SEEDS = 60
STEPS = 200
SHARE_TARGET = 0.05
# What is held against a target, and what is there to be known; each once with its own numbers.
SCHEMES: dict[tuple[str, str], float | None] = {
    ("lsuv", "relu"): SHARE_TARGET,
    ("krahenbuhl", "relu"): SHARE_TARGET,
    ("krahenbuhl", "tanh"): SHARE_TARGET,
    ("meta_init", "relu"): None,
    ("grad_init", "relu"): None,
}


def measure(effort: Effort) -> list[Answer]:
    """Returns each scheme's time over that of training the same runs, nothing to compile."""
    trainer = GroupTrainer(laws())
    return [_share(trainer, *which, target, effort) for which, target in SCHEMES.items()]


def group_of(scheme: str, activation: str, effort: Effort) -> Group:
    """Returns the runs of one scheme: 20 layers, 60 seeds, 200 steps of the default schedules."""
    fields: dict[str, Any] = {
        "activation": activation,
        "depth": effort.size(DEPTH, 3),
        "steps": effort.size(STEPS, 2),
        "initializer": "orthogonal",
        "scheme": scheme,
    }
    run = run_of(**fields)
    return Group(tuple(with_seed(run, seed) for seed in range(effort.size(SEEDS, 2))))


def _share(
    trainer: GroupTrainer, scheme: str, activation: str, target: float | None, effort: Effort
) -> Answer:
    """Returns the seconds of a scheme over those of training, both of the quickest round."""
    group = group_of(scheme, activation, effort)
    trainer(Group(group.runs[:1]), lambda steps: None)
    rounds = effort.rounds if target else 1  # the others take minutes
    with no_traces():
        found = [trainer(group, lambda steps: None) for _ in range(rounds)]
    seconds = [(one.seconds["scheme"], one.seconds["train"]) for one in found]
    spent, training = (min(each) for each in zip(*seconds, strict=True))
    shares = [part / whole for part, whole in seconds]
    passes = [number for number in found[0].passes if number is not None]
    return Answer(
        f"{scheme} over a 200-step sweep, {activation}, width 128 x depth {DEPTH}, {SEEDS} seeds",
        spent / training,
        target,
        median=statistics.median(shares),
        low=min(shares),
        high=max(shares),
        note=f"{spent:.2f} s beside {training:.1f} s; {min(passes)} to {max(passes)} passes",
    )
