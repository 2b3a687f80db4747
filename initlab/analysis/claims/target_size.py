"""Claims on the number of images: how many pretrained weights save, where chance catches up."""

import math
import operator
from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import LESS_DATA
from initlab.analysis.claims.transfer_starts import MORE, QUERY, Case, arms_of
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import seed_interval, seeds_at
from initlab.analysis.selection import select
from initlab.analysis.verdicts import above

SIZES = "images"  # the figure of similar images
NAMES = {"tuned": "fine-tuned pretrained nets", "top": "linear classifiers on fixed features"}


def claims_on_less_data(
    own: pd.DataFrame, test: "pd.Series[float]", cases: list[Case]
) -> list[Claim]:
    """Returns the claim that pretrained weights gain more where there are fewer images."""
    found: list[Claim] = []
    for kind in dict.fromkeys(case.figure for case in cases):
        few, *rest = [case for case in cases if case.figure == kind]
        if not rest:
            continue
        found_arms = [arms_of(own, case) for case in (few, rest[-1])]
        if not all(found_arms):
            continue
        gains = [
            seeds_at(arms["tuned"], test) - seeds_at(arms["scratch"], test) for arms in found_arms
        ]
        found += positive_claim(
            ("less-data", kind),
            f"Pretrained weights gain more over chance on {few.words} than on {rest[-1].images:,}.",
            gains[0] - gains[1],
            source=LESS_DATA,
            unit=MORE,
            figure=SIZES if kind == "similar" else kind,
            query=f"{QUERY}; fine-tuned less from scratch, at {few.images} images less at "
            f"{rest[-1].images}, seed by seed",
            subject=(f"{kind} images",),
        )
    return over_trials(
        ("less-data",), "Pretrained weights need less data: they gain more where images are fewer",
        found, worst=operator.neg,
    )  # fmt: skip


def curves(
    own: pd.DataFrame, test: "pd.Series[float]", dataset: str
) -> dict[str, dict[int, "pd.Series[float]"]]:
    """Returns test accuracies against the number of images: `scratch`, `tuned` and `top`.

    Args:
        own: of `transfer_arms.chosen`.
        test: test accuracy by run id.
        dataset: whose images.

    Returns:
        Each a value a seed for every number of images, ascending, at which all three were run.
    """
    numbers = sorted(int(one) for one in select(own, dataset=dataset)["images"].unique())
    ends: dict[str, dict[int, pd.Series[float]]] = {"scratch": {}, "tuned": {}, "top": {}}
    for images in numbers:
        arms = arms_of(own, Case(dataset, similar=True, images=images, few=False))
        found = {name: seeds_at(arms[name], test) for name in ends}
        if all(len(one) for one in found.values()):
            for name, one in found.items():
                ends[name][images] = one
    return ends


def claims_on_needed(found: Mapping[str, Mapping[int, "pd.Series[float]"]]) -> list[Claim]:
    """Returns the claim that a net from scratch needs more images for the same accuracy.

    Asked of numbers between the fewest and the most: at the fewest it could not be seen that a net
    from scratch needs less, at the most not that it needs more.
    """
    trials: list[Claim] = []
    for images, wanted in list(found["tuned"].items())[1:-1]:
        factor = images_needed(found["scratch"], wanted) / images
        measured = seed_interval(factor.map(math.log10))
        trials.append(
            make_claim(
                ("needed", str(images)),
                f"A net from scratch needs more than {images:,} images to end where a fine-tuned "
                f"pretrained net does with {images:,}.",
                source=LESS_DATA,
                predicted="above 0",
                unit="log10 of how many times as many images",
                measured=measured,
                verdict=partial(above, bound=0.0),
                figure=SIZES,
                query=f"{QUERY}; where the accuracy from scratch, made to rise and interpolated "
                f"against the logarithm of images, is that of fine-tuned with {images}, at most "
                "the most images, seed by seed",
                subject=(f"{images:,} images",),
            )
        )
    return over_trials(
        ("needed",), "From scratch more images are needed for the same accuracy", trials,
        worst=operator.neg,
    )  # fmt: skip


def images_needed(
    scratch: Mapping[int, "pd.Series[float]"], wanted: "pd.Series[float]"
) -> "pd.Series[float]":
    """Returns how many images bring nets from scratch to an accuracy, by seed.

    The accuracies of a seed, made to rise, are interpolated against the logarithm of images; beyond
    the fewest and the most images these are returned, bounds of what would be needed.

    Args:
        scratch: of `curves`: by number of images, a value a seed.
        wanted: the accuracy, by seed.
    """
    places = np.log(list(scratch))
    rows = pd.DataFrame({**scratch, 0: wanted}).dropna()
    needed = [
        math.exp(np.interp(accuracy, np.maximum.accumulate(ends), places))
        for *ends, accuracy in rows.to_numpy(np.float64)
    ]
    return pd.Series(needed, index=rows.index, dtype="float64")


def claims_on_crossover(found: Mapping[str, Mapping[int, "pd.Series[float]"]]) -> list[Claim]:
    """Returns the claims that pretrained nets lead on few images and nets from scratch on many."""
    numbers = list(found["scratch"])
    if len(numbers) < 2:
        return []
    claims: list[Claim] = []
    for name, words in NAMES.items():
        few, many = (found[name][n] - found["scratch"][n] for n in (numbers[0], numbers[-1]))
        trials = [
            *_lead(name, numbers[0], f"{words} end above nets from scratch", few),
            *_lead(name, numbers[-1], f"nets from scratch end above {words}", -many),
        ]
        statement = f"Nets from scratch catch up: on few images {words} lead, on many they do not"
        claims += over_trials(("crossover", name), statement, trials, worst=operator.neg)
    return claims


def _lead(name: str, images: int, words: str, more: "pd.Series[float]") -> list[Claim]:
    """Returns the claim that one kind of net ends above another on so many images."""
    return positive_claim(
        ("crossover", name, str(images)),
        f"On {images:,} images {words}.",
        more,
        source=LESS_DATA,
        unit=MORE,
        figure=SIZES,
        query=f"{QUERY}; on {images} images {words}: the difference seed by seed",
        subject=(f"{images:,} images",),
    )


def sizes_to_read(found: Mapping[str, Mapping[int, "pd.Series[float]"]]) -> pd.DataFrame:
    """Returns one row a number of images: mean accuracies, and what pretrained nets have more."""
    rows = pd.DataFrame(
        {
            name: {images: one.mean() for images, one in by_images.items()}
            for name, by_images in found.items()
        }
    )
    rows["tuned_more"] = rows["tuned"] - rows["scratch"]
    rows["top_more"] = rows["top"] - rows["scratch"]
    return rows.rename_axis("images").round(3).reset_index()
