"""Does the time grow in step with the runs, and how long does a person wait?"""

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.answer import Answer, from_ratio
from benchmarks.arms import laws, run_of, with_seed
from benchmarks.effort import Effort
from benchmarks.timing import Timing, by_turns, ratio
from benchmarks.tracing import no_traces
from initlab.spec.plan import Group
from initlab.train.group import GroupTrainer

ROOT = Path(__file__).parent.parent
LINEAR_TARGET = 4.2
HELP_TARGET = 0.4
SEEDS = 16


def measure(effort: Effort) -> list[Answer]:
    """Returns the growth of time with runs, and the seconds of two commands."""
    return [_linear(effort), _help(effort), _report(effort)]


def _linear(effort: Effort) -> Answer:
    """Returns the time of training four times the seeds over that of the seeds."""
    run = run_of(steps=effort.size(100, 2))
    trainer = GroupTrainer(laws())
    groups = [Group(tuple(with_seed(run, s) for s in range(times * SEEDS))) for times in (1, 4)]
    trainer(groups[0], lambda steps: None)
    seconds: list[list[float]] = [[], []]
    with no_traces():
        for turn in range(effort.rounds):
            for which in (0, 1) if turn % 2 == 0 else (1, 0):
                result = trainer(groups[which], lambda steps: None)
                seconds[which].append(result.seconds["train"])
    few, many = (Timing(tuple(values)) for values in seconds)
    return from_ratio(
        f"training of {4 * SEEDS} seeds over training of {SEEDS}, width 128 x depth 10",
        ratio(many, few),
        LINEAR_TARGET,
        note=f"{few.minimum:.2f} s for {SEEDS}",
    )


def _help(effort: Effort) -> Answer:
    """Returns the seconds of `initlab --help`, a new process each time."""
    arms = {
        "help": partial(_command, "-m", "initlab", "--help"),
        "python": partial(_command, "-c", "pass"),
    }
    timings = by_turns(arms, effort.rounds)
    return _waited(
        "initlab --help",
        timings["help"],
        HELP_TARGET,
        f"Python itself starts in {timings['python'].minimum:.2f} s",
    )


def _report(effort: Effort) -> Answer:
    """Returns the seconds of `initlab report` on the results of the smoke experiment."""
    question = "initlab report of the smoke experiment"
    with tempfile.TemporaryDirectory() as folder:
        results, bundle = Path(folder, "results"), Path(folder, "report")
        arguments = ("-m", "initlab", "run", "smoke", "--results", str(results))
        report = ("-m", "initlab", "report", "smoke", "--results", str(results))
        if not effort.quick:
            _command(*arguments)
        try:
            arm = partial(_command, *report, "--out", str(bundle))
            timing = by_turns({"report": arm}, max(1, effort.rounds - 3))["report"]
        except subprocess.CalledProcessError as error:
            reason = (error.stderr or "no message").strip().splitlines()[-1]
            return Answer(question, None, unit="s", note=f"it failed: {reason}")
    return _waited(question, timing, None, "12 trials of 2 seeds")


def _command(*arguments: str) -> None:
    """Runs this interpreter to its end, in the repository's folder."""
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603


def _waited(question: str, timing: Timing, target: float | None, note: str) -> Answer:
    """Returns the answer that is a number of seconds."""
    return Answer(
        question,
        timing.minimum,
        target,
        unit="s",
        median=timing.median,
        low=timing.minimum,
        high=max(timing.seconds),
        note=note,
    )
