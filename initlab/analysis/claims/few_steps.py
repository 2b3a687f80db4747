"""What few steps do not decide: networks that start slowly are not yet where they would come to."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from initlab.analysis.findings import Claim, Verdict

MANY = 1000  # steps: after fewer, a stall and a slow start look alike


def after_many_steps[One: Claim](
    claims: Sequence[One], runs: pd.DataFrame, premature: Verdict
) -> list[One]:
    """Returns the claims, `inconclusive` where a verdict is premature after the steps of the runs.

    Args:
        claims: on what runs come to.
        runs: that they are about; one of few steps is enough.
        premature: the verdict that a slow start brings about too.
    """
    few = bool((runs["steps"] < MANY).any())
    rule = f"not {premature} within {MANY:,} steps, in which a stall and a slow start look alike"
    return [
        replace(
            claim,
            predicted=f"{claim.predicted}; {rule}",
            verdict="inconclusive" if few and claim.verdict == premature else claim.verdict,
        )
        for claim in claims
    ]
