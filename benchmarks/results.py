"""What was measured, kept as JSON: `results/latest.json`, one entry for each benchmark."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.answer import Answer
from benchmarks.machine import machine, now

FOLDER = Path(__file__).parent / "results"
LATEST = FOLDER / "latest.json"


@dataclass(frozen=True)
class Entry:
    """The answers of one benchmark, where, when and with what versions they were measured."""

    answers: tuple[Answer, ...]
    seconds: float
    measured: str
    machine: dict[str, Any]
    versions: dict[str, str]


def entry(answers: list[Answer], seconds: float, versions: dict[str, str]) -> Entry:
    """Returns the entry of answers measured just now, here."""
    return Entry(tuple(answers), round(seconds, 1), now(), machine(), versions)


def load(path: Path = LATEST) -> dict[str, Entry]:
    """Returns the entries by the benchmark's name; none if nothing was measured yet."""
    if not path.exists():
        return {}
    content = json.loads(path.read_text())
    return {
        name: Entry(**fields | {"answers": tuple(Answer(**row) for row in fields["answers"])})
        for name, fields in content.items()
    }


def save(entries: dict[str, Entry], path: Path = LATEST) -> None:
    """Writes the entries; those of other benchmarks in the file stay."""
    kept = load(path) | entries
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {name: asdict(kept[name]) for name in sorted(kept)}
    path.write_text(json.dumps(content, indent=2) + "\n")
