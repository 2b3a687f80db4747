"""The table of trials whose runs diverged, which every report has that such runs are in."""

from dataclasses import replace

import pandas as pd

from initlab.analysis.findings import Findings, Listing
from initlab.analysis.names import short_name
from initlab.analysis.numbers import counted
from initlab.analysis.training import divergence
from initlab.report.text import clean_table

DIVERGED = "diverged"


def with_diverged(findings: Findings, runs: pd.DataFrame) -> Findings:
    """Returns the findings with a table of the trials that had runs diverge, if any had.

    Args:
        findings: checked and clean; those that have a table of this name are returned as they are.
        runs: the runs that the report is of.
    """
    taken = {listing.name for listing in findings.listings}
    if DIVERGED in taken or not runs["diverged_at_step"].notna().any():
        return findings
    return replace(findings, listings=(*findings.listings, diverged_listing(runs)))


def diverged_listing(runs: pd.DataFrame) -> Listing:
    """Returns one row a trial that had a run diverge: how many, and the rate with its interval."""
    trials = divergence(runs)
    table = trials[trials["num_diverged"] > 0].reset_index(drop=True)
    caption = (
        f"Each trial that had runs diverge: {counted(int(table['num_diverged'].sum()), 'run')} of "
        f"{len(runs)}, in {counted(len(table), 'trial')} of {len(trials)}. The rate is the share "
        "of the trial's runs, one a seed, with the ends of Wilson's 95 % interval, empty below "
        "five runs; the first step is that of the earliest loss or gradient that is not finite. In "
        "no other trial a run diverged."
    )
    ends = ["rate", "low", "high"]
    table = table.assign(initializer=table["initializer"].map(str).map(short_name)).round(
        dict.fromkeys(ends, 3)
    )
    names = {"num_diverged": "diverged", "n": "runs", "first_step": "first step"}
    order = [name for name in table if name not in ("num_diverged", "n", *ends, "first_step")]
    columns = [*order, "num_diverged", "n", *ends, "first_step"]
    table = table[columns].rename(columns=names).rename(columns=lambda name: name.replace("_", " "))
    return Listing(DIVERGED, caption, clean_table(table))
