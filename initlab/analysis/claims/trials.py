"""One claim over several trials: it holds if it holds in each, and shows the worst of them."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

import pandas as pd

from initlab.analysis.claims.making import Trial, claim_id, with_distinct_ids
from initlab.analysis.findings import Claim, Listing, Verdict
from initlab.analysis.intervals import LEVEL, at_level
from initlab.analysis.paired import UNPAIRED, Paired
from initlab.analysis.significance import holm

TRIALS = (
    "Each claim that was tested in several trials, trial by trial: what was measured, with the "
    "ends of its 95 % interval over seeds. Each interval and verdict is of its trial alone: of "
    "many, one in twenty misses. A trial refutes the claim itself where its interval at 5 % over "
    "the number of trials leaves what is allowed."
)
P_VALUES = (
    " p is the chance of so large a difference, either way, where there is none in "
    "any trial of the claim: Student's t test over seeds, by Holm corrected for the claim's number "
    "of trials. The effect is the difference in standard deviations of the seeds' differences, "
    "Hedges' g, and wins the share of seeds in which it is above 0, a tie counting half. Empty: "
    "the claim is not about a difference, or has too few seeds, or these do not differ."
)
CORRECTED = (
    ". Refuted at 5 % over {} trials: where the interval of one at {:.4g} % leaves what is allowed"
)
RANK = {"supported": 0, "inconclusive": 1, "refuted": 2}


@dataclass(frozen=True)
class OverTrials(Claim):
    """A claim that was tested trial by trial; number, interval and verdict are the worst trial's.

    Attributes:
        trials: the same claim on each trial alone.
    """

    trials: tuple[Claim, ...]


def over_trials(
    identity: Sequence[str],
    statement: str,
    trials: Sequence[Claim],
    *,
    worst: Callable[[float], float],
) -> list[Claim]:
    """Returns the claim that something holds in every trial; none where there is no trial.

    It is supported if all trials support it, and refuted if one refutes it with an interval at
    level 1 - 0.05 / m, of m trials that have one; else it is inconclusive. What holds in all of
    them is so refuted in at most 5 % of the cases, whatever depends on whatever: Bonferroni's
    bound, which Holm's procedure has for its first step.

    Args:
        identity: words and labels that make its id.
        statement: the sentence without its full stop; how many trials hold is added to it.
        trials: the claim on each trial alone.
        worst: of a measured number, how far it is on the wrong side. Among the trials with the
            worst verdict the one with the most is shown.
    """
    if not trials:
        return []

    def badness(trial: Claim) -> tuple[int, float]:
        known = math.isfinite(trial.measured)
        return RANK[trial.verdict], worst(trial.measured) if known else -math.inf

    trials = with_distinct_ids(trials)
    number = sum(_tested(trial) for trial in trials)
    level = 1 - (1 - LEVEL) / max(number, 1)
    against = [trial for trial in trials if _refutes(trial, level)]
    shown = max(against or trials, key=badness)
    query = shown.query
    if len(trials) > 1:
        holds = sum(trial.verdict == "supported" for trial in trials)
        statement = f"{statement} ({holds} of {len(trials)} trials)"
        query += f". Shown is the worst trial, `{shown.id}`; the table `trials` has each"
    if number > 1:
        query += CORRECTED.format(number, 100 * level)
    same = {field.name: getattr(shown, field.name) for field in fields(Claim)}
    same |= {
        "id": claim_id(*identity),
        "statement": f"{statement}.",
        "query": query,
        "verdict": _merged(trials, refuted=bool(against)),
    }
    return [OverTrials(**same, trials=trials)]


def _merged(trials: Sequence[Claim], *, refuted: bool) -> Verdict:
    if refuted:
        return "refuted"
    holds = all(trial.verdict == "supported" for trial in trials)
    return "supported" if holds else "inconclusive"


def _tested(trial: Claim) -> bool:
    """Tells whether a trial's verdict is that of a rule on an interval."""
    return isinstance(trial, Trial) and trial.rule is not None and math.isfinite(trial.judged.low)


def _refutes(trial: Claim, level: float) -> bool:
    """Tells whether a trial refutes; of one with an interval, whether that at `level` does."""
    if trial.verdict != "refuted" or not isinstance(trial, Trial) or trial.rule is None:
        return trial.verdict == "refuted"
    return trial.rule(at_level(trial.judged, level)) == "refuted"


def each_trial(claims: Iterable[Claim]) -> list[Claim]:
    """Returns the claims, each that was tested in several trials as one claim a trial."""
    return [
        trial
        for claim in claims
        for trial in (claim.trials if isinstance(claim, OverTrials) else (claim,))
    ]


def trial_listing(claims: Iterable[Claim]) -> Listing:
    """Returns the table of trials of the claims that have several; with p where any has it."""
    rows = trial_rows(claims)
    if rows["p"].notna().any():
        return Listing("trials", TRIALS + P_VALUES, rows)
    return Listing("trials", TRIALS, rows.drop(columns=["p", "effect", "wins"]))


def trial_rows(claims: Iterable[Claim]) -> pd.DataFrame:
    """Returns one row a trial of the claims that were tested in several, rounded for reading."""
    several = [one for one in claims if isinstance(one, OverTrials) and len(one.trials) > 1]
    rows = [
        {
            "claim": claim.id,
            "trial": trial.id,
            **_rounded_by_width(trial.measured, trial.interval),
            "seeds": trial.n,
            "p": float(f"{p_value:.2g}"),
            "effect": _rounded(paired.effect),
            "wins": _rounded(paired.wins),
            "verdict": trial.verdict,
        }
        for claim in several
        for trial, paired, p_value in _corrected(claim.trials)
    ]
    columns = [
        "claim", "trial", "measured", "low", "high", "seeds", "p", "effect", "wins", "verdict",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _corrected(trials: Sequence[Claim]) -> Iterator[tuple[Claim, Paired, float]]:
    """Yields each trial, its comparison, and its p-value corrected for how many have one."""
    found = [trial.paired or UNPAIRED if isinstance(trial, Trial) else UNPAIRED for trial in trials]
    p_values = map(float, holm([one.p_value for one in found]))
    yield from zip(trials, found, p_values, strict=True)


def _rounded_by_width(measured: float, interval: tuple[float, float] | None) -> dict[str, float]:
    """Returns a number and the ends of its interval, to three digits of the interval's width.

    At most six significant digits; without an interval, or with one of no width, there are four.
    """
    low, high = interval or (math.nan, math.nan)
    named = {"measured": measured, "low": low, "high": high}
    if not math.isfinite(high - low) or high <= low:
        return {name: _rounded(value) for name, value in named.items()}
    places = 2 - math.floor(math.log10(high - low))
    return {name: float(f"{round(value, places) + 0.0:.6g}") for name, value in named.items()}


def _rounded(number: float) -> float:
    return float(f"{number:.4g}")
