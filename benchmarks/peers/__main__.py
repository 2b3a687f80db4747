"""`python -m benchmarks.peers`: measures PyTorch with hooks, and keeps it in results/peers.json."""

import argparse
import json
import platform
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch

from benchmarks.machine import machine, now
from benchmarks.peers.crew import Crew
from benchmarks.peers.training import Run
from benchmarks.timing import Timing, by_turns
from benchmarks.workload import CONVNETS, MLPS, Task

RESULTS = Path(__file__).parent.parent / "results" / "peers.json"
PRODUCT_SIZE = 3072


def main() -> None:
    """Measures every task, prints milliseconds a run and step, and writes the file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="timings of each arm (default: 7)")
    parser.add_argument("--quick", action="store_true", help="tiny; keeps nothing")
    arguments = parser.parse_args()
    rounds = 1 if arguments.quick else arguments.rounds
    print(f"{'task':50}  {'what':9}  {'as written':>10}  {'best':>10}   ms a run and step")
    tasks = {}
    for task in (*MLPS, *CONVNETS):
        tasks[task.name] = found = measure(task, 2 if arguments.quick else task.steps, rounds)
        for kind in task.kinds:
            row = [1e3 * min(found[name][kind]["seconds"]) for name in ("as_written", "best")]
            print(f"{task.name:50s}  {kind:9s}  {row[0]:10.2f}  {row[1]:10.2f}", flush=True)
    content = {
        "measured": now(),
        "machine": machine(),
        "versions": {"torch": torch.__version__, "Python": platform.python_version()},
        "product_flops_per_second": product_rate(256 if arguments.quick else PRODUCT_SIZE, rounds),
        "tasks": tasks,
    }
    if not arguments.quick:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(content, indent=2) + "\n")


def measure(task: Task, steps: int, rounds: int) -> dict[str, Any]:
    """Returns the seconds a run and step: by arrangement, by what is watched, round by round.

    `as_written` is one run with PyTorch's own number of threads, `best` one process a core with
    one thread each. All of them take turns.
    """
    runs = {kind: Run(task, kind) for kind in task.kinds}
    with Crew(task) as crew:
        arms: dict[tuple[str, str], Callable[[], object]] = {}
        for kind in task.kinds:
            arms["as_written", kind] = partial(runs[kind].train, steps)
            arms["best", kind] = partial(crew.train, kind, steps)
        named = {f"{arrangement} {kind}": arm for (arrangement, kind), arm in arms.items()}
        timings = by_turns(named, rounds)
        at_once = {"as_written": 1, "best": crew.size}
    return {
        arrangement: {
            kind: _per_step(timings[f"{arrangement} {kind}"], number * steps) for kind in task.kinds
        }
        for arrangement, number in at_once.items()
    }


def product_rate(size: int, rounds: int) -> float:
    """Returns the rate of a large matrix product, floating-point operations a second."""
    matrix = torch.ones(size, size)
    timing = by_turns({"product": partial(torch.matmul, matrix, matrix)}, rounds)["product"]
    return 2 * size**3 / timing.minimum


def _per_step(timing: Timing, number: int) -> dict[str, list[float]]:
    """Returns the seconds of every round, divided by its runs and steps."""
    return {"seconds": [seconds / number for seconds in timing.seconds]}


if __name__ == "__main__":
    main()
