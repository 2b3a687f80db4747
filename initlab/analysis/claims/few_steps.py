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
    said = [replace(claim, predicted=f"{claim.predicted}; {told}") for claim in claims]
    return [_patient_claim(claim, premature) for claim in said] if few else said


def _patient_claim[One: Claim](claim: One, premature: Verdict) -> One:
    """Returns the claim with the patient verdict, and the rule that gives it at any level."""
    patient = replace(claim, verdict=_patient(claim.verdict, premature))
    if isinstance(patient, Trial) and patient.rule is not None:
        return replace(patient, rule=partial(_patiently, patient.rule, premature))
    return patient


def _patient(verdict: Verdict, premature: Verdict) -> Verdict:
    """Returns the verdict, `inconclusive` in place of the premature one."""
    return "inconclusive" if verdict == premature else verdict


def _patiently(rule: Rule, premature: Verdict, measured: Interval) -> Verdict:
    """Returns the patient verdict of a rule on an interval."""
    return _patient(rule(measured), premature)
