"""The files of a bundle that are text made of findings alone, by their path."""

from collections.abc import Sequence

from initlab.analysis.findings import Findings
from initlab.report.claims import encode_claims
from initlab.report.tables import table_texts
from initlab.report.text import escape_latex

CLAIMS = "claims.json"


def bundle_texts(findings: Findings, said: Sequence[str], results_digest: str) -> dict[str, str]:
    """Returns the claims, the methods paragraph and every table, each file's path to its text.

    Args:
        findings: checked and clean.
        said: of `methods`.
        results_digest: of the results that the findings are of.
    """
    texts = {CLAIMS: encode_claims(findings.claims, results_digest)}
    if said:
        texts["methods.txt"] = "".join(f"{sentence}\n" for sentence in said)
        texts["methods.tex"] = "".join(f"{escape_latex(sentence)}\n" for sentence in said)
    for listing in findings.listings:
        texts |= {f"tables/{name}": text for name, text in table_texts(listing).items()}
    return texts
