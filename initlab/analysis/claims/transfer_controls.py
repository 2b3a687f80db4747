"""Claims that pretrained weights are better than weights that share their moments alone."""

import operator

import pandas as pd

from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.sources import CONTROLLED
from initlab.analysis.claims.transfer_starts import MORE, QUERY, Case
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import seeds_at
from initlab.analysis.selection import select
from initlab.analysis.transfer_arms import AS_LEARNED, OTHER

WORDS = {
    "moment_matched": "random ones of each layer's mean and variance",
    "shuffled": "the same shuffled",
    "orthogonal": "orthogonal ones of the same mean square",
}
LEARN = {True: "fixed", False: "fine-tuned"}  # by whether all but the readout is frozen


def claims_on_controls(
    every: pd.DataFrame, test: "pd.Series[float]", cases: list[Case]
) -> list[Claim]:
    """Returns the claim that pretrained weights end above each control of theirs.

    Args:
        every: of `transfer_arms.chosen`, controls included.
        test: test accuracy by run id.
        cases: of `cases_of`.
    """
    found: list[Claim] = []
    for control, words in WORDS.items():
        trials: list[Claim] = []
        for case in cases:
            nets = control_arms(every, case)
            for fixed, learn in LEARN.items():
                of_it = nets[(nets["frozen"] > 0) == fixed]
                trials += positive_claim(
                    ("control", control, learn, case.figure, str(case.images)),
                    f"On {case.words} pretrained weights, {learn}, end above {words}.",
                    seeds_at(select(of_it, control=AS_LEARNED), test)
                    - seeds_at(select(of_it, control=control), test),
                    source=CONTROLLED,
                    unit=MORE,
                    figure=f"controls-{case.figure}",
                    query=f"{QUERY}; pretrained less {control}, seed by seed",
                    subject=(f"{case.words}, {learn}",),
                )
        found += over_trials(
            ("control", control), f"Pretrained weights end above {words}", trials,
            worst=operator.neg,
        )  # fmt: skip
    return found


def control_arms(every: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Returns the whole nets of all layers but the readout, tuned or fixed, and their controls.

    Pretrained ones come first, and only where a control was run.
    """
    here = select(every, dataset=case.dataset, images=case.images, source=OTHER)
    last = here["depth"] - 1
    whole = (here["depth"] == every["depth"].max()) & (here["copied"] == last)
    nets = here[whole & (here["frozen"].isin([0]) | (here["frozen"] == last))]
    controlled = nets[nets["control"] != AS_LEARNED]
    beside = nets[nets["frozen"].isin(controlled["frozen"].unique())]
    found: pd.DataFrame = pd.concat([select(beside, control=AS_LEARNED), controlled])
    return found
