"""The figures of a report: each is drawn here, and written by other processes meanwhile."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pandas as pd
from loky import ProcessPoolExecutor
from matplotlib.figure import Figure

from initlab.analysis.findings import Drawing
from initlab.figures.save import save
from initlab.report.tables import guarded
from initlab.spec.cost import available_cores

# To start a process costs as much as to write two figures.
_FEW = 4
# A process that has grown by 300 MB is ended by loky, which warns of a leak; these live shortly.
_UNLIMITED = {"LOKY_MAX_MEMORY_LEAK_SIZE": "1e15"}


@contextmanager
def writing_figures(
    drawings: Sequence[Drawing],
    folder: Path,
    tell: Callable[[str], None],
    *,
    stamp: str | None = None,
) -> Iterator[Callable[[], list[list[Path]]]]:
    """Draws every figure, then runs the block while other processes write their files.

    Drawing stays in this process, which has the author's functions and can tell the lines of a
    mistake. Writing, two thirds of the work, goes to a process a core where there are more than
    four figures; the files' bytes are the same. Of these processes none outlives the block.

    Args:
        drawings: of an analysis.
        folder: where the files go; it is made.
        tell: takes a line before each figure.
        stamp: what the pictures' metadata say, the name of a report.

    Yields:
        A function that waits for the files of each drawing, as `figures.save.save` names them.

    Raises:
        Exception: whatever a drawing's function raises, with a note that names the figure.
    """
    folder.mkdir()
    cores = available_cores()
    many = len(drawings) > _FEW and cores > 1
    written = []
    with ProcessPoolExecutor(cores, env=_UNLIMITED) if many else nullcontext() as writers:
        for number, drawing in enumerate(drawings, 1):
            tell(f"figure {number} of {len(drawings)}: {drawing.name}")
            with _named(drawing):
                figure = drawing.draw(drawing.table)
                written.append(_write(writers, figure, folder, drawing, stamp))
        pairs = list(zip(written, drawings, strict=True))
        yield lambda: [_await(future, drawing) for future, drawing in pairs]


def _write(
    writers: Executor | None, figure: Figure, folder: Path, drawing: Drawing, stamp: str | None
) -> "Future[list[Path]]":
    """Lets a process write a figure; one that cannot go to a process is written at once."""
    table = guarded(drawing.table)
    try:
        packed = pickle.dumps(figure) if writers else None
    except (pickle.PicklingError, AttributeError, TypeError):
        packed = None  # such as a formatter that is a lambda
    if writers and packed is not None:
        return writers.submit(_save, packed, folder, drawing.name, table, stamp)
    done: Future[list[Path]] = Future()
    done.set_result(save(figure, folder, drawing.name, table, stamp=stamp))
    return done


def _save(
    packed: bytes, folder: Path, name: str, table: pd.DataFrame, stamp: str | None
) -> list[Path]:
    figure = pickle.loads(packed)  # noqa: S301 - made by `_write`
    return save(figure, folder, name, table, stamp=stamp)


def _await(written: "Future[list[Path]]", drawing: Drawing) -> list[Path]:
    with _named(drawing):
        return written.result()


@contextmanager
def _named(drawing: Drawing) -> Iterator[None]:
    """Adds to an error which figure it happened in."""
    try:
        yield
    except Exception as error:
        error.add_note(f"This happened while figure {drawing.name!r} was drawn.")
        raise
