"""The table of answers, as text for a terminal and as Markdown for the README."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.answer import Answer
from benchmarks.results import Entry

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEAD = ("question", "measured", "median", "range", "target", "verdict", "note")
EMPTY = "Nothing is measured yet: `make bench` fills this table from `results/latest.json`."


def cells(answer: Answer) -> tuple[str, ...]:
    """Returns an answer's cells, in the order of `HEAD`."""
    unit = f" {answer.unit}" if answer.unit else ""
    spread = ""
    if answer.low is not None and answer.high is not None:
        spread = f"{_number(answer.low)} to {_number(answer.high)}"
    return (
        answer.question,
        _number(answer.measured) + unit if answer.measured is not None else "not measured",
        _number(answer.median),
        spread,
        f"{answer.bound} {_number(answer.target)}{unit}" if answer.target is not None else "",
        answer.verdict,
        answer.note,
    )


def text(answers: Iterable[Answer]) -> str:
    """Returns the answers as aligned columns, notes on a line of their own."""
    rows = [cells(answer) for answer in answers]
    widths = [max(len(row[i]) for row in [HEAD, *rows]) for i in range(len(HEAD) - 1)]
    lines = []
    for row in [HEAD[:-1], *rows]:
        columns = zip(row[: len(widths)], widths, strict=True)
        lines.append("  ".join(cell.ljust(width) for cell, width in columns).rstrip())
        lines += [f"    {note}" for note in row[len(widths) :] if note]
    return "\n".join(lines)


def markdown(entries: dict[str, Entry]) -> str:
    """Returns the entries as one Markdown table, and a line that says where they come from."""
    if not entries:
        return EMPTY
    lines = [_row(HEAD), _row(["---"] * len(HEAD))]
    lines += [_row(cells(answer)) for entry in entries.values() for answer in entry.answers]
    origins = dict.fromkeys(_origin(entry) for entry in entries.values())
    return "\n".join([*lines, "", *origins])


def rendered(readme: str, entries: dict[str, Entry]) -> str:
    """Returns the README's text with the table between its two markers made anew.

    Raises:
        ValueError: if the markers are not there once each, in order.
    """
    before, found, rest = readme.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended) or BEGIN in rest or END in after:
        raise ValueError(f"The README needs {BEGIN!r} once, and {END!r} once below it.")
    return f"{before}{BEGIN}\n{markdown(entries)}\n{END}{after}"


def _number(value: float | None) -> str:
    """Returns three significant digits, never in powers of ten."""
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _row(values: Iterable[str]) -> str:
    """Returns one line of a Markdown table."""
    return f"| {' | '.join(value.replace('|', chr(92) + '|') for value in values)} |"


def _origin(entry: Entry) -> str:
    """Returns which machine and versions an entry was measured with."""
    versions = ", ".join(f"{name} {version}" for name, version in entry.versions.items())
    where = f"{entry.machine['processor']}, {entry.machine['cores']} cores"
    return f"Measured on {entry.measured[:10]}, {where}; {versions}."
