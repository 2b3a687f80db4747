"""The recommendations of the four cases, with classifiers fitted to codes in place of readouts."""

import operator

import pandas as pd

from initlab.analysis.claims.codes import NAMES, Codes, of_codes
from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.sources import FOUR_CASES
from initlab.analysis.claims.transfer_starts import MORE, Case, arms_of
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.linear_probes import KINDS, PLACES
from initlab.analysis.over_seeds import seeds_at
from initlab.analysis.selection import select
from initlab.analysis.transfer_arms import OTHER

CODES = Codes(OTHER, "rectified")
QUERY = (
    "arrays linear_accuracy, rectified codes at all places; test_accuracy at the last step, with "
    "the learning rate of its highest mean validation accuracy"
)

ADVICE = {  # by whether images are few and similar: what ends above what
    (True, True): ("top", "tuned"),
    (False, True): ("tuned", "top"),
    (True, False): ("middle", "top"),
}


def claims_on_classified_cases(
    own: pd.DataFrame, test: "pd.Series[float]", answers: pd.DataFrame, cases: list[Case]
) -> list[Claim]:
    """Returns which cases' recommendations hold where the linear classifier is scikit-learn's.

    Of many different images none of them speaks of a linear classifier.

    Args:
        own: of `transfer_arms.chosen`.
        test: test accuracy by run id.
        answers: of `linear_probes.linear_answers`, of `transfer_arms.with_arms`.
        cases: of `cases_of`.
    """
    found: list[Claim] = []
    for case in cases:
        here = select(answers, dataset=case.dataset, images=case.images, places=PLACES[0])
        arms, advice = arms_of(own, case), ADVICE.get((case.few, case.similar))
        if here.empty or not arms or advice is None:
            continue
        last = int(here["layer"].max())
        trials: list[Claim] = []
        for kind in KINDS:
            ends = {
                "tuned": seeds_at(arms["tuned"], test),
                "top": of_codes(select(here, layer=last), kind, CODES),
                "middle": of_codes(select(here, layer=(last + 1) // 2), kind, CODES),
            }
            trials += positive_claim(
                ("classified", case.slug, kind),
                f"On {case.words} {_above(advice, f'a {NAMES[kind]}')}.",
                ends[advice[0]] - ends[advice[1]],
                source=FOUR_CASES,
                unit=MORE,
                figure=case.figure if "tuned" in advice else f"codes-{case.slug}",
                query=f"{QUERY}, {kind}: {advice[0]} less {advice[1]}, seed by seed",
                subject=(f"{case.words}, {NAMES[kind]}",),
            )
        statement = f"On {case.words} {_above(advice, 'a linear classifier')}"
        found += over_trials(("classified", case.slug), statement, trials, worst=operator.neg)
    return found


def _above(advice: tuple[str, str], classifier: str) -> str:
    """Returns the recommendation in words, with a name for the classifier."""
    words = {
        "tuned": "fine-tuning all layers",
        "top": f"{classifier} on the codes of the top layer",
        "middle": f"{classifier} on the codes of a middle layer",
    }
    return " ends above ".join(words[one] for one in advice)
