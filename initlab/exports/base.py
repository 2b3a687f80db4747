"""What a format is, and how its folder comes to be."""

import importlib.util
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from initlab import __version__
from initlab.errors import InitlabError
from initlab.store.names import temporary_name
from initlab.store.query import Results
from initlab.store.schema import STATISTICS

RECORD = "export.json"

type Writer = Callable[[Results, Path, Sequence[str]], None]
"""Writes results into an empty folder, of `layers` the statistics that are named."""


class ExportError(InitlabError):
    """Results cannot be exported as it was asked for: bad usage."""

    exit_code = 2


@dataclass(frozen=True)
class Format:
    """A format that results can be written in.

    Attributes:
        write: writes them.
        modules: packages that it needs beyond those of initlab.
        extra: the extra of initlab that brings them.
        statistics: of `layers`, where none are named; None means all.
    """

    write: Writer
    modules: tuple[str, ...]
    extra: str
    statistics: tuple[str, ...] | None

    def missing(self) -> list[str]:
        """Returns the packages that it needs and that are not installed."""
        return [name for name in self.modules if importlib.util.find_spec(name) is None]


def export(
    results: Results, to: str, kind: Format, out: Path, statistics: Sequence[str] | None
) -> None:
    """Writes results into the folder `out`, which appears whole, by one rename, or not at all.

    Beside what the format has lies `export.json`: of which results it is, and who wrote it.

    Args:
        results: the runs to write.
        to: the format's name.
        kind: the format.
        out: a folder that is new or empty.
        statistics: columns of `layers`; None takes those that the format has by default.

    Raises:
        ExportError: if a package or a statistic is missing, or `out` cannot take it.
    """
    if lacking := kind.missing():
        raise ExportError(
            f"`--to {to}` needs {' and '.join(lacking)}, which {_are(lacking)} not installed. "
            f"Install initlab with its extra: pip install 'initlab[{kind.extra}]'."
        )
    chosen = _known(kind.statistics or STATISTICS if statistics is None else statistics)
    record = {
        "format": "initlab-export",
        "to": to,
        "experiment": results.experiment,
        "runs": len(results.committed),
        "results_digest": results.digest,
        "statistics": chosen,
        "initlab": __version__,
    }
    with _new_folder(out) as folder:
        kind.write(results, folder, chosen)
        (folder / RECORD).write_text(f"{json.dumps(record, indent=2)}\n", encoding="utf-8")


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _known(statistics: Sequence[str]) -> list[str]:
    if unknown := [name for name in statistics if name not in STATISTICS]:
        raise ExportError(
            f"`--statistics` has no {unknown[0]!r}; it takes {', '.join(STATISTICS)}."
        )
    return list(dict.fromkeys(statistics))


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """Gives an empty folder beside `out` that takes its name when the block ends well."""
    out = out.resolve()
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise ExportError(
            f"{out} is there already. It was left as it is: give another --out, or move it away."
        )
    folder = out.with_name(temporary_name(out.name))
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        yield folder
        os.rename(folder, out)
    except OSError as error:
        raise ExportError(f"{out} cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
