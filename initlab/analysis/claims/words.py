"""What claims came to, in words: for the sentences of an answer."""

import math
import re
from collections.abc import Iterable, Sequence

from initlab.analysis.claims.trials import each_trial
from initlab.analysis.findings import Claim


def about(claims: Iterable[Claim], start: str) -> list[Claim]:
    """Returns the claims whose id begins with these words, one a trial."""
    return [claim for claim in each_trial(claims) if claim.id.startswith(start)]


def judged(claims: Sequence[Claim]) -> str:
    """Returns how many of the claims came out how: `supported in 3 of 3 cases`."""
    verdicts = [claim.verdict for claim in claims]
    parts = [
        f"{name} in {verdicts.count(name)}"
        for name in ("supported", "refuted", "inconclusive")
        if name in verdicts
    ]
    return f"it is {', '.join(parts)} of {len(claims)} cases"


def spread(claims: Sequence[Claim]) -> str:
    """Returns the range of what the claims measured."""
    numbers = sorted(claim.measured for claim in claims if math.isfinite(claim.measured))
    if not numbers:
        return "no measured number"
    low, high = f"{numbers[0]:.3f}", f"{numbers[-1]:.3f}"
    return low if low == high else f"{low} to {high}"


def least_and_most(claims: Sequence[Claim]) -> str:
    """Returns the least and the greatest of what the claims measured."""
    numbers = [claim.measured for claim in claims if math.isfinite(claim.measured)]
    return f"{min(numbers):.3g} to {max(numbers):.3g}" if numbers else "nothing measured"


def answer(claims: Sequence[Claim], sentences: Sequence[str]) -> tuple[str, ...]:
    """Returns sentences with what the claims came to, those left out that no claim is about.

    Args:
        claims: of an experiment.
        sentences: with fields such as `{judged[factor-]}`: a function of this module, and how the
            ids begin of the claims that it is of.
    """
    return tuple(
        FIELD.sub(lambda field: WORDS[field[1]](about(claims, field[2])), text)
        for text in sentences
        if all(about(claims, start) for _, start in FIELD.findall(text))
    )


FIELD = re.compile(r"\{(judged|spread|least_and_most)\[([\w-]+)\]\}")
WORDS = {"judged": judged, "spread": spread, "least_and_most": least_and_most}
