"""The tables of a results folder: names, types and order of their columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from initlab.store.manifest import SCHEMA_VERSION

STATISTICS: tuple[str, ...] = (
    "preactivation_mean",
    "preactivation_variance",
    "preactivation_second_moment",
    "activation_mean",
    "activation_variance",
    "activation_second_moment",
    "batch_correlation",
    "dead_fraction",
    "saturated_fraction",
    "preactivation_gradient_variance",
    "preactivation_gradient_second_moment",
    "kernel_mean",
    "kernel_variance",
    "kernel_min",
    "kernel_max",
    "kernel_gradient_variance",
    "update_to_weight_ratio",
    "duplicate_unit_fraction",
    "unit_cosine",
    "effective_rank",
    "kernel_gradient_rank",
    "preactivation_unit_mean_spread",
    "preactivation_unit_variance_spread",
    "positive_fraction",
    "positive_fraction_spread",
)

STATUSES = ("completed", "diverged", "failed")


def _statistic_type(name: str) -> pa.DataType:
    # A vanished signal's variance reaches 1e-76: float32 ends at 1e-45.
    squared = "variance" in name or name.endswith("second_moment")
    return pa.float64() if squared else pa.float32()


def _schema(table: str, fields: Sequence[pa.Field]) -> pa.Schema:
    metadata = {"initlab.table": table, "initlab.schema_version": str(SCHEMA_VERSION)}
    return pa.schema(fields, metadata=metadata)


SITE: tuple[pa.Field, ...] = (
    pa.field("layer", pa.int16(), nullable=False),
    pa.field("site", pa.int16(), nullable=False),
    pa.field("layer_name", pa.string(), nullable=False),
)

RUNS_LEADING = _schema(
    "runs",
    [
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("trial_id", pa.string(), nullable=False),
        pa.field("group_id", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("diverged_at_step", pa.int32()),
        pa.field("first_nonfinite_layer", pa.int16()),
        pa.field("first_nonfinite_direction", pa.string()),
    ],
)

STEPS = _schema(
    "steps",
    [
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("step", pa.int32(), nullable=False),
        pa.field("train_loss", pa.float64()),
        pa.field("train_accuracy", pa.float32()),
        pa.field("validation_loss", pa.float64()),
        pa.field("validation_accuracy", pa.float32()),
        pa.field("test_loss", pa.float64()),
        pa.field("test_accuracy", pa.float32()),
        pa.field("gradient_norm", pa.float64()),
    ],
)

LAYERS = _schema(
    "layers",
    [
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("step", pa.int32(), nullable=False),
        *SITE,
        *(pa.field(name, _statistic_type(name)) for name in STATISTICS),
    ],
)

PREDICTED: tuple[str, ...] = (
    "preactivation_second_moment",
    "activation_second_moment",
    "batch_correlation",
    "preactivation_gradient_second_moment",
    "preactivation_second_moment_scatter",
    "preactivation_gradient_second_moment_scatter",
)

PREDICTIONS = _schema(
    "predictions",
    [
        pa.field("trial_id", pa.string(), nullable=False),
        *SITE,
        *(pa.field(name, pa.float64()) for name in PREDICTED),
    ],
)

FIXED_SCHEMAS: Mapping[str, pa.Schema] = {
    "steps": STEPS,
    "layers": LAYERS,
    "predictions": PREDICTIONS,
}


def build_table(schema: pa.Schema, columns: Mapping[str, Any]) -> pa.Table:
    """Returns the Arrow table of `schema` that holds `columns`.

    Args:
        schema: `STEPS`, `LAYERS` or `PREDICTIONS`.
        columns: name to values, all of one length: NumPy arrays, masked ones where an entry is
            null, or sequences. A nullable column that is left out is null; NaN stays NaN.

    Raises:
        ValueError: if a column is unknown, lacks, or is null where it must not be.
    """
    if unknown := sorted(set(columns) - set(schema.names)):
        raise ValueError(f"unknown columns {unknown}; the table has {schema.names}.")
    required = [field.name for field in schema if not field.nullable]
    if missing := [name for name in required if name not in columns]:
        raise ValueError(f"columns {missing} are missing; the table needs {required}.")
    length = len(columns[required[0]])
    arrays = [
        _array(columns[field.name], field.type)
        if field.name in columns
        else pa.nulls(length, field.type)
        for field in schema
    ]
    table = pa.Table.from_arrays(arrays, schema=schema)
    if empty := [name for name in required if table[name].null_count]:
        raise ValueError(f"columns {empty} hold nulls; every row needs them.")
    return table


def runs_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Returns the `runs` table of `rows`, one run each.

    The leading columns are those of `RUNS_LEADING`; the others follow in the order in which the
    rows first name them, as bool, int64, float64 (where integers and floats meet) or string. A
    key that a row lacks is null there.

    Raises:
        ValueError: if a leading column lacks, a status is unknown, a run comes twice, or a
            column mixes types.
    """
    leading = [_leading_column(field, rows) for field in RUNS_LEADING]
    _check_runs(rows)
    further = dict.fromkeys(name for row in rows for name in row if name not in RUNS_LEADING.names)
    inferred = {name: _infer(name, [row.get(name) for row in rows]) for name in further}
    fields = [*RUNS_LEADING, *(pa.field(name, column.type) for name, column in inferred.items())]
    return pa.Table.from_arrays([*leading, *inferred.values()], schema=_schema("runs", fields))


