"""The fenced blocks of every Markdown file of the repository."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
WRITTEN = ("*.md", "docs/*.md", "*/README.md", "experiments/*/README.md")
_FENCED = re.compile(r"^```(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: its document, relative to the root, its line there, language and text."""

    document: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"


def documents() -> list[str]:
    """The Markdown files that people write, relative to the root."""
    found = {path for pattern in WRITTEN for path in ROOT.glob(pattern)}
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def blocks_of(document: str) -> list[Block]:
    """The fenced blocks of one document."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return [
        Block(document, text.count("\n", 0, found.start()) + 1, found[1], found[2])
        for found in _FENCED.finditer(text)
    ]


BLOCKS = [block for document in documents() for block in blocks_of(document)]


def of_language(*languages: str) -> list[Block]:
    """The blocks of some languages, of all documents."""
    return [block for block in BLOCKS if block.language in languages]
