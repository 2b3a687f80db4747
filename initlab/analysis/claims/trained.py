"""What training came to, in words: who trains best, and whether a signal that holds decides it."""

from dataclasses import dataclass

import pandas as pd

from initlab.analysis.guessing import chance
from initlab.analysis.intervals import MIN_SEEDS, Interval
from initlab.analysis.names import activation_order, short_name
from initlab.analysis.numbers import counted, number
from initlab.analysis.over_seeds import by_seed, share_interval

WELL = 0.9  # a test accuracy that digits reach only where training works
TRIAL = ["activation", "depth", "initializer"]


@dataclass(frozen=True)
class Trained:
    """What training came to: `best`, a sentence an activation; `summary`; and `apart`.

    Attributes:
        best: of each activation's deepest networks, the initializer of the highest test accuracy.
        summary: at most three sentences to lead with; empty where nothing was trained.
        apart: how many trials train although their signal does not hold; empty where none was.
    """

    best: dict[str, str]
    summary: str
    apart: str


def trained(grid: pd.DataFrame, factors: pd.DataFrame, accuracy: "pd.Series[float]") -> Trained:
    """Returns in words what training came to.

    Args:
        grid: the runs that count.
        factors: of `layer_factors`, for these runs.
        accuracy: of `final_accuracy`, by run id: a diverged run counts as a guess.
    """
    ends = _ends(grid, accuracy)
    if not ends:
        return Trained({}, "", "")
    depths = grid.groupby("activation")["depth"].max()
    best: dict[str, tuple[str, int, Interval]] = {}
    for activation in sorted(depths.index, key=activation_order):
        depth = int(depths[activation])
        found = {label: end for (*of, label), end in ends.items() if of == [activation, depth]}
        if found:
            label = max(found, key=lambda label: found[label].centre)
            best[activation] = (short_name(label), depth, found[label])
    apart, bound = _apart(factors, ends), 2 * chance(grid)
    return Trained(
        {activation: _sentence(*one, bound) for activation, one in best.items()},
        f"{_lead(best, bound)} {apart}",
        apart,
    )


def _ends(grid: pd.DataFrame, accuracy: "pd.Series[float]") -> dict[tuple[str, int, str], Interval]:
    """Returns each trial's test accuracy at the end, of those that have one."""
    found = {}
    for key, runs in grid.groupby(TRIAL, sort=False):
        if len(values := by_seed(runs, accuracy)):
            activation, depth, label = map(str, key)
            found[activation, int(depth), label] = share_interval(values)
    return found


def _lead(best: dict[str, tuple[str, int, Interval]], bound: float) -> str:
    """Returns which initializer trains best with each activation, in one sentence or two.

    Args:
        best: activation to initializer, depth and test accuracy.
        bound: the accuracy above which a network trains.
    """
    trains = [
        f"{activation} with {label} ({number(end.centre)})"
        for activation, (label, _, end) in best.items()
        if end.centre > bound
    ]
    fails = [activation for activation, (_, _, end) in best.items() if not end.centre > bound]
    said = []
    if trains:
        said.append(
            "In the deepest networks of each activation the highest mean test accuracy is that of "
            f"{', '.join(trains)}."
        )
    if fails:
        said.append(f"No initializer trains those of {', '.join(fails)} in these steps.")
    return " ".join(said)


def _sentence(label: str, depth: int, end: Interval, bound: float) -> str:
    """Returns who trains best and to what accuracy, or that none ends above a guess."""
    reach = f" ({number(end.low)} to {number(end.high)})" if end.n >= MIN_SEEDS else ""
    most = f"{number(end.centre)}{reach}, with {label}"
    if end.centre > bound:
        return f"The highest test accuracy is {most}."
    return (
        f"None trains in these steps: no mean test accuracy is above {bound:g}, twice a guess; "
        f"the highest is {most}."
    )


def _apart(factors: pd.DataFrame, ends: dict[tuple[str, int, str], Interval]) -> str:
    """Returns how far a signal that holds both ways decides who trains, in trials."""
    held = factors.assign(held=factors["fate"] == "holds").groupby(TRIAL)["held"].all()
    well = {True: 0, False: 0}
    of = {True: 0, False: 0}
    for trial, end in ends.items():
        if trial in held.index:
            holds = bool(held[trial])
            of[holds] += 1
            well[holds] += end.centre > WELL
    return (
        f"Of {counted(of[False], 'trial')} at all depths whose signal does not hold both ways "
        f"{well[False]} end above a test accuracy of {WELL:g}; of {of[True]} whose signal does, "
        f"{well[True]}."
    )
