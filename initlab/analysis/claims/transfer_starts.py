"""Claims on pretrained weights as a start: against chance, by number and kind of images."""

import operator
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.sources import FEW_LAYERS, FOUR_CASES, PRETRAINED, UPPER_LAYERS
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import seeds_at
from initlab.analysis.selection import select
from initlab.analysis.transfer_arms import OTHER, SCRATCH, fine_tuned, whole

QUERY = (
    "test_accuracy at the last step, each arm with the learning rate of its highest mean "
    "validation accuracy (a diverged run: a guess)"
)
MORE = "test accuracy more"


class Case(NamedTuple):
    """Data of one kind and number: `dataset`, how similar it is, `images`, whether they are few."""

    dataset: str
    similar: bool
    images: int
    few: bool

    @property
    def words(self) -> str:
        """The case as sentences name it."""
        kind = "similar" if self.similar else "different"
        return f"{self.images:,} {kind} images"

    @property
    def slug(self) -> str:
        """The case as ids name it."""
        return f"{'few' if self.few else 'many'}-{self.figure}"

    @property
    def figure(self) -> str:
        """The figure that shows its arms."""
        return "similar" if self.similar else "different"


def cases_of(own: pd.DataFrame, similar: str) -> list[Case]:
    """Returns the fewest and the most images of each data set, similar ones first.

    Args:
        own: of `transfer_arms.chosen`.
        similar: the data set of the source's kind.
    """
    found = []
    for dataset in sorted(own["dataset"].unique(), key=lambda name: name != similar):
        numbers = sorted(int(one) for one in own.loc[own["dataset"] == dataset, "images"].unique())
        for images in dict.fromkeys((numbers[0], numbers[-1])):
            few = images == numbers[0] and len(numbers) > 1
            found.append(Case(str(dataset), dataset == similar, images, few))
    return found


