"""What training came to, in words: who trains best, and whether a signal that holds decides it."""

from dataclasses import dataclass

import pandas as pd

from initlab.analysis.claims.holding import what_becomes
from initlab.analysis.guessing import chance
from initlab.analysis.intervals import MIN_SEEDS, Interval
from initlab.analysis.names import activation_order, short_name
from initlab.analysis.numbers import counted, number
from initlab.analysis.over_seeds import by_seed, share_interval
from initlab.analysis.verdicts import above

WELL = 0.9  # a test accuracy that digits reach only where training works
TRIAL = ["activation", "depth", "initializer"]


@dataclass(frozen=True)
class Trained:
    """What training came to: `best`, a sentence an activation; `summary`; and `apart`.

    Attributes:
        best: of each activation's deepest networks, the initializer of the highest test accuracy.
        summary: at most three sentences on who trains; empty where nothing was trained.
        apart: how many trials train although their signal does not hold; empty where none was.
    """

    best: dict[str, str]
    summary: str
    apart: str


@dataclass(frozen=True)
class Best:
    """The initializer of the highest mean test accuracy, and whether no one trains for certain."""

    label: str
    end: Interval
    none_trains: bool


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
    bound = 2 * chance(grid)
    depths = grid.groupby("activation")["depth"].max()
    best: dict[str, Best] = {}
    for activation in sorted(depths.index, key=activation_order):
        depth = int(depths[activation])
        found = {label: end for (*of, label), end in ends.items() if of == [activation, depth]}
        if found:
            label = max(found, key=lambda label: found[label].centre)
            none = all(above(end, bound) == "refuted" for end in found.values())
            best[activation] = Best(short_name(label), found[label], none_trains=none)
    return Trained(
        {activation: _sentence(one, bound) for activation, one in best.items()},
        _lead(best, bound),
        _apart(factors, ends),
    )


def _ends(grid: pd.DataFrame, accuracy: "pd.Series[float]") -> dict[tuple[str, int, str], Interval]:
    """Returns each trial's test accuracy at the end, of those that have one."""
    found = {}
    for key, runs in grid.groupby(TRIAL, sort=False):
        if len(values := by_seed(runs, accuracy)):
            activation, depth, label = map(str, key)
            found[activation, int(depth), label] = share_interval(values)
    return found


def _lead(best: dict[str, Best], bound: float) -> str:
    """Returns which initializer trains best with each activation, in at most three sentences.

    Args:
        best: of each activation.
        bound: the accuracy above which a network trains.
    """
    trains = [
        f"{activation} with {one.label} ({number(one.end.centre)})"
        for activation, one in best.items()
        if one.end.centre > bound
    ]
    others = {name: one for name, one in best.items() if not one.end.centre > bound}
    fails = [name for name, one in others.items() if one.none_trains]
    unsure = [
        f"{name} ({one.label}: {_reach(one.end)})"
        for name, one in others.items()
        if not one.none_trains
    ]
    said = []
    if trains:
        said.append(
            "In the deepest networks of each activation the highest mean test accuracy is that of "
            f"{', '.join(trains)}."
        )
    if fails:
        said.append(f"No initializer trains those of {', '.join(fails)} in these steps.")
    if unsure:
        said.append(f"Whether one trains those of {', '.join(unsure)} is undecided.")
    return " ".join(said)


def _sentence(best: Best, bound: float) -> str:
    """Returns who trains best and to what accuracy, or that none ends above a guess."""
    most = f"{_reach(best.end)}, with {best.label}"
    if best.end.centre > bound:
        return f"The highest test accuracy is {most}."
    none = f"no mean test accuracy is above {bound:g}, twice a guess"
    if best.none_trains:
        return f"None trains in these steps: {none}; the highest is {most}."
    return (
        f"Whether one trains in these steps is undecided: {none}, but not every one is below it "
        f"for certain; the highest is {most}."
    )


def _reach(end: Interval) -> str:
    """Returns an accuracy, with its interval where there is one."""
    reach = f" ({number(end.low)} to {number(end.high)})" if end.n >= MIN_SEEDS else ""
    return f"{number(end.centre)}{reach}"


def _apart(factors: pd.DataFrame, ends: dict[tuple[str, int, str], Interval]) -> str:
    """Returns how far a signal that holds both ways decides who trains, in trials.

    Whether it holds is told by its interval, as in the table `verdicts`.
    """
    well = dict.fromkeys((True, False, None), 0)
    of = dict.fromkeys(well, 0)
    for key, rows in factors.groupby(TRIAL, sort=False):
        activation, depth, label = map(str, key)
        if (end := ends.get((activation, int(depth), label))) is not None:
            holds = _holds({what_becomes(row) for _, row in rows.iterrows()})
            of[holds] += 1
            well[holds] += end.centre > WELL
    said = (
        f"Of {counted(of[False], 'trial')} at all depths whose signal does not hold both ways "
        f"{well[False]} end above a test accuracy of {WELL:g}; of {of[True]} whose signal does, "
        f"{well[True]}"
    )
    if of[None]:
        said += f"; of {of[None]} of which that is undecided, {well[None]}"
    return f"{said}."


def _holds(found: set[str]) -> bool | None:
    """Returns whether a signal holds both ways, None where that is undecided."""
    if found == {"holds"}:
        return True
    return None if found <= {"holds", "is undecided"} else False