def unify_runs(tables: Sequence[pa.Table]) -> pa.Table:
    """Returns the rows of several `runs` tables as one.

    A column whose type differs between groups becomes float64 where all are numbers, and text
    where they are not.
    """
    types: dict[str, set[pa.DataType]] = {}
    for table in tables:
        for field in table.schema:
            types.setdefault(field.name, set()).add(field.type)
    fields = [pa.field(name, _common_type(found)) for name, found in types.items()]
    schema = _schema("runs", fields)
    widened = [
        pa.Table.from_arrays(
            [
                table[field.name].cast(field.type)
                if field.name in table.column_names
                else pa.nulls(len(table), field.type)
                for field in fields
            ],
            schema=schema,
        )
        for table in tables
    ]
    return pa.concat_tables(widened)


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, np.ma.MaskedArray):
        return pa.array(values.data, kind, mask=np.ma.getmaskarray(values))
    return pa.array(values, kind)


def _leading_column(field: pa.Field, rows: Sequence[Mapping[str, Any]]) -> pa.Array:
    values = [row.get(field.name) for row in rows]
    if not field.nullable and None in values:
        raise ValueError(f"row {values.index(None)} of `runs` has no `{field.name}`.")
    return pa.array(values, field.type)


def _check_runs(rows: Sequence[Mapping[str, Any]]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row["status"] not in STATUSES:
            raise ValueError(f"`status` must be one of {STATUSES}, got {row['status']!r}.")
        if row["run_id"] in seen:
            raise ValueError(f"run {row['run_id']!r} comes twice.")
        seen.add(row["run_id"])


def _infer(name: str, values: Sequence[Any]) -> pa.Array:
    values = [value.item() if isinstance(value, np.generic) else value for value in values]
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pa.nulls(len(values))
    for kind, arrow in ((bool, pa.bool_()), (str, pa.string()), (int, pa.int64())):
        if kinds == {kind}:
            return pa.array(values, arrow)
    if kinds <= {int, float}:
        return pa.array([value if value is None else float(value) for value in values])
    raise ValueError(
        f"column `{name}` of `runs` holds {sorted(kind.__name__ for kind in kinds)}; it takes "
        "bool, int, float or str, and mixes only int and float."
    )


def _common_type(types: set[pa.DataType]) -> pa.DataType:
    known = types - {pa.null()}
    if len(known) <= 1:
        return next(iter(known or types))
    return pa.float64() if known <= {pa.int64(), pa.float64()} else pa.string()
