"""What claims came to, in words: for the sentences of an answer."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from initlab.analysis.claims.making import Trial
from initlab.analysis.claims.trials import OverTrials, each_trial
from initlab.analysis.findings import Claim, Verdict
from initlab.analysis.numbers import TIMES, factor, number

SAID: dict[Verdict, str] = {"supported": "Yes", "refuted": "No", "inconclusive": "Undecided"}
ALL_OF = {1: "", 2: ", in both cases"}


def about(claims: Iterable[Claim], start: str) -> list[Claim]:
    """Returns the claims whose id begins with these words, one a trial."""
    return [claim for claim in each_trial(claims) if claim.id.startswith(start)]


def judged(claims: Sequence[Claim]) -> str:
    """Returns whether the claims hold: `Yes, in all 3 cases`, `Yes in 1 of 3 cases, no in 2`."""
    total, counts = len(claims), Counter(claim.verdict for claim in claims)
    found = [name for name in SAID if counts[name]]
    if len(found) == 1:
        return SAID[found[0]] + ALL_OF.get(total, f", in all {total} cases")
    first, *others = (f"{SAID[name]} in {counts[name]}" for name in found)
    return f"{first} of {total} cases, {' and '.join(others).lower()}"


def spread(claims: Sequence[Claim]) -> str:
    """Returns the range of what the claims measured: `0.21 to 0.73 (intervals 0.2 to 0.8)`."""
    return _range(claims, number)


def percent(claims: Sequence[Claim]) -> str:
    """Returns the range of what the claims measured, in hundredths: `64 to 71`."""
    return _range(claims, _hundredths)


def factors(claims: Sequence[Claim]) -> str:
    """Returns by which factors claims that measured powers of ten multiply: `10⁻⁴⁰ to 1.03`."""
    return _range(claims, factor)


def times(claim: Claim) -> str:
    """Returns by what a claim that measured powers of ten multiplies, behind a sign of times."""
    return f"{TIMES} {_range([claim], factor)}"


def against(claims: Sequence[Claim]) -> str:
    """Returns what refutes, with its numbers; `nothing` where nothing does."""
    return each([claim for claim in claims if claim.verdict == "refuted"]) or "nothing"


def in_favour(claims: Sequence[Claim]) -> str:
    """Returns what supports, with its numbers; `nothing` where nothing does."""
    return each([claim for claim in claims if claim.verdict == "supported"]) or "nothing"


def always(claims: Sequence[Claim]) -> str:
    """Returns the initializers of which every claim is supported; `none` where there is none."""
    found: dict[str, bool] = {}
    for claim in claims:
        name = claim.subject[0] if isinstance(claim, Trial) and claim.subject else claim.id
        found[name] = found.get(name, True) and claim.verdict == "supported"
    return "; ".join(name for name, holds in found.items() if holds) or "none"


def each(claims: Sequence[Claim]) -> str:
    """Returns what every claim measured: `He normal at depth 20: 0.74 (0.46 to 1)`."""
    return _each(claims, number)


def points(claims: Sequence[Claim]) -> str:
    """Returns what every claim measured, in hundredths: `20 images: 7.02 (3.81 to 10.2)`."""
    return _each(claims, lambda value: number(100 * value))


def _each(claims: Sequence[Claim], written: Callable[[float], str]) -> str:
    return "; ".join(f"{_subject(claim)}: {_range([claim], written)}" for claim in claims)


def _subject(claim: Claim) -> str:
    return " ".join(claim.subject) if isinstance(claim, Trial) and claim.subject else claim.id


def _hundredths(value: float) -> str:
    return number(round(100 * value))


def _range(claims: Sequence[Claim], written: Callable[[float], str]) -> str:
    known = sorted(claim.measured for claim in claims if math.isfinite(claim.measured))
    if not known:
        return "no measured number"
    ends = [end for claim in claims for end in claim.interval or ()]
    if not ends:
        return _from_to(written(known[0]), written(known[-1]))
    centres = _from_to(written(known[0]), written(known[-1]))
    reach = _from_to(written(min(ends)), written(max(ends)))
    word = "intervals " if len(known) > 1 else ""
    return centres if reach == centres else f"{centres} ({word}{reach})"


def _from_to(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"


def answer(claims: Sequence[Claim], paragraphs: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Returns paragraphs with what the claims came to, without sentences that no claim is about.

    Args:
        claims: of an experiment.
        paragraphs: sentences with fields such as `{judged[factor-]}`: a function of this module,
            and how the ids begin of the claims that it is of.
    """
    said = (" ".join(_sentences(claims, paragraph)) for paragraph in paragraphs)
    return tuple(text for text in said if text)


def unanswered(claims: Sequence[Claim], paragraphs: Sequence[Sequence[str]]) -> list[str]:
    """Returns the questions of the sentences that `answer` leaves out."""
    left = [text for paragraph in paragraphs for text in paragraph if not _known(claims, text)]
    return [question for text in left for question in QUESTION.findall(text)]


def _sentences(claims: Sequence[Claim], sentences: Sequence[str]) -> list[str]:
    return [
        FIELD.sub(lambda field: _field(claims, field[1], field[2]), text)
        for text in sentences
        if _known(claims, text)
    ]


def _field(claims: Sequence[Claim], word: str, start: str) -> str:
    """Returns what stands for a field; with verdicts, where that over all trials is another."""
    text = WORDS[word](about(claims, start))
    return text + _open_over_all(claims, start) if word == "judged" else text


def _open_over_all(claims: Sequence[Claim], start: str) -> str:
    """Returns the verdict over all trials, where one alone is refuted and their claim is not.

    Nothing where the trials are those of several claims.
    """
    merged = [one for one in claims if isinstance(one, OverTrials) and about([one], start)]
    trials = about(claims, start)
    if len(merged) != 1 or len(merged[0].trials) != len(trials):
        return ""
    alone = any(trial.verdict == "refuted" for trial in trials)
    if merged[0].verdict != "inconclusive" or not alone:
        return ""
    return f"; over {'both' if len(trials) == 2 else f'all {len(trials)}'} undecided"


def _known(claims: Sequence[Claim], text: str) -> bool:
    """Tells whether there are claims for every field of a text."""
    return all(about(claims, start) for _, start in FIELD.findall(text))


WORDS = {
    "judged": judged,
    "spread": spread,
    "percent": percent,
    "factors": factors,
    "against": against,
    "in_favour": in_favour,
    "always": always,
    "each": each,
    "points": points,
}
FIELD = re.compile(rf"\{{({'|'.join(WORDS)})\[([\w-]+)\]\}}")
QUESTION = re.compile(r"(?:^|(?<=\. ))[^?]*\?")  # behind the start or a full stop
