import numpy as np
import pyarrow as pa
import pytest

from initlab.store.schema import (
    LAYERS,
    STATISTICS,
    STEPS,
    build_table,
    runs_table,
    unify_runs,
)

KEYS = {"run_id": ["a"], "step": [0], "layer": [1], "site": [0], "layer_name": ["dense_0"]}
ROW = {"run_id": "a", "trial_id": "t", "group_id": "g", "status": "completed"}


def test_second_moment_below_float32_range_survives():
    for name in ("preactivation_second_moment", "activation_variance", "kernel_gradient_variance"):
        table = build_table(LAYERS, {**KEYS, name: np.array([1e-76])})
        assert table[name].to_pylist() == [1e-76]


def test_every_statistic_is_a_nullable_column_after_the_keys():
    assert LAYERS.names == [*KEYS, *STATISTICS]
    assert all(LAYERS.field(name).nullable for name in STATISTICS)
    assert LAYERS.metadata[b"initlab.schema_version"] == b"1"
    assert LAYERS.field("dead_fraction").type == pa.float32()


def test_masked_entry_is_null_and_nan_stays_nan():
    columns = {
        "run_id": ["a"] * 3,
        "step": [0, 1, 2],
        "test_loss": np.ma.masked_array([1.0, 2.0, np.nan], mask=[False, True, False]),
    }
    table = build_table(STEPS, columns)
    first, second, third = table["test_loss"].to_pylist()
    assert (first, second) == (1.0, None)
    assert np.isnan(third)
    assert table["train_loss"].null_count == 3


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"run_id": ["a"], "step": [0], "los": [1.0]}, r"unknown columns \['los'\]"),
        ({"run_id": ["a"]}, r"columns \['step'\] are missing; the table needs"),
        ({"run_id": [None], "step": [0]}, r"columns \['run_id'\] hold nulls; every row needs"),
    ],
)
def test_table_that_does_not_fit_is_refused(columns, message):
    with pytest.raises(ValueError, match=message):
        build_table(STEPS, columns)


def test_further_columns_of_runs_keep_order_and_get_types():
    table = runs_table(
        [
            {**ROW, "depth": 5, "gain": 1, "initializer": "zeros", "bias": True, "clip": None},
            {**ROW, "run_id": "b", "depth": np.int64(6), "gain": 0.5, "width": 8},
        ]
    )
    types = dict(zip(table.column_names[7:], table.schema.types[7:], strict=True))
    assert types == {
        "depth": pa.int64(),
        "gain": pa.float64(),
        "initializer": pa.string(),
        "bias": pa.bool_(),
        "clip": pa.null(),
        "width": pa.int64(),
    }
    assert table["gain"].to_pylist() == [1.0, 0.5]
    assert table["width"].to_pylist() == [None, 8]
    assert table["diverged_at_step"].type == pa.int32()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{**ROW, "status": "done"}], r"`status` must be one of .*'failed'\), got 'done'"),
        ([ROW, ROW], r"run 'a' comes twice\."),
        ([{"run_id": "a"}], r"row 0 of `runs` has no `trial_id`\."),
        ([{**ROW, "x": 1}, {**ROW, "run_id": "b", "x": "1"}], r"`x` of `runs` holds \['int', 'str"),
        ([{**ROW, "x": [1]}], r"`x` of `runs` holds \['list'\]; it takes bool, int, float or str"),
    ],
)
def test_rows_that_are_no_runs_are_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        runs_table(rows)


def test_types_that_differ_between_groups_widen():
    first = runs_table([{**ROW, "rate": 1, "clip": None, "schedule": 3, "only": True}])
    second = runs_table([{**ROW, "rate": 0.5, "clip": 2.0, "schedule": "cosine"}])
    rows = unify_runs([first, second]).select(["rate", "clip", "schedule", "only"]).to_pylist()
    assert rows == [
        {"rate": 1.0, "clip": None, "schedule": "3", "only": True},
        {"rate": 0.5, "clip": 2.0, "schedule": "cosine", "only": None},
    ]
