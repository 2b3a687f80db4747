"""How much faster is the laboratory than PyTorch with hooks, doing the same on this machine?"""

import json
from pathlib import Path
from typing import Any

from benchmarks.answer import Answer
from benchmarks.arms import ALL_BUT_COSTLY, MOMENTS, compiled, run_of, training
from benchmarks.effort import Effort
from benchmarks.machine import machine
from benchmarks.stepping import STEPS, race
from benchmarks.timing import Timing, by_turns
from benchmarks.tracing import no_traces
from benchmarks.workload import WIDTHS
from initlab.spec.measure import Measure

PEERS = Path(__file__).parent / "results" / "peers.json"
TARGETS = {
    "as_written": {128: 6.0, 32: 22.0, 512: 2.0},
    "best": {128: 3.5, 32: 10.0, 512: 1.5},
}
WORDS = {"as_written": "as written", "best": "at its best"}
NOTICEABLE = 0.1


def measure(effort: Effort) -> list[Answer]:
    """Returns the ratios against both arrangements of PyTorch, or a row that says what is missing.

    The rows with a target compare equal work. The others give the laboratory's own program with
    every statistic that is not costly against PyTorch with the weights' gradients added: the
    laboratory does more there, so the ratio is a lower bound.
    """
    question = "PyTorch with hooks over initlab"
    try:
        peers = json.loads(PEERS.read_text())
    except FileNotFoundError:
        return [Answer(question, None, note="results/peers.json is absent: make bench-peers")]
    if peers["machine"] != machine():
        return [Answer(question, None, note="results/peers.json is of another machine")]
    answers = []
    for width in WIDTHS:
        own = _own(width, effort)
        note = _drift(peers["product_flops_per_second"], race(width, effort).product_rate)
        theirs = peers["widths"][str(width)]
        answers += [
            _answer(width, arrangement, kind, timing, theirs[arrangement][kind], note)
            for kind, timing in own.items()
            for arrangement in TARGETS
        ]
    return answers


def _own(width: int, effort: Effort) -> dict[str, Timing]:
    """Returns the laboratory's seconds a run and step, by what is measured."""
    moments = _per_step(race(width, effort).moments, width, effort, MOMENTS)
    run = run_of(width=width, steps=effort.size(STEPS[width], 3), measure=ALL_BUT_COSTLY)
    rounds = max(1, effort.rounds - 2)
    everything = by_turns({"all": training(run)}, rounds, no_traces)["all"]
    return {"moments": moments, "gradients": _per_step(everything, width, effort, ALL_BUT_COSTLY)}


def _per_step(timing: Timing, width: int, effort: Effort, measured: Measure) -> Timing:
    """Returns the timing of a full batch of runs, divided by its runs and steps."""
    run = run_of(width=width, steps=effort.size(STEPS[width], 3), measure=measured)
    number = compiled(run).slots * (run.steps + 1)
    return Timing(tuple(seconds / number for seconds in timing.seconds))


def _drift(theirs: float, ours: float) -> str:
    """Returns a warning where the machine was not as fast for both."""
    change = ours / theirs - 1
    if abs(change) < NOTICEABLE:
        return ""
    return f"; large products ran {abs(change):.0%} {'faster' if change > 0 else 'slower'} here"


def _answer(
    width: int, arrangement: str, kind: str, own: Timing, theirs: dict[str, Any], note: str
) -> Answer:
    """Returns PyTorch's time over the laboratory's."""
    peer = Timing(tuple(theirs["seconds"]))
    equal = kind == "moments"
    what = "same moments" if equal else "with weight gradients, initlab all statistics"
    return Answer(
        f"PyTorch {WORDS[arrangement]} over initlab, {what}, width {width} x depth 10",
        peer.minimum / own.minimum,
        TARGETS[arrangement][width] if equal else None,
        "at least",
        median=peer.median / own.median,
        low=peer.minimum / max(own.seconds),
        high=max(peer.seconds) / own.minimum,
        note=f"{1e3 * peer.minimum:.2f} ms against {1e3 * own.minimum:.3f}{note}",
    )
