"""The claim that convolutions of a pretrained net run on images of another size."""

import operator
from functools import partial

import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import ANOTHER_SIZE
from initlab.analysis.claims.transfer_starts import QUERY, Case, arms_of
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.guessing import chance
from initlab.analysis.over_seeds import seeds_at, share_interval
from initlab.analysis.verdicts import above
from initlab.spec.datasets import image_shape


def claims_on_another_size(
    own: pd.DataFrame, test: "pd.Series[float]", cases: list[Case]
) -> list[Claim]:
    """Returns the claim that fixed convolutions serve images of another size than they learned.

    What was learned has the size of the similar images.

    Args:
        own: of `transfer_arms.chosen`.
        test: test accuracy by run id.
        cases: of `cases_of`.
    """
    fixed = {case: arms["top"] for case in cases if (arms := arms_of(own, case))}
    learned = {size_of(runs) for case, runs in fixed.items() if case.similar and len(runs)}
    found: list[Claim] = []
    for case, runs in fixed.items():
        if not learned or runs.empty or (size := size_of(runs)) in learned:
            continue
        guess = chance(runs)
        found.append(
            make_claim(
                ("another-size", str(case.images)),
                f"On {case.words} of {_words(size)} a linear classifier on the convolutions of a "
                f"net that learned images of {_words(min(learned))}, fixed, ends above a guess.",
                source=ANOTHER_SIZE,
                predicted=f"above {guess:g}",
                unit="test accuracy",
                measured=share_interval(seeds_at(runs, test)),
                verdict=partial(above, bound=guess),
                figure=case.figure,
                query=f"{QUERY}; linear on the top layer, mean over seeds",
                subject=(case.words,),
            )
        )
    return over_trials(
        ("another-size",), "Convolutions of a pretrained net run on images of another size",
        found, worst=operator.neg,
    )  # fmt: skip


def size_of(runs: pd.DataFrame) -> tuple[int, int]:
    """Returns height and width of the images that the first of the runs has."""
    run = runs.iloc[0]
    given = run.get("image_size")
    height, width, _ = image_shape(run["dataset"], "own" if pd.isna(given) else int(given))
    return height, width


def _words(size: tuple[int, int]) -> str:
    return f"{size[0]} by {size[1]} pixels"
