"""The claim that early downsampling saves memory, counted and not measured."""

import operator

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import COMMON
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.early_halving import TIMES, halving_facts
from initlab.analysis.findings import Claim
from initlab.analysis.intervals import exactly

SAVES = f"{COMMON}: early downsampling saves memory"


def claims_on_early_halving(*, figure: str) -> list[Claim]:
    """Returns the claim on residual nets of ImageNet's form, an exact number without seeds.

    Args:
        figure: name of the drawing that shows it.
    """
    trials = [
        make_claim(
            (fact.name,),
            fact.statement,
            source=SAVES,
            predicted=f"above 1; {TIMES} for the maps after the two halvings",
            unit="times the bytes of all outputs without them",
            measured=exactly(fact.found),
            verdict="supported" if fact.found > 1 else "refuted",
            figure=figure,
            query="initlab.architectures.walk, by which models are built, at the paper's sizes: "
            "bytes of the outputs of all layers (nonlinearities left out) with a first convolution "
            "of step one and no pooling after it, over those of the paper's plan",
            subject=(fact.label.partition(" without")[0],),
        )
        for fact in halving_facts()
    ]
    return over_trials(("memory",), "Early downsampling saves memory", trials, worst=operator.neg)
