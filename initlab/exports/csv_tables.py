"""The tables as CSV: every row, every digit."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from initlab.report.tables import guarded
from initlab.store.query import Results
from initlab.store.schema import LAYERS, SITE, STEPS


def write_csv(results: Results, folder: Path, statistics: Sequence[str]) -> None:
    """Writes `runs.csv`, `steps.csv`, `layers.csv` and `predictions.csv`.

    A number has the digits that read back as the same number; what is null is empty. A text that a
    spreadsheet would compute begins with an apostrophe.
    """
    for name, frame in (("runs", results.runs), ("predictions", results.predictions)):
        text = guarded(frame).to_csv(index=False, float_format="%.17g", lineterminator="\n")
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")
    keys = ["run_id", "step", *(field.name for field in SITE)]
    _write_parts(results, "steps", STEPS, STEPS.names, folder)
    _write_parts(results, "layers", LAYERS, [*keys, *statistics], folder)


def _write_parts(
    results: Results, table: str, schema: pa.Schema, columns: Sequence[str], folder: Path
) -> None:
    """Writes a long table group by group, so that it need not fit into memory."""
    kept = pa.schema([schema.field(name) for name in columns])
    options = pacsv.WriteOptions(quoting_style="needed")
    with pacsv.CSVWriter(folder / f"{table}.csv", kept, write_options=options) as writer:
        for part in results.parts(table):
            writer.write_table(part.select(columns).cast(kept))
