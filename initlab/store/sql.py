"""Asking results in SQL: DuckDB over the verified shards, which it can read and nothing else."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import duckdb

from initlab.errors import InitlabError
from initlab.store.query import Results
from initlab.store.schema import FIXED_SCHEMAS

TABLES = ("runs", "steps", "layers", "predictions")
_ASKING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


class QueryError(InitlabError):
    """A query cannot be answered: bad usage."""

    exit_code = 2


class Answer(NamedTuple):
    """What a query found: names of its columns, and its rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def ask(results: Results, query: str) -> Answer:
    """Returns the answer to one SQL query on the tables `runs`, `steps`, `layers`, `predictions`.

    `runs` and `predictions` are the frames of the results; of `steps` and `layers` the files are
    read where the query needs them. Each run counts once. The query may read these tables alone:
    no other file, no network, and nothing can be written or set.

    Args:
        results: from `load_results`, whose files were verified.
        query: one statement that asks, such as SELECT, DESCRIBE, SUMMARIZE or EXPLAIN.

    Raises:
        QueryError: if it is none, or DuckDB refuses it.
    """
    with duckdb.connect(":memory:") as connection:
        connection.register("runs", results.runs)
        connection.register("predictions", results.predictions)
        paths = [path for table in ("steps", "layers") for path in results.shards(table)]
        connection.execute(f"SET allowed_paths = [{_listed(paths)}]")
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        for table in ("steps", "layers"):
            connection.register(f"no_{table}", FIXED_SCHEMAS[table].empty_table())
            connection.execute(f"CREATE VIEW {table} AS {_rows_of(results, table)}")
        try:
            _check_asks(connection.extract_statements(query))
            found = connection.execute(query)
            columns = tuple(column[0] for column in found.description or ())
            return Answer(columns, found.fetchall())
        except duckdb.Error as error:
            raise QueryError(f"the query was refused: {error}") from error


def _check_asks(statements: list[duckdb.Statement]) -> None:
    kinds = [statement.type for statement in statements]
    if len(kinds) == 1 and kinds[0] in _ASKING:
        return
    given = ", ".join(kind.name for kind in kinds) or "none"
    raise QueryError(
        "the query must be one statement that asks: SELECT, FROM, WITH, VALUES, DESCRIBE, SHOW, "
        f"SUMMARIZE or EXPLAIN. Got: {given}. The tables are {', '.join(TABLES)}; `DESCRIBE "
        "layers` lists the columns of one."
    )


def _rows_of(results: Results, table: str) -> str:
    """Returns the SELECT of a table's rows, of each run from the group whose rows count."""
    rows = [f"SELECT * FROM no_{table}"]  # noqa: S608
    whole = []
    groups = [group for group, one in results.groups.items() if f"{table}.parquet" in one.files]
    for path, group in zip(results.shards(table), groups, strict=True):
        owned = results.owned(group)
        if len(owned) == len(results.groups[group].run_ids):
            whole.append(path)
        elif owned:
            rows.append(f"{_reading([path])} WHERE run_id IN ({_listed(owned)})")
    rows += [_reading(whole)] if whole else []
    return " UNION ALL BY NAME ".join(rows)


def _reading(paths: Sequence[str]) -> str:
    return f"SELECT * FROM read_parquet([{_listed(paths)}], union_by_name = true)"  # noqa: S608


def _listed(texts: Sequence[str]) -> str:
    """Returns texts as literals of SQL, with commas between them."""
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)
