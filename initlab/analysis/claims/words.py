"""What claims came to, in words: for the sentences of an answer."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from initlab.analysis.claims.trials import each_trial
from initlab.analysis.findings import Claim, Verdict
from initlab.analysis.numbers import factor, number

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
    """Returns the range of what the claims measured: `0.21 to 0.73`."""
    return _range(claims, number)


def percent(claims: Sequence[Claim]) -> str:
    """Returns the range of what the claims measured, in hundredths: `64 to 71`."""
    return _range(claims, lambda value: number(round(100 * value)))


def factors(claims: Sequence[Claim]) -> str:
    """Returns by which factors claims that measured powers of ten multiply: `10⁻⁴⁰ to 1.03`."""
    return _range(claims, factor)


def _range(claims: Sequence[Claim], written: Callable[[float], str]) -> str:
    numbers = sorted(claim.measured for claim in claims if math.isfinite(claim.measured))
    if not numbers:
        return "no measured number"
    low, high = written(numbers[0]), written(numbers[-1])
    return low if low == high else f"{low} to {high}"


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


WORDS = {"judged": judged, "spread": spread, "percent": percent, "factors": factors}
FIELD = re.compile(rf"\{{({'|'.join(WORDS)})\[([\w-]+)\]\}}")
