"""How much faster is the laboratory than PyTorch with hooks, doing the same on this machine?"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.answer import Answer
from benchmarks.arms import ALL_BUT_COSTLY, MOMENTS, compiled, devices, run_of_task, training
from benchmarks.effort import Effort
from benchmarks.machine import machine
from benchmarks.peak import best_product, products
from benchmarks.stepping import PRODUCT_SIZE, STEPS, race
from benchmarks.timing import Timing, by_turns
from benchmarks.tracing import no_traces
from benchmarks.workload import CONVNETS, MLPS, Task

PEERS = Path(__file__).parent / "results" / "peers.json"
WORDS = {"as_written": "as written", "best": "at its best"}
TARGETS = {
    ("mlp", 128): {"as_written": 6.0, "best": 3.5},
    ("mlp", 32): {"as_written": 22.0, "best": 10.0},
    ("mlp", 512): {"as_written": 2.0, "best": 1.5},
    ("convnet", 16): {"as_written": 1.0, "best": 1.0},
    ("convnet", 32): {"as_written": 1.3},
    ("convnet", 64): {"as_written": 1.1},
}
NOTICEABLE = 0.1


def measure(effort: Effort) -> list[Answer]:
    """Returns the ratios against both arrangements of PyTorch, or a row that says what is missing.

    The rows with a target compare equal work. Those with the weights' gradients give the
    laboratory's own program with every statistic that is not costly: it does more there, so the
    ratio is a lower bound.
    """
    question = "PyTorch with hooks over initlab"
    try:
        peers = json.loads(PEERS.read_text())
    except FileNotFoundError:
        return [Answer(question, None, note="results/peers.json is absent: make bench-peers")]
    if peers["machine"] != machine():
        return [Answer(question, None, note="results/peers.json is of another machine")]
    found = []
    for task in (*MLPS, *CONVNETS):
        if task.name not in peers["tasks"]:
            note = "results/peers.json has no such task: make bench-peers"
            found.append(Answer(f"{question}, {task.name}", None, note=note))
            continue
        own, rate = _mlp(task, effort) if task.model == "mlp" else _convnet(task, effort)
        note = _drift(peers["product_flops_per_second"], rate)
        found += _answers(task, own, peers["tasks"][task.name], note)
    return found


def _mlp(task: Task, effort: Effort) -> tuple[dict[str, Timing], float]:
    """Returns the seconds a run and step, by what is measured, and the rate of large products."""
    steps = effort.size(STEPS[task.width], 3)
    found = race(task.width, effort)
    run = run_of_task(task, steps=steps, measure=ALL_BUT_COSTLY)
    rounds = max(1, effort.rounds - 2)
    everything = by_turns({"all": training(run)}, rounds, no_traces)["all"]
    number = compiled(run).slots * (steps + 1)
    own = {"moments": _over(found.moments, number), "gradients": _over(everything, number)}
    return own, found.product_rate


def _convnet(task: Task, effort: Effort) -> tuple[dict[str, Timing], float]:
    """Returns the same of a run on each device, with moments at every step."""
    steps = effort.size(task.steps, 2)
    run = run_of_task(task, steps=steps, measure=MOMENTS)
    size = effort.size(PRODUCT_SIZE, 256)
    arms: dict[str, Callable[[], object]] = {"moments": training(run, runs=devices().size)}
    timings = by_turns(arms | products(size), effort.rounds, no_traces)
    _, product, operations = best_product(timings, size)
    own = {"moments": _over(timings["moments"], devices().size * (steps + 1))}
    return own, operations / product.minimum


def _over(timing: Timing, number: int) -> Timing:
    """Returns the timing of one of so many."""
    return Timing(tuple(seconds / number for seconds in timing.seconds))


def _drift(theirs: float, ours: float) -> str:
    """Returns a warning where the machine was not as fast for both."""
    change = ours / theirs - 1
    if abs(change) < NOTICEABLE:
        return ""
    return f"; large products ran {abs(change):.0%} {'faster' if change > 0 else 'slower'} here"


def _answers(
    task: Task, own: dict[str, Timing], theirs: dict[str, dict[str, Any]], note: str
) -> Iterator[Answer]:
    """Yields PyTorch's time over the laboratory's, by what is measured and how PyTorch runs."""
    for kind, timing in own.items():
        equal = kind == "moments"
        what = "same moments" if equal else "with weight gradients, initlab all statistics"
        for arrangement, words in WORDS.items():
            peer = Timing(tuple(theirs[arrangement][kind]["seconds"]))
            targets = TARGETS.get((task.model, task.width), {}) if equal else {}
            yield Answer(
                f"PyTorch {words} over initlab, {what}, {task.name}",
                peer.minimum / timing.minimum,
                targets.get(arrangement),
                "at least",
                median=peer.median / timing.median,
                low=peer.minimum / max(timing.seconds),
                high=max(peer.seconds) / timing.minimum,
                note=f"{1e3 * peer.minimum:.2f} ms against {1e3 * timing.minimum:.3f}{note}",
            )
