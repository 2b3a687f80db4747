"""The index: one page over the reports of a folder, each with a thumbnail and its answer."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from initlab.report.check import VERDICTS, ReportError
from initlab.report.html import page_environment
from initlab.report.images import Image, thumbnail
from initlab.report.record import INDEX, read_record
from initlab.report.text import clean, one_line
from initlab.store.durable import replace_durably

_WIDTH = 320  # pixels


@dataclass(frozen=True)
class Entry:
    """One report as the index shows it.

    Attributes:
        link: to its page, relative to the index.
        experiment: its experiment's name.
        question: what that asks.
        answer: its answer's first sentence; empty where it has none.
        tally: how many claims have each verdict that occurs.
        runs: how many runs it is of.
        picture: its first figure; None where it has none.
    """

    link: str
    experiment: str
    question: str
    answer: str
    tally: Mapping[str, int]
    runs: int
    picture: Image | None


def write_index(folder: Path) -> Path:
    """Writes `index.html` over the reports that lie in a folder, and returns its path.

    It replaces an earlier one by one rename. What is no report is passed over.

    Raises:
        ReportError: if it cannot be written.
    """
    text = page_environment().get_template("index.html.jinja").render(entries=list(_found(folder)))
    path = folder / INDEX
    try:
        replace_durably(path, text.encode())
    except OSError as error:
        raise ReportError(f"{path} cannot be written: {error.strerror or error}.") from error
    return path


def first_sentence(text: str) -> str:
    """Returns a text up to its first full stop; a question before it belongs to it.

    >>> first_sentence("Does it hold? Yes, by 0.5 a layer. It grows.")
    'Does it hold? Yes, by 0.5 a layer.'
    """
    found = re.match(r".*?\.(?=\s|$)", text, re.DOTALL)
    return found[0] if found else text


def _found(folder: Path) -> Iterator[Entry]:
    """Yields the reports of a folder in the order of their names."""
    for bundle in sorted(path for path in folder.iterdir() if path.is_dir()):
        try:
            record = read_record(bundle)
        except (OSError, ValueError):
            continue
        answer = [str(one) for one in record.get("answer", [])]
        yield Entry(
            link=f"{quote(bundle.name)}/report.html",
            experiment=one_line(str(record.get("experiment", bundle.name))),
            question=one_line(str(record.get("question", ""))),
            answer=one_line(first_sentence(clean(answer[0]))) if answer else "",
            tally=_tally(bundle / "claims.json"),
            runs=sum(
                int(record.get("runs", {}).get(name, 0)) for name in ("completed", "diverged")
            ),
            picture=_picture(bundle, record),
        )


def _tally(path: Path) -> dict[str, int]:
    try:
        verdicts = [claim["verdict"] for claim in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return {one: number for one in VERDICTS if (number := verdicts.count(one))}


def _picture(bundle: Path, record: Mapping[str, Any]) -> Image | None:
    """Returns the first figure in small; None where there is none, or it is no picture."""
    for name in record.get("figures", [])[:1]:
        try:
            return thumbnail(bundle / "figures" / f"{Path(str(name)).name}.png", _WIDTH)
        except OSError:
            return None
    return None
