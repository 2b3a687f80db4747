"""From an experiment's claims and drawings to its findings: the answer, and the table of trials."""

from collections.abc import Iterable, Sequence

from initlab.analysis.claims.making import drawn_claims
from initlab.analysis.claims.trials import trial_listing
from initlab.analysis.claims.words import answer, unanswered
from initlab.analysis.findings import Claim, Drawing, Findings, Listing

NOTHING = ("The runs hold nothing that a claim is about.",)
OPEN = "Not judged, since runs that it takes are not among these results:"


def no_findings() -> Findings:
    """Returns the findings on runs that no claim is about."""
    return Findings(NOTHING, (), ())


def told_findings(
    claims: Iterable[Claim],
    drawings: Sequence[Drawing],
    paragraphs: Sequence[Sequence[str]],
    *listings: Listing,
) -> Findings:
    """Returns the findings of claims whose figures are drawn, every trial of theirs in a table.

    The answer ends with the questions that these runs do not tell of, if there are any.

    Args:
        claims: of the experiment, drawn or not.
        drawings: its figures.
        paragraphs: of the answer, as `words.answer` takes them.
        listings: its own tables.
    """
    kept = drawn_claims(claims, drawings)
    trials = trial_listing(kept)
    return Findings(
        answer=_answer(kept, paragraphs),
        claims=kept,
        drawings=tuple(drawings),
        listings=(*listings, trials),
    )


def _answer(claims: Sequence[Claim], paragraphs: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Returns the answer, and last what is left open for want of runs."""
    said = answer(claims, paragraphs)
    left = unanswered(claims, paragraphs)
    return (*said, f"{OPEN} {' '.join(left)}") if said and left else said or NOTHING
