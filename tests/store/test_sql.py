import pytest

from initlab.store.query import load_results
from initlab.store.sql import TABLES, QueryError, ask

from .sample import publish_sample


@pytest.fixture
def loaded(results):
    publish_sample(results)
    publish_sample(results, "group-b", ("run-2", "run-3"), seed=1)
    return load_results(results)


def test_each_run_is_counted_once_from_the_group_whose_rows_count(loaded):
    found = ask(loaded, "SELECT run_id, count(*) AS steps FROM steps GROUP BY ALL ORDER BY ALL")
    assert found.columns == ("run_id", "steps")
    assert found.rows == [("run-1", 3), ("run-2", 3), ("run-3", 3)]
    (losses,) = zip(
        *ask(loaded, "SELECT train_loss FROM steps WHERE run_id = 'run-2' ORDER BY step").rows,
        strict=True,
    )
    own = loaded.steps[loaded.steps["run_id"] == "run-2"]["train_loss"]
    assert list(losses) == own.tolist()


def test_tables_are_those_of_the_store_and_can_be_joined(loaded):
    for table in TABLES:
        columns = [row[0] for row in ask(loaded, f"DESCRIBE {table}").rows]
        assert columns == list(getattr(loaded, table).columns)
    query = "SELECT max(l.layer) FROM layers l JOIN runs r USING (run_id) WHERE r.depth = 2"
    assert ask(loaded, query).rows == [(2,)]
    none = loaded.only([])
    assert [ask(none, f"FROM {table}").rows for table in TABLES] == [[]] * 4


def test_of_chosen_runs_the_others_are_not_read(loaded):
    assert ask(loaded.only(["run-3"]), "SELECT DISTINCT run_id FROM layers").rows == [("run-3",)]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT nothing FROM layers", 'Referenced column "nothing" not found'),
        ("SELEC 1", "syntax error"),
        ("SELECT * FROM read_csv('{other}')", "file system operations are disabled"),
        ("SELECT * FROM '{shards}/*/layers.parquet'", "file system operations are disabled"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_reason(loaded, tmp_path, query, said):
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    query = query.format(other=other, shards=loaded.path / "groups")
    with pytest.raises(QueryError, match="the query was refused: ") as caught:
        ask(loaded, query)
    assert said in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("COPY (SELECT 1) TO '{shard}' (USE_TMP_FILE false)", "COPY"),
        ("COPY (PIVOT runs ON depth USING count(*)) TO '{shard}' (USE_TMP_FILE false)", "MULTI"),
        ("SET enable_external_access = true", "SET"),
        ("INSTALL httpfs", "LOAD"),
        ("SELECT 1; SELECT 2", "SELECT, SELECT"),
        ("-- nothing", "none"),
    ],
)
def test_a_query_asks_and_does_nothing_else(loaded, query, kind):
    shard = loaded.shards("steps")[0]
    with pytest.raises(QueryError) as caught:
        ask(loaded, query.format(shard=shard))
    assert str(caught.value) == (
        "the query must be one statement that asks: SELECT, FROM, WITH, VALUES, DESCRIBE, SHOW, "
        f"SUMMARIZE or EXPLAIN. Got: {kind}. The tables are runs, steps, layers, predictions; "
        "`DESCRIBE layers` lists the columns of one."
    )
    assert len(load_results(loaded.path).committed) == 3, "the shard was written over"


def test_a_path_with_a_quote_is_a_path(results, tmp_path):
    from initlab.store.folder import open_results

    odd = tmp_path / "it's"
    open_results(odd, experiment="demo", create=True)
    publish_sample(odd)
    assert ask(load_results(odd), "SELECT count(*) FROM steps").rows == [(6,)]
