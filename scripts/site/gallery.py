"""The gallery: every figure of some reports, with what the report says of it."""

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from initlab.report.record import read_record
from initlab.report.text import one_line

_NUMBER = re.compile(r"^Figure \d+\. ")
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass
class Shown:
    """A figure of a report's page: its name, its alternative text and its caption."""

    name: str
    alt: str = ""
    caption: list[str] = field(default_factory=list)


def gallery(reports: Sequence[Path], images: Path) -> str:
    """Returns the page of the figures of reports, whose pictures are copied.

    Args:
        reports: bundles, in the order in which they are shown.
        images: the folder for the pictures, beside the page; what it held before goes.

    Raises:
        OSError: if a bundle lacks its record, its page or a picture.
        ValueError: if its record is not that of a report.
    """
    lines = ["# Gallery", ""]
    lines += ["Each figure was drawn from the runs of the report that is named above it. "]
    lines += ["[figures.md](../figures.md) says how they are read.", ""]
    shutil.rmtree(images, ignore_errors=True)
    images.mkdir(parents=True)
    for number, bundle in enumerate(reports, 1):
        record = read_record(bundle)
        lines += [f"## {escaped(record['question'] or record['experiment'])}", ""]
        lines += [f"Experiment {escaped(record['experiment'])}, report {record['report_id']}.", ""]
        for shown in figures_of((bundle / "report.html").read_text(encoding="utf-8")):
            picture = bundle / "figures" / f"{Path(shown.name).name}.png"
            copied = images / f"{number}-{picture.name}"
            shutil.copyfile(picture, copied)
            lines += [*_figure(shown, f"{images.name}/{copied.name}"), ""]
    return "\n".join(lines)


def _figure(shown: Shown, address: str) -> Iterator[str]:
    """Yields a figure in MyST's Markdown."""
    yield f"```{{figure}} {address}"
    yield f":alt: {_quoted(shown.alt)}"
    yield ""
    yield escaped(_NUMBER.sub("", "".join(shown.caption)))
    yield "```"


def _quoted(text: str) -> str:
    """Returns text as YAML reads it between single quotes."""
    return "'" + one_line(text).replace("'", "''") + "'"


def escaped(text: str) -> str:
    """Returns text as Markdown that shows it, every mark of it escaped."""
    return _MARKS.sub(r"\\\1", one_line(text))


class _Page(HTMLParser):
    """Reads the figures of a report's page, as initlab/report/templates writes them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Shown] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "figure":
            self.found.append(Shown(given["id"].removeprefix("figure-")))
        elif tag == "img":
            self.found[-1].alt = given["alt"]
        elif tag == "figcaption" or given.get("class") == "files":
            self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == "figcaption":
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "figcaption":
            self.found[-1].caption.append(data)


def figures_of(page: str) -> list[Shown]:
    """Returns the figures of a report's page, in its order."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    return reader.found
