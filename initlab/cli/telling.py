"""What a command says while it works: a line that changes on a terminal, plain lines elsewhere."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from initlab.engines.printable import printable

_CLEAR = "\r\x1b[K"


@contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """Gives what tells on standard error which piece of the work begins; nothing of it stays."""
    stream = sys.stderr
    live = stream.isatty()

    def tell(text: str) -> None:
        line = printable(text)
        if live:
            stream.write(f"{_CLEAR}{line[: shutil.get_terminal_size().columns - 1]}")
        else:
            stream.write(f"{line}\n")
        stream.flush()

    try:
        yield tell
    finally:
        if live:
            stream.write(_CLEAR)
            stream.flush()
