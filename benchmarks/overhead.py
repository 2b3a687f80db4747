"""What does measuring cost, in time and in memory?"""

from collections.abc import Callable, Iterator

from benchmarks.answer import Answer, from_ratio
from benchmarks.arms import (
    MOMENTS,
    compiled,
    devices,
    full_slots,
    run_of,
    run_of_task,
    training,
)
from benchmarks.effort import Effort
from benchmarks.stepping import race
from benchmarks.timing import by_turns, ratio
from benchmarks.tracing import no_traces
from benchmarks.workload import CONVNETS
from initlab.spec.measure import Measure
from initlab.spec.schema import RunSpec
from initlab.train.records import Records, make_records

TARGETS = {128: 1.08, 512: 1.08, 32: None}
CONVNET_TARGET = 1.10
MEMORY_TARGET = 1.02
EVERYTHING = Measure(keep=("histograms",))


def measure(effort: Effort) -> list[Answer]:
    """Returns the costs of moments at every step, and of everything on the default schedules."""
    answers = []
    for width, target in TARGETS.items():
        found = race(width, effort)
        question = f"step with moments over step without, width {width} x depth 10"
        answers.append(from_ratio(question, ratio(found.moments, found.bare), target))
    for width in TARGETS:
        question = f"temporary memory with moments over without, width {width} x depth 10"
        answers.append(_memory(question, *race(width, effort).memory))
    return [*answers, *_everything(effort), *_convnets(effort)]


def _convnets(effort: Effort) -> Iterator[Answer]:
    """Yields the cost of moments at every step of networks of convolutions, a run a device."""
    for task in CONVNETS:
        run = run_of_task(task, steps=effort.size(task.steps, 2), measure=MOMENTS)
        runs = devices().size
        arms = {
            "moments": training(run, runs=runs),
            "bare": training(run, runs=runs, watched=False),
        }
        timings = by_turns(arms, effort.rounds, no_traces)
        found = ratio(timings["moments"], timings["bare"])
        yield from_ratio(f"step with moments over step without, {task.name}", found, CONVNET_TARGET)


def _memory(question: str, watched: int, bare: int, target: float | None = MEMORY_TARGET) -> Answer:
    """Returns the answer about the temporary memory of two programs."""
    note = f"{watched / 2**20:.2f} MiB against {bare / 2**20:.2f}"
    return Answer(question, watched / bare, target, note=note)


def _everything(effort: Effort) -> list[Answer]:
    """Returns the cost of everything on the default schedules, in a run of 100 steps."""
    run = run_of(steps=effort.size(100, 5), measure=EVERYTHING)
    arms = {"everything": _recorded(run), "bare": training(run, watched=False)}
    timings = by_turns(arms, effort.rounds, no_traces)
    question = "run of 100 steps with everything on the default schedules over one without any"
    memory = "temporary memory with everything over without any, width 128 x depth 10"
    return [
        from_ratio(
            question,
            ratio(timings["everything"], timings["bare"]),
            1.10,
            note="records on the host included",
        ),
        _memory(memory, compiled(run).memory(), compiled(run, watched=False).memory(), None),
    ]


def _recorded(run: RunSpec) -> Callable[[], Records]:
    """Returns a function that trains a full batch of runs and makes their records."""
    train = training(run)
    program = compiled(run)
    runs = full_slots(program)
    return lambda: make_records(runs, program.network.sites, train())
