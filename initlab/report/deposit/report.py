"""A report as those who archive, cite or review it need to know it."""

from dataclasses import dataclass

import pandas as pd

from initlab.analysis.findings import Findings
from initlab.report.citing import Reference
from initlab.report.provenance import Source
from initlab.report.title import report_title
from initlab.store.timings import Timings

KEYWORDS = ("deep learning", "initialization of neural networks")


@dataclass(frozen=True)
class Report:
    """A report whose other files are written.

    Attributes:
        source: what it is about and how its results were made.
        findings: what its analysis found, checked and clean.
        identity: its id.
        said: of `methods`.
        references: of `cited`.
        runs: the rows of the `runs` table that the specification declares.
        timings: what they took.
    """

    source: Source
    findings: Findings
    identity: str
    said: tuple[str, ...]
    references: tuple[Reference, ...]
    runs: pd.DataFrame
    timings: Timings

    @property
    def title(self) -> str:
        """The question, or the experiment's name where it asks none."""
        return report_title(self.source.experiment, self.source.question)

    @property
    def abstract(self) -> str:
        """The answer in plain text, or that there is none."""
        said = " ".join(self.findings.answer).replace("`", "")
        return said or "The analysis of this experiment puts no answer into words."

    @property
    def authors(self) -> str:
        """Who stands for the report until a person gives names: no record holds them."""
        return f"The authors of the experiment {self.source.experiment}"

    @property
    def date(self) -> str | None:
        """The day on which its last group was done, in ISO 8601; None where no log says so."""
        return self.timings.ended and self.timings.ended.partition("T")[0]
