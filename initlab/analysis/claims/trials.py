"""One claim over several trials: it holds if it holds in each, and shows the worst of them."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

import pandas as pd

from initlab.analysis.claims.making import Trial, claim_id, with_distinct_ids
from initlab.analysis.findings import Claim, Listing
from initlab.analysis.significance import holm

TRIALS = (
    "Each claim that was tested in several trials, trial by trial: what was measured, with the "
    "ends of its 95 % interval over seeds. Each interval is of its trial alone: of many, one in "
    "twenty misses."
)
P_VALUES = (
    " p is the chance of so large a difference, either way, where there is none in "
    "any trial of the claim: Student's t test over seeds, by Holm corrected for the claim's number "
    "of trials. Empty: the claim is not about a difference, or has fewer than five seeds."
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

    It is refuted if one trial refutes it, supported if all support it, else inconclusive.

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
    shown = max(trials, key=badness)
    query = shown.query
    if len(trials) > 1:
        holds = sum(trial.verdict == "supported" for trial in trials)
        statement = f"{statement} ({holds} of {len(trials)} trials)"
        query += f". Shown is the worst trial, `{shown.id}`; the table `trials` has each"
    same = {field.name: getattr(shown, field.name) for field in fields(Claim)}
    same |= {"id": claim_id(*identity), "statement": f"{statement}.", "query": query}
    return [OverTrials(**same, trials=trials)]


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
    return Listing("trials", TRIALS, rows.drop(columns="p"))


def trial_rows(claims: Iterable[Claim]) -> pd.DataFrame:
    """Returns one row a trial of the claims that were tested in several, rounded for reading."""
    several = [one for one in claims if isinstance(one, OverTrials) and len(one.trials) > 1]
    rows = [
        {
            "claim": claim.id,
            "trial": trial.id,
            "measured": _rounded(trial.measured),
            "low": _rounded(trial.interval[0] if trial.interval else math.nan),
            "high": _rounded(trial.interval[1] if trial.interval else math.nan),
            "seeds": trial.n,
            "p": float(f"{p_value:.2g}"),
            "verdict": trial.verdict,
        }
        for claim in several
        for trial, p_value in zip(claim.trials, _corrected(claim.trials), strict=True)
    ]
    columns = ["claim", "trial", "measured", "low", "high", "seeds", "p", "verdict"]
    return pd.DataFrame(rows, columns=columns)


def _corrected(trials: Sequence[Claim]) -> list[float]:
    """Returns each trial's p-value, corrected for how many of them have one."""
    found = [trial.p_value if isinstance(trial, Trial) else math.nan for trial in trials]
    return [float(p_value) for p_value in holm(found)]


def _rounded(number: float) -> float:
    return float(f"{number:.4g}")