def arms_of(own: pd.DataFrame, case: Case) -> dict[str, pd.DataFrame]:
    """Returns the arms that the four cases speak of, and one between them.

    `scratch`; `tuned`, all layers; `upper`, those above the middle one; `top`, a linear classifier
    on the top layer; `middle`, on the middle one.
    """
    here = select(own, dataset=case.dataset, images=case.images)
    if here.empty:
        return {}
    tuned = fine_tuned(here)
    part = here[(here["depth"] < here["depth"].max()) & ~here["left_out"].astype(bool)]
    part = part[(part["source"] == OTHER) & (part["frozen"] == part["copied"])]
    return {
        "scratch": select(whole(here), source=SCRATCH, frozen=0),
        "tuned": select(tuned, frozen=0),
        "upper": tuned[tuned["frozen"] == tuned["depth"] // 2],
        "top": tuned[tuned["frozen"] == tuned["depth"] - 1],
        "middle": part[part["copied"] == part["copied"].min()],
    }


def claims_on_four_cases(
    own: pd.DataFrame, test: "pd.Series[float]", cases: list[Case]
) -> list[Claim]:
    """Returns the four recommendations, each against what it is recommended over.

    Args:
        own: of `transfer_arms.chosen`.
        test: test accuracy by run id.
        cases: of `cases_of`.
    """
    advice = {
        (True, True): ("top", "tuned", "a linear classifier on the top layer", "fine-tuning all"),
        (False, True): ("tuned", "top", "fine-tuning all", "a linear classifier on the top layer"),
        (True, False): (
            "middle", "top", "a linear classifier on a middle layer", "one on the top layer",
        ),
        (False, False): ("tuned", "scratch", "fine-tuning a pretrained net", "a net from scratch"),
    }  # fmt: skip
    found: list[Claim] = []
    for case in cases:
        arms = arms_of(own, case)
        better, worse, one, other = advice[case.few, case.similar]
        if not arms:
            continue
        found += positive_claim(
            ("case", case.slug),
            f"On {case.words} {one} ends above {other}.",
            seeds_at(arms[better], test) - seeds_at(arms[worse], test),
            source=FOUR_CASES,
            unit=MORE,
            figure=case.figure,
            query=f"{QUERY}; {better} less {worse}, seed by seed",
            subject=(case.words,),
        )
    return found


def claims_on_starts(own: pd.DataFrame, test: "pd.Series[float]", cases: list[Case]) -> list[Claim]:
    """Returns the claims that pretrained weights, to be tuned or fixed, are better than chance."""
    tuned: list[Claim] = []
    fixed: list[Claim] = []
    for case in cases:
        if not (arms := arms_of(own, case)):
            continue
        scratch = seeds_at(arms["scratch"], test)
        for name, found, words in (
            ("tuned", tuned, "a fine-tuned pretrained net"),
            ("top", fixed, "a linear classifier on fixed pretrained features"),
        ):
            found += positive_claim(
                (name, case.figure, str(case.images)),
                f"On {case.words} {words} ends above a net from scratch.",
                seeds_at(arms[name], test) - scratch,
                source=PRETRAINED,
                unit=MORE,
                figure=case.figure,
                query=f"{QUERY}; {name} less from scratch, seed by seed",
                subject=(case.words,),
            )
    return [
        *over_trials(("tuned",), "Fine-tuned pretrained nets end above nets from scratch", tuned,
            worst=operator.neg),
        *over_trials(("top",), "Linear classifiers on fixed pretrained features end above nets "
            "from scratch", fixed, worst=operator.neg),
    ]  # fmt: skip


def claims_on_gaps(
    own: pd.DataFrame, values: Mapping[str, "pd.Series[float]"], cases: list[Case]
) -> list[Claim]:
    """Returns the claim that the fewer layers learn anew, the less a net over-fits.

    Args:
        own: of `transfer_arms.chosen`.
        values: `train_accuracy` and `test_accuracy` by run id.
        cases: of `cases_of`.
    """
    gap = values["train_accuracy"] - values["test_accuracy"]
    found: list[Claim] = []
    for case in cases:
        if not (arms := arms_of(own, case)):
            continue
        found += positive_claim(
            ("gap", case.figure, str(case.images)),
            f"On {case.words} the accuracy in training is less far above that of the test part "
            "where the readout alone is trained than where all layers are.",
            seeds_at(arms["tuned"], gap) - seeds_at(arms["top"], gap),
            source=FEW_LAYERS,
            unit="accuracy that the gap is narrower",
            figure=case.figure,
            query="train_accuracy, mean of the steps of the last quarter, less test_accuracy at "
            "the last step; fine-tuned less linear on the top layer, seed by seed",
            subject=(case.words,),
        )
    return over_trials(
        ("gap",), "Fewer retrained layers guard against over-fitting", found, worst=operator.neg
    )


def claims_on_upper_layers(
    own: pd.DataFrame, test: "pd.Series[float]", cases: list[Case]
) -> list[Claim]:
    """Returns the claim that fine-tuning the upper layers is better than all of them or none."""
    others = {"tuned": "all layers fine-tuned", "top": "a linear classifier on the top layer"}
    found: list[Claim] = []
    for case in cases:
        if not (arms := arms_of(own, case)):
            continue
        for other, words in others.items():
            found += positive_claim(
                ("upper", other, case.figure, str(case.images)),
                f"On {case.words} a pretrained net whose upper layers alone are fine-tuned ends "
                f"above {words}.",
                seeds_at(arms["upper"], test) - seeds_at(arms[other], test),
                source=UPPER_LAYERS,
                unit=MORE,
                figure=case.figure,
                query=f"{QUERY}; the first half of the layers frozen less {other}, seed by seed",
                subject=(f"{case.words}, against {words}",),
            )
    return over_trials(
        ("upper",), "Fine-tuning the upper layers is better than all of them or none", found,
        worst=operator.neg,
    )  # fmt: skip
