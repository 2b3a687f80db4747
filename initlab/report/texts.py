"""The files of a bundle that are text made of findings alone, by their path."""

from collections.abc import Sequence

from initlab.analysis.findings import Findings
from initlab.figures.venues import venue_width
from initlab.report.claims import encode_claims
from initlab.report.latex_tables import PAGE
from initlab.report.provenance import Source
from initlab.report.tables import table_texts
from initlab.report.text import escape_latex

CLAIMS = "claims.json"


def bundle_texts(findings: Findings, said: Sequence[str], source: Source) -> dict[str, str]:
    """Returns the claims, the methods paragraph and every table, each file's path to its text.

    Args:
        findings: checked and clean.
        said: of `methods`.
        source: what the findings are of; its venue says how wide tables for LaTeX are.
    """
    texts = {CLAIMS: encode_claims(findings.claims, source.results_digest)}
    width = venue_width(source.venue) if source.venue else PAGE
    if said:
        texts["methods.txt"] = "".join(f"{sentence}\n" for sentence in said)
        texts["methods.tex"] = "".join(f"{escape_latex(sentence)}\n" for sentence in said)
    for listing in findings.listings:
        forms = table_texts(listing, source.experiment, width)
        texts |= {f"tables/{name}": text for name, text in forms.items()}
    return texts
