"""Claims on deep rectifier networks under He's and Xavier's laws: who trains, who stalls."""

import operator
from dataclasses import dataclass
from functools import partial

import pandas as pd

from initlab.analysis.claims.few_steps import after_many_steps
from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.rectifier_scales import HE, XAVIER
from initlab.analysis.claims.sources import DELVING
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import by_seed, share_interval
from initlab.analysis.selection import select
from initlab.analysis.verdicts import above, below

SHALLOW, DEEP, DEEPEST = 14, 22, 30
TARGET, OVER = 0.5, 3  # of training accuracy; measured steps that it is the mean of
TRAINED, STALLED = 0.5, 0.2  # of training accuracy: five times a guess, and twice
OWN = "each with its learning rate of the highest validation accuracy"
LATE = "train_accuracy, mean of the steps measured in the last quarter (a diverged run: a guess)"


@dataclass(frozen=True)
class Scores:
    """What runs come to, by run id.

    Attributes:
        late: training accuracy at the end, of `late_accuracy`.
        test: test accuracy at the end; a diverged run is a guess.
        steps: log10 of the steps to `TARGET`, of `bounded`.
        reached: those steps, NaN for a run that never gets there.
    """

    late: "pd.Series[float]"
    test: "pd.Series[float]"
    steps: "pd.Series[float]"
    reached: "pd.Series[float]"


def claims_on_rectifiers(own: pd.DataFrame, as_he: pd.DataFrame, scores: Scores) -> list[Claim]:
    """Returns the claims of the original's figures 2 and 3.

    Args:
        own: one trial for each model, depth and initializer, with the learning rate of its own.
        as_he: the same with the learning rate that is He's law's own.
        scores: of all of them.
    """
    trains: list[Claim] = []
    sooner: list[Claim] = []
    stalls: list[Claim] = []
    at_rate: list[Claim] = []
    for model in own["model"].unique():
        trains += [trial for law in (HE, *XAVIER) for trial in train(own, model, law, scores)]
        for law in XAVIER:
            sooner += he_is_sooner(own, model, law, scores)
            stalls += xavier_stalls(own, model, law, scores, own=True)
            at_rate += xavier_stalls(as_he, model, law, scores, own=False)
    converges = [
        trial for model in own["model"].unique() for trial in he_converges(own, model, scores)
    ]
    return [
        *over_trials(("both",), f"With {DEEP} layers He's and Xavier's laws both train", trains,
            worst=operator.neg),
        *over_trials(("sooner",), f"With {DEEP} layers He's law trains sooner than Xavier's",
            sooner, worst=operator.neg),
        *over_trials(("converges",), f"With {DEEPEST} layers He's law trains", converges,
            worst=operator.neg),
        *over_trials(("stalls",), f"With {DEEPEST} layers Xavier's law stalls, with a learning "
            "rate of its own", stalls, worst=float),
        *over_trials(("as-he",), f"With {DEEPEST} layers Xavier's law stalls at the learning rate "
            "of He's", at_rate, worst=float),
    ]  # fmt: skip


def trial_of(runs: pd.DataFrame, model: str, depth: int, law: str) -> pd.DataFrame:
    """Returns the runs of one model, depth and initializer."""
    return select(runs, model=model, depth=depth, initializer=law)


def form(law: str) -> str:
    """Returns a law as sentences name it."""
    return XAVIER.get(law, "He's law")


def train(runs: pd.DataFrame, model: str, law: str, scores: Scores) -> list[Claim]:
    """Whether networks of 22 layers train."""
    found = trial_of(runs, model, DEEP, law)
    return trains_claim("both", found, scores, f"{DELVING}, figure 2")


def he_converges(runs: pd.DataFrame, model: str, scores: Scores) -> list[Claim]:
    """Whether He's law trains 30 layers."""
    found = trial_of(runs, model, DEEPEST, HE)
    return trains_claim("converges", found, scores, f"{DELVING}, figure 3")


def trains_claim(identity: str, runs: pd.DataFrame, scores: Scores, source: str) -> list[Claim]:
    """The claim that a trial trains; after few steps it is not refuted."""
    values = by_seed(runs, scores.late)
    if values.empty:
        return []
    model, depth, law, steps = described(runs)
    measured = share_interval(values)
    claim = make_claim(
        (identity, law, model),
        f"A {model} of {depth} layers trains under {form(law)} ({steps} steps).",
        source=source,
        predicted=f"above {TRAINED:g}",
        unit="training accuracy",
        measured=measured,
        verdict=partial(above, bound=TRAINED),
        figure=f"curves-{model}",
        query=f"{LATE}, {OWN}; mean over seeds",
        subject=(f"{form(law)}, {model}",),
    )
    return after_many_steps([claim], runs, "refuted")


def described(runs: pd.DataFrame) -> tuple[str, int, str, int]:
    """Returns the model, depth, law and steps of a trial's runs."""
    first = runs.iloc[0]
    return str(first["model"]), int(first["depth"]), str(first["initializer"]), int(first["steps"])


def he_is_sooner(runs: pd.DataFrame, model: str, law: str, scores: Scores) -> list[Claim]:
    """Whether He's law trains 22 layers in fewer steps than one form of Xavier's."""
    he, xavier = (trial_of(runs, model, DEEP, one) for one in (HE, law))
    known = scores.steps.where(scores.reached.notna())
    return positive_claim(
        ("sooner", law, model),
        f"A {model} of {DEEP} layers trains in fewer steps under He's law than under {form(law)}.",
        by_seed(xavier, scores.steps) - by_seed(he, known),
        source=f"{DELVING}, figure 2",
        unit="powers of ten of steps more",
        figure=f"curves-{model}",
        query=f"log10 of the first measured step at which train_accuracy, mean over {OVER} "
        f"measured steps, is {TARGET:g} (the last step where it never is, a lower bound), {OWN}; "
        "Xavier less He, seed by seed, of seeds in which He's gets there",
        subject=(f"{form(law)}, {model}",),
    )


def xavier_stalls(
    runs: pd.DataFrame, model: str, law: str, scores: Scores, *, own: bool
) -> list[Claim]:
    """Whether one form of Xavier's law stalls with 30 layers; few steps do not support it."""
    found = trial_of(runs, model, DEEPEST, law)
    if (values := by_seed(found, scores.late)).empty:
        return []
    *_, steps = described(found)
    measured = share_interval(values)
    rate = OWN if own else "at the learning rate of He's law"
    claim = make_claim(
        ("stalls" if own else "as-he", law, model),
        f"A {model} of {DEEPEST} layers stalls under {form(law)}, {rate} ({steps} steps).",
        source=f"{DELVING}, figure 3",
        predicted=f"below {STALLED:g}",
        unit="training accuracy",
        measured=measured,
        verdict=partial(below, bound=STALLED),
        figure=f"{'curves' if own else 'as-he'}-{model}",
        query=f"{LATE}, {rate}; mean over seeds",
        subject=(f"{form(law)}, {model}",),
    )
    return after_many_steps([claim], found, "supported")
