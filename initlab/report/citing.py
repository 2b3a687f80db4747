"""`cite.bib`: the laboratory, the report, and the works whose laws and statements it uses."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from initlab.analysis.findings import Claim
from initlab.report.inputs import writer_versions
from initlab.report.provenance import Source
from initlab.report.text import escape_latex
from initlab.report.title import report_title

_REFERENCES = Path(__file__).with_name("references.bib")
_ENTRY = re.compile(r"^@\w+\{([^,]+),\n.*?^\}$", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^  (\w+) = \{(.*)\},?$", re.MULTILINE)
_KEYWORDS = re.compile(r",\n  keywords = \{.*\}$", re.MULTILINE)
_NAMES = re.compile(r"[a-z][a-z0-9_]*")
# Fields of a run that name what somebody published.
_PUBLISHED = (
    "model", "norm", "residual", "activation", "initializer", "readout_initializer",
    "first_initializer", "bias_initializer", "scheme", "dataset", "optimizer",
)  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """A work that may be cited.

    Attributes:
        key: its BibTeX key.
        entry: its BibTeX entry.
        names: what of a specification was published in it.
        marks: texts by which a claim's source names it: arXiv number, or authors and year.
    """

    key: str
    entry: str
    names: frozenset[str]
    marks: tuple[str, ...]


def read_references() -> list[Reference]:
    """Returns every work that a report may cite."""
    text = _REFERENCES.read_text(encoding="utf-8")
    return [_reference(found[1], found[0]) for found in _ENTRY.finditer(text)]


def cited(claims: Sequence[Claim], runs: pd.DataFrame) -> list[Reference]:
    """Returns the works that claims name as their source, and whose parts the runs were made of."""
    names = {name for field in _PUBLISHED if field in runs for name in _names(runs[field])}
    sources = " ".join(claim.source for claim in claims).replace(",", "")
    return [
        one
        for one in read_references()
        if one.names & names or any(mark in sources for mark in one.marks)
    ]


def encode_bibliography(
    source: Source,
    identity: str,
    references: Iterable[Reference],
    *,
    authors: str,
    date: str | None,
) -> str:
    """Returns `cite.bib`: the laboratory, this report, and the references.

    Args:
        source: what the report is about.
        identity: the report's id.
        references: of `cited`.
        authors: who stands for the report.
        date: the day on which its runs were done, in ISO 8601; None where it is not known. Its
            year is that of both entries: the laboratory was there at this version then.
    """
    own = _own_entries(source, identity, authors=authors, date=date)
    entries = [*own, *(one.entry for one in references)]
    return "\n\n".join(entries) + "\n"


def _own_entries(source: Source, identity: str, *, authors: str, date: str | None) -> Iterator[str]:
    version = writer_versions()["initlab"]
    year = f",\n  year = {{{date[:4]}}}" if date else ""
    title = report_title(source.experiment, source.question)
    # BibTeX's plain styles take @software for @misc, which has no version and small letters in a
    # title; two pairs of braces keep the capitals.
    yield (
        "@software{initlab,\n"
        "  author = {{The initlab developers}},\n"
        "  title = {{initlab: a laboratory for the initialization of neural networks}},\n"
        f"  note = {{Software, version {version}}}{year}\n"
        "}"
    )
    yield (
        f"@misc{{initlab-{identity},\n"
        f"  author = {{{{{escape_latex(authors)}}}}},\n"
        f"  title = {{{{{escape_latex(title)}}}}},\n"
        f"  howpublished = {{Report {identity} of initlab {version}, experiment "
        f"{escape_latex(source.experiment)}}},\n"
        f"  note = {{Results {source.results_digest[:16]}}}{year}\n"
        "}"
    )


def _reference(key: str, entry: str) -> Reference:
    fields = dict(_FIELD.findall(entry))
    return Reference(
        key=key,
        entry=_KEYWORDS.sub("", entry),
        names=frozenset(_NAMES.findall(fields.get("keywords", ""))),
        marks=tuple(_marks(key, fields)),
    )


def _marks(key: str, fields: dict[str, str]) -> Iterator[str]:
    if "eprint" in fields:
        yield f"arXiv:{fields['eprint']}"
    surnames = [name.partition(",")[0] for name in fields["author"].split(" and ")]
    match surnames:
        case [one]:
            yield f"{one} {fields['year']}"
        case [one, other]:
            yield f"{one} and {other} {fields['year']}"
        case [one, _, *_]:
            yield f"{one} et al. {fields['year']}"
    yield key


def _names(labels: "pd.Series[str]") -> Iterator[str]:
    """Yields the names in labels: `orthogonal(gain=2.0)` has `orthogonal`, and `gain` besides."""
    for label in labels.dropna().unique():
        yield from _NAMES.findall(str(label))
