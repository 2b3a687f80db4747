"""Mistakes in an author's analysis, told by the author's own lines."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from initlab.errors import InitlabError
from initlab.report.check import ReportError


@contextmanager
def told_by_line(path: Path) -> Iterator[None]:
    """Turns an error that came by way of the file `path` into one that names its lines.

    An error of the lab's own, or one that no line of the file led to, stays as it is.

    Raises:
        ReportError: with the file, each of its lines that led to the error, and the error.
    """
    try:
        yield
    except InitlabError:
        raise
    except Exception as error:
        lines = [
            f"{path}, line {frame.lineno}, in {frame.name}: {frame.line}"
            for frame in traceback.extract_tb(error.__traceback__)
            if Path(frame.filename).resolve() == path.resolve()
        ]
        if not lines:
            raise
        what = traceback.format_exception_only(error)
        raise ReportError("\n".join([*lines, "".join(what).rstrip()])) from error
