"""How the runs of a sweep came out, and what a reader must know before the numbers."""

from collections.abc import Collection
from dataclasses import dataclass

from initlab.analysis.numbers import counted
from initlab.report.text import one_line
from initlab.store.failures import failures_of
from initlab.store.query import Results

_LONGEST_ERROR = 300
_MEANINGS = {
    "planned": "declared by the specification",
    "completed": "reached the last step",
    "diverged": "met a loss or a gradient that is not finite; an outcome, kept and counted",
    "failed": "ended without measurements",
    "missing": "planned, not run",
}


@dataclass(frozen=True)
class FailedGroup:
    """A group that failed and was not committed later."""

    group_id: str
    runs: int
    attempts: int
    error: str


@dataclass(frozen=True)
class Census:
    """Numbers of runs.

    Attributes:
        planned: runs that the specification declares; None where that is unknown.
        completed: committed runs that reached their last step.
        diverged: committed runs that met a loss or gradient that is not finite.
        failed: runs that ended without measurements.
        missing: planned runs of which there is neither a result nor a failure; None where
            the plan is unknown.
        trials: committed trials.
        seeds: seeds of the trial that has fewest, and of the one that has most.
        failures: the groups that failed.
    """

    planned: int | None
    completed: int
    diverged: int
    failed: int
    missing: int | None
    trials: int
    seeds: tuple[int, int]
    failures: tuple[FailedGroup, ...]

    @property
    def committed(self) -> int:
        """Runs that have results, whichever."""
        return self.completed + self.diverged

    def by_status(self) -> dict[str, int]:
        """Returns the numbers that are known, by name."""
        counts = {
            "planned": self.planned,
            "completed": self.completed,
            "diverged": self.diverged,
            "failed": self.failed,
            "missing": self.missing,
        }
        return {name: count for name, count in counts.items() if count is not None}


def describe_runs(census: Census) -> str:
    """Returns in words how many trials, seeds and runs have results."""
    said = counted(census.trials, "trial")
    if census.trials:
        low, high = census.seeds
        seeds = str(low) if low == high else f"{low} to {high}"
        said += f", {seeds} {'seed' if high == 1 else 'seeds'} each"
    said += f"; {counted(census.committed, 'run')}"
    return said + (f", {census.diverged} of them diverged" if census.diverged else "")


def status_rows(census: Census) -> list[tuple[str, int, str]]:
    """Returns each status that is known with its number of runs and what it means."""
    return [(name, number, _MEANINGS[name]) for name, number in census.by_status().items()]


def take_census(results: Results, planned: Collection[str] | None = None) -> Census:
    """Counts the runs that a report is of.

    Args:
        results: all verified results of the folder.
        planned: run ids that the specification declares, where they are known; by default all
            that have results count. Of other runs nothing is counted.
    """
    runs = results.runs if planned is None else results.only(planned).runs
    statuses = runs["status"].value_counts()
    seeds = runs.groupby("trial_id").size()
    failures = {
        group_id: attempts
        for group_id, attempts in failures_of(results.path, planned).items()
        if group_id not in results.groups
    }
    committed = set(results.committed)
    lost = {run_id for tries in failures.values() for run_id in tries[-1].run_ids} - committed
    if planned is not None:
        lost &= set(planned)
    return Census(
        planned=None if planned is None else len(set(planned)),
        completed=int(statuses.get("completed", 0)),
        diverged=int(statuses.get("diverged", 0)),
        failed=int(statuses.get("failed", 0)) + len(lost),
        missing=None if planned is None else len(set(planned) - committed - lost),
        trials=len(seeds),
        seeds=(int(seeds.min()), int(seeds.max())) if len(seeds) else (0, 0),
        failures=tuple(
            FailedGroup(group, len(tries[-1].run_ids), len(tries), _message(tries[-1].error))
            for group, tries in failures.items()
        ),
    )


def warnings(census: Census) -> list[str]:
    """Returns the sentences that belong before the answer, none where all went as declared."""
    found = []
    if not census.committed:
        found.append("No run has results yet, so nothing below rests on a measurement.")
    elif not census.completed:
        one = census.diverged == 1
        found.append(
            f"{'The one run' if one else f'Every one of the {census.diverged} runs'} with results "
            f"diverged: what is shown was measured before {'it' if one else 'they'} did."
        )
    if census.missing:
        found.append(
            f"Of {census.planned} planned runs, {census.missing} "
            f"{'is' if census.missing == 1 else 'are'} missing: not run yet, and in no number here."
        )
    if census.failed:
        found.append(
            f"{counted(census.failed, 'run')} failed and left no measurement; “How it was run” "
            "says why."
        )
    if census.seeds[1] == 1:
        found.append(
            "Each trial has one seed: what differs between seeds is unknown, and no interval can "
            "be given."
        )
    elif census.seeds[0] < census.seeds[1]:
        found.append(f"Trials have between {census.seeds[0]} and {census.seeds[1]} seeds each.")
    return found


def _message(error: str) -> str:
    """Returns the line that says what happened: of a traceback the last, else the first."""
    lines = error.strip().splitlines() or ["no reason was recorded"]
    text = one_line(lines[-1 if lines[0].startswith("Traceback") else 0])
    return text if len(text) <= _LONGEST_ERROR else f"{text[:_LONGEST_ERROR]}…"
