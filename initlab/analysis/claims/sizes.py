"""Claims on sizes: what is told of windows and plans, and what the code that builds them says."""

import operator

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import ADDED, COMMON
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim, Verdict
from initlab.analysis.intervals import exactly
from initlab.analysis.numbers import number
from initlab.analysis.paper_plans import (
    NAMES,
    PLANS,
    dense_parameters,
    early_memory,
    has_average,
    one_by_one,
)
from initlab.analysis.size_facts import Fact, size_facts

NOTES = f"{COMMON}, in courses on convolutional networks"
HALF = 0.5
SOURCES = {
    "window": NOTES,
    "same": NOTES,
    "plan": f"{NOTES}. {ADDED}: Krizhevsky et al. 2012, and Szegedy et al., arXiv:1409.4842",
    "scale": f"{ADDED}: Simonyan and Zisserman, arXiv:1409.1556, section 3.1, and ports of it",
    "mistake": f"{NOTES}, and a mistake there",
}
KINDS = {
    "window": "What a window makes of an image is as told",
    "same": "A padding of (K - 1) / 2 keeps the size",
    "plan": "Papers' plans have the numbers that are told of them",
    "scale": "VGG's two readings have the weight variances that are told",
    "mistake": "What is known for a mistake holds",
}
WALK = "initlab.architectures.walk, by which models are built"


def claims_on_sizes() -> list[Claim]:
    """Returns the claims on sizes, exact numbers without seeds, one a kind of `KINDS`.

    Those known for mistakes are claims of their own: what is told, and that it is refuted.
    """
    facts = size_facts()
    found: list[Claim] = []
    for kind, statement in KINDS.items():
        trials = [_fact(fact) for fact in facts if fact.name.partition("-")[0] == kind]
        found += (
            trials
            if kind == "mistake"
            else over_trials((kind,), statement, trials, worst=lambda _: 0.0)
        )
    return [*found, *_memory(), *_parameters(), *_one_by_one()]


def _fact(fact: Fact) -> Claim:
    """The claim that a number is what the code says; a kind's first word is the id's."""
    kind = fact.name.partition("-")[0]
    whole = f": {fact.shape}" if fact.shape else ""
    return make_claim(
        (fact.name,),
        fact.statement,
        source=SOURCES[kind],
        predicted=number(fact.stated) if fact.exact < 1 else f"{fact.stated:,.0f}",
        unit=fact.label.partition(": ")[2] or "weights",
        measured=exactly(fact.found),
        verdict="supported" if fact.holds else "refuted",
        figure="facts",
        query=f"{WALK}{whole}",
        subject=(fact.label,),
    )


def _over(value: float, bound: float) -> Verdict:
    return "supported" if value > bound else "refuted"


def _share(
    identity: str, model: str, statement: str, value: float, *, query: str, more: bool = True
) -> Claim:
    """The claim that a share of a plan is above one half, or below."""
    return make_claim(
        (identity, model),
        statement,
        source=NOTES,
        predicted=f"{'above' if more else 'below'} {HALF:g}",
        unit="share",
        measured=exactly(value),
        verdict=_over(value, HALF) if more else _over(HALF, value),
        figure="sizes",
        query=f"{query}, at the paper's sizes",
        subject=(NAMES[model],),
    )


def _memory() -> list[Claim]:
    """Most memory lies in the early convolutions."""
    trials = [
        _share(
            "memory",
            model,
            f"In {NAMES[model]} most memory is taken by outputs up to the middle convolution.",
            early_memory(model),
            query="bytes of the outputs of layers up to the middle one of the convolutions, over "
            "all (nonlinearities left out)",
        )
        for model in PLANS
    ]
    return over_trials(
        ("memory",), "Most memory lies in the early convolutions", trials, worst=operator.neg
    )


def _parameters() -> list[Claim]:
    """Most parameters lie in dense layers, unless an average stands before the readout."""
    trials: dict[bool, list[Claim]] = {False: [], True: []}
    for model in PLANS:
        averaged = has_average(model)
        where = "few" if averaged else "most"
        trials[averaged].append(
            _share(
                "averaging" if averaged else "dense",
                model,
                f"In {NAMES[model]} {where} parameters lie in dense layers.",
                dense_parameters(model),
                query="parameters of dense layers, the readout among them, over all",
                more=not averaged,
            )
        )
    return [
        *over_trials(
            ("dense",), "Most parameters lie in dense layers", trials[False], worst=operator.neg
        ),
        *over_trials(
            ("averaging",), "An average before the readout leaves few parameters to dense layers",
            trials[True], worst=float,
        ),
    ]  # fmt: skip


def _one_by_one() -> list[Claim]:
    """Filters of 1x1 mix channels: they see one place, and all channels there."""
    trials = []
    for model in PLANS:
        if seen := one_by_one(model):
            trials.append(
                make_claim(
                    ("mixing", model),
                    f"Each 1x1 filter of {NAMES[model]} sees one place, and all channels there.",
                    source=f"{NOTES}, after Lin et al., arXiv:1312.4400",
                    predicted="1",
                    unit="share of its 1x1 convolutions",
                    measured=exactly(sum(seen) / len(seen)),
                    verdict="supported" if all(seen) else "refuted",
                    figure="facts",
                    query=f"{WALK}: convolutions of one tap whose receptive field is that of the "
                    "layer before, and whose kernel has as many inputs as that has channels",
                    subject=(NAMES[model],),
                )
            )
    return over_trials(
        ("mixing",), "1x1 filters mix channels and nothing else", trials, worst=operator.neg
    )
