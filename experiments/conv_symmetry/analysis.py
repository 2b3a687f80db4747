"""What networks learn whose filters start out alike: claims, figures and tables."""

from initlab.analysis.findings import Findings
from initlab.report.symmetry import symmetry_findings
from initlab.store.query import Results


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever arms the results hold."""
    return symmetry_findings(results)
