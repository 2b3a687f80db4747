"""How far the signal travels, forward and backward: claims, figures and tables."""

from initlab.analysis.findings import Findings
from initlab.report.signals import read_signals, signal_claims, signal_drawings, signal_findings
from initlab.store.query import Results


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever runs the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    signals = read_signals(results, results.runs)
    return signal_findings(signals, signal_claims(signals), signal_drawings(signals))
