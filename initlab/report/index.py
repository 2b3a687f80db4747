"""The index: one page over the reports of a folder, each with a thumbnail and its answer."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from initlab.analysis.numbers import counted
from initlab.report.check import VERDICTS, ReportError
from initlab.report.html import page_environment
from initlab.report.images import Image, thumbnail
from initlab.report.record import INDEX, PROVENANCE, read_record
from initlab.report.text import clean, one_line
from initlab.report.title import report_title
from initlab.store.durable import replace_durably

_WIDTH = 320  # pixels
_FULL_STOP = re.compile(
    r"(?<!\bal)(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)(?<!\b[Ff]ig)(?<!\b[Ss]ec)(?<!\b[Ee]q)"
    r"\.(?=\s|$)"
)


@dataclass(frozen=True)
class Entry:
    """One report as the index shows it.

    Attributes:
        link: to its page, relative to the index.
        experiment: its experiment's name.
        title: of `report_title`.
        answer: its answer's first sentence; empty where it has none.
        tally: how many claims have each verdict that occurs.
        runs: how many runs it is of.
        notices: what a reader has to know before the answer, in a few words each.
        picture: its first figure; None where it has none.
    """

    link: str
    experiment: str
    title: str
    answer: str
    tally: Mapping[str, int]
    runs: int
    notices: tuple[str, ...]
    picture: Image | None


def write_index(folder: Path, tell: Callable[[str], None] = lambda text: None) -> Path:
    """Writes `index.html` over the reports that lie in a folder, and returns its path.

    It replaces an earlier one by one rename. A folder without a `provenance.json` is passed over.

    Args:
        folder: where the reports lie.
        tell: takes a line for each report that is left out because its record cannot be read.

    Raises:
        ReportError: if it cannot be written.
    """
    entries = list(_found(folder, tell))
    text = page_environment().get_template("index.html.jinja").render(entries=entries)
    path = folder / INDEX
    try:
        replace_durably(path, text.encode())
    except OSError as error:
        raise ReportError(f"{path} cannot be written: {error.strerror or error}.") from error
    return path


def first_sentence(text: str) -> str:
    """Returns a text up to the full stop of its first sentence; a question before belongs to it.

    >>> first_sentence("Does it hold? Yes, as He et al. say, by 0.5 a layer. It grows.")
    'Does it hold? Yes, as He et al. say, by 0.5 a layer.'
    """
    found = _FULL_STOP.search(text)
    return text[: found.end()] if found else text


def _found(folder: Path, tell: Callable[[str], None]) -> Iterator[Entry]:
    """Yields the reports of a folder in the order of their names."""
    for bundle in sorted(path for path in folder.iterdir() if path.is_dir()):
        try:
            entry = _entry(bundle, read_record(bundle))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            tell(one_line(f"{bundle / PROVENANCE} is left out of {INDEX}: {error}"))
            continue
        yield entry


def _entry(bundle: Path, record: Mapping[str, Any]) -> Entry:
    """Returns what the index shows of a report.

    Raises:
        ValueError: if its record does not have the form of one.
    """
    match record:
        case {
            "experiment": str(experiment),
            "question": str(question),
            "answer": list(answer),
            "figures": list(figures),
            "runs": {"completed": int(completed), "diverged": int(diverged), **others},
        } if all(isinstance(one, str) for one in (*answer, *figures)):
            return Entry(
                link=f"{quote(bundle.name)}/report.html",
                experiment=one_line(experiment),
                title=report_title(one_line(experiment), one_line(question)),
                answer=one_line(first_sentence(clean(answer[0]))) if answer else "",
                tally=_tally(bundle / "claims.json"),
                runs=completed + diverged,
                notices=tuple(_notices(others, record.get("seeds"))),
                picture=_picture(bundle, figures),
            )
    raise ValueError("it lacks its experiment, question, answer, figures or runs, or their form")


def _notices(counts: Mapping[Any, Any], seeds: object) -> Iterator[str]:
    """Yields which runs are missing or failed, and that there is one seed."""
    planned = counts.get("planned")
    of = f" of {counted(planned, 'run')}" if isinstance(planned, int) else ""
    for status in ("missing", "failed"):
        number = counts.get(status)
        if isinstance(number, int) and number > 0:
            yield f"{number}{of} {status}"
    if seeds == [1, 1]:
        yield "one seed each"


def _tally(path: Path) -> dict[str, int]:
    try:
        verdicts = [claim["verdict"] for claim in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return {one: number for one in VERDICTS if (number := verdicts.count(one))}


def _picture(bundle: Path, figures: Sequence[str]) -> Image | None:
    """Returns the first figure in small; None where there is none, or it is no picture."""
    for name in figures[:1]:
        try:
            return thumbnail(bundle / "figures" / f"{Path(name).name}.png", _WIDTH)
        except (OSError, ValueError):
            return None
    return None
