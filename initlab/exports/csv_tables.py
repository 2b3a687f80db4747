"""The tables as CSV: every row, every digit."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from initlab.report.tables import guarded
from initlab.report.text import clean_table, guard_formula, one_line
from initlab.store.query import Results
from initlab.store.schema import LAYERS, SITE, STEPS


def write_csv(results: Results, folder: Path, statistics: Sequence[str]) -> None:
    """Writes `runs.csv`, `steps.csv`, `layers.csv` and `predictions.csv`.

    A number has the digits that read back as the same number; what is null is empty. A text is on
    one line, without what nobody sees, and begins with an apostrophe where a spreadsheet would
    compute it.
    """
    for name, frame in (("runs", results.runs), ("predictions", results.predictions)):
        table = guarded(clean_table(frame))
        text = table.to_csv(index=False, float_format="%.17g", lineterminator="\n")
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
            writer.write_table(_harmless(part.select(columns).cast(kept)))


def _harmless(table: pa.Table) -> pa.Table:
    """Returns a table whose texts are clean and no formulas; each is looked at once."""
    for position, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            encoded = table.column(position).combine_chunks().dictionary_encode()
            words = [guard_formula(one_line(word)) for word in encoded.dictionary.to_pylist()]
            texts = pa.array(words, field.type).take(encoded.indices)
            table = table.set_column(position, field, texts)
    return table
