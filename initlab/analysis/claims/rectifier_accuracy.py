"""Claims on what deep rectifier networks come to: by depth, and under one law or the other."""

import operator
from collections.abc import Iterator
from functools import partial

import pandas as pd

from initlab.analysis.claims.few_steps import after_many_steps
from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.rectifier_scales import HE, XAVIER
from initlab.analysis.claims.rectifiers import (
    DEEP,
    DEEPEST,
    OWN,
    SHALLOW,
    TRAINED,
    Scores,
    form,
    trial_of,
)
from initlab.analysis.claims.sources import ADDED, DELVING
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.verdicts import above, within

ALIKE = 0.05  # of test accuracy
WORSE = {
    SHALLOW: f"{DELVING}, section 4.1: top-1 errors of 38.56 % with 30 layers, 33.82 % with 14",
    DEEP: f"{ADDED}: the same asked of {DEEP} layers",
}


def claims_on_accuracy(own: pd.DataFrame, scores: Scores) -> list[Claim]:
    """Returns the claims on test accuracy, by depth and by law.

    Args:
        own: one trial for each model, depth and initializer, with the learning rate of its own.
        scores: of them.
    """
    deepest = [trial for model in own["model"].unique() for trial in deeper(own, model, scores)]
    return [
        *over_trials(
            ("deeper",), f"Networks of {DEEPEST} layers are worse than shallower ones", deepest,
            worst=operator.neg,
        ),
        *over_trials(
            ("alike",), f"With {SHALLOW} layers Xavier's and He's laws end alike",
            list(end_alike(own, scores)), worst=abs,
        ),
        *over_trials(
            ("forms",), "Both forms of Xavier's law end alike",
            list(forms_end_alike(own, scores)), worst=abs,
        ),
    ]  # fmt: skip


def deeper(runs: pd.DataFrame, model: str, scores: Scores) -> list[Claim]:
    """Whether He's networks of 30 layers end lower than those of 14 and of 22."""
    claims: list[Claim] = []
    deepest = trial_of(runs, model, DEEPEST, HE)
    for depth, source in WORSE.items():
        shallower = trial_of(runs, model, depth, HE)
        lost = (by_seed(shallower, scores.test) - by_seed(deepest, scores.test)).dropna()
        if lost.empty:
            continue
        measured = seed_interval(lost)
        claim = make_claim(
            ("deeper", model, f"depth-{depth}"),
            f"Under He's law a {model} of depth {DEEPEST} ends with a lower test accuracy than one "
            f"of depth {depth}.",
            source=source,
            predicted="above 0",
            unit="test accuracy lost",
            measured=measured,
            verdict=partial(above, bound=0.0),
            figure="accuracy",
            query=f"test_accuracy at the last step, {OWN} (a diverged run: a guess), depth {depth} "
            f"less depth {DEEPEST}, seed by seed",
            subject=(f"{model}, {depth} layers",),
        )
        claims += after_many_steps([claim], deepest, "supported")
    return claims


def end_alike(runs: pd.DataFrame, scores: Scores) -> Iterator[Claim]:
    """Whether He's law gains nothing where networks are not deep."""
    for model in runs["model"].unique():
        for law in XAVIER:
            pair = tuple(trial_of(runs, model, SHALLOW, one) for one in (HE, law))
            yield from difference(
                ("alike", law, model),
                f"A {model} of depth {SHALLOW} ends with the same test accuracy under He's law as "
                f"under {form(law)}.",
                pair,
                scores,
                f"{DELVING}, table 2: top-1 errors of 33.82 % with He's law and of 33.90 % with "
                "Xavier's, 14 layers",
            )


def forms_end_alike(runs: pd.DataFrame, scores: Scores) -> Iterator[Claim]:
    """Whether it matters which form of Xavier's law is taken, where one of them trains."""
    for model in runs["model"].unique():
        for depth in sorted(map(int, runs["depth"].unique())):
            pair = tuple(trial_of(runs, model, depth, law) for law in XAVIER)
            if not any(by_seed(of_it, scores.late).mean() > TRAINED for of_it in pair):
                continue
            yield from difference(
                ("forms", model, f"depth-{depth}"),
                f"A {model} of depth {depth} ends with the same test accuracy under both forms of "
                "Xavier's law.",
                pair,
                scores,
                f"{ADDED}: they differ in the first layer and the readout alone",
            )


def difference(
    identity: tuple[str, ...],
    statement: str,
    pair: tuple[pd.DataFrame, ...],
    scores: Scores,
    source: str,
) -> Iterator[Claim]:
    """Gives the claim that two laws end within 0.05 of each other; none without seeds of both."""
    first, second = pair
    values = (by_seed(first, scores.test) - by_seed(second, scores.test)).dropna()
    if values.empty:
        return
    measured = seed_interval(values)
    claim = make_claim(
        identity,
        statement,
        source=source,
        predicted=f"0, within {ALIKE:g}",
        unit="test accuracy more",
        measured=measured,
        verdict=partial(within, low=-ALIKE, high=ALIKE),
        figure="accuracy",
        query=f"test_accuracy at the last step, {OWN} (a diverged run: a guess), "
        f"{first['initializer'].iloc[0]} less {second['initializer'].iloc[0]}, seed by seed",
        subject=(" ".join(identity[1:]),),
    )
    yield from after_many_steps([claim], first, "refuted")
