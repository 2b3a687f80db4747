"""Claims on how undecided networks are before training."""

from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import ENTROPY
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.guessing import no_preference, num_outputs
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.verdicts import above

ALLOWED = 0.01  # of the greatest entropy


def claims_on_entropy(drawn: pd.DataFrame, entropy: "pd.Series[float]") -> list[Claim]:
    """Returns the claim that drawn networks have no preference between classes, a trial a law.

    Args:
        drawn: runs of no steps.
        entropy: of `first_entropy.first_entropies`; a number that is not finite refutes.
    """
    known = drawn[drawn["run_id"].isin(entropy.index)]
    if known.empty:
        return []
    classes, greatest = num_outputs(known), no_preference(known)
    trials: list[Claim] = []
    for label, runs in known.groupby("initializer", sort=False):
        values = by_seed(runs, entropy)
        measured = seed_interval(values)
        bound = greatest * (1 - ALLOWED)
        lost = not np.isfinite(entropy[runs["run_id"]]).all()
        # No entropy is below 0 or above ln K: an interval that reaches beyond is cut there.
        low, high = (float(end) for end in np.clip([measured.low, measured.high], 0.0, greatest))
        measured = measured._replace(low=low, high=high)
        trials += [
            make_claim(
                ("entropy", str(label)),
                f"{short_name(str(label))} starts undecided: the entropy of its predictions is "
                f"that of {classes} equal probabilities, within a hundredth.",
                source=ENTROPY,
                predicted=f"above {bound:.4g}",
                unit=f"entropy of predictions, nats, of ln {classes} = {greatest:.4g}",
                measured=measured,
                verdict="refuted" if lost else partial(above, bound=bound),
                figure="entropy",
                query="the kept models of no steps: prediction_entropy on the test part",
                subject=(short_name(str(label)),),
            )
        ]
    return over_trials(
        ("entropy",), "Networks start undecided between the classes", trials,
        worst=lambda value: -value,
    )  # fmt: skip
