import re

import duckdb
import pytest

from initlab.store.folder import open_results

from .conftest import ROOT
from .sample import publish_sample

DOCUMENT = (ROOT / "docs" / "storage.md").read_text()


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working directory with the results that the documentation speaks of."""
    path = tmp_path / "results" / "signal_propagation"
    open_results(path, experiment="signal_propagation", create=True)
    publish_sample(path)
    (path / "groups" / ".group-b.1.00000000.tmp").mkdir()
    (path / "groups" / ".group-b.1.00000000.tmp" / "steps.parquet").write_bytes(b"half")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("here")
def test_python_examples_run():
    examples = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        exec(compile(example, "docs/storage.md", "exec"), {})  # noqa: S102


@pytest.mark.usefixtures("here")
def test_sql_example_reads_each_run_once():
    (query,) = re.findall(r"```sql\n(.*?)```", DOCUMENT, re.DOTALL)
    rows = duckdb.sql(query).fetchall()
    assert sorted(row[:2] for row in rows) == [("run-1", 2), ("run-2", 2)]
