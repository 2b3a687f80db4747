"""What few steps do not decide: networks that start slowly are not yet where they would come to."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from initlab.analysis.claims.making import Trial
from initlab.analysis.findings import Claim, Verdict
from initlab.analysis.intervals import Interval
from initlab.analysis.verdicts import Rule

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
    told = f"not {premature} within {MANY:,} steps, in which a stall and a slow start look alike"
    found = []
    for claim in claims:
        patient = replace(claim, predicted=f"{claim.predicted}; {told}")
        if few:
            patient = replace(patient, verdict=_patient(claim.verdict, premature))
        if few and isinstance(patient, Trial) and patient.rule is not None:
            patient = replace(patient, rule=partial(_patiently, patient.rule, premature))
        found.append(patient)
    return found


def _patient(verdict: Verdict, premature: Verdict) -> Verdict:
    """Returns the verdict, `inconclusive` in place of the premature one."""
    return "inconclusive" if verdict == premature else verdict


def _patiently(rule: Rule, premature: Verdict, measured: Interval) -> Verdict:
    """Returns the patient verdict of a rule on an interval."""
    return _patient(rule(measured), premature)
