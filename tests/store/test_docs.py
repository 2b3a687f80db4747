import re

import duckdb
import pytest

from initlab.engines.progress import Display
from initlab.store.claims import claim, shared
from initlab.store.failures import record_failure
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
def test_sql_example_reads_each_run_once():
    (query,) = re.findall(r"```sql\n(.*?)```", DOCUMENT, re.DOTALL)
    rows = duckdb.connect().sql(query).fetchall()
    assert sorted(row[:2] for row in rows) == [("run-1", 2), ("run-2", 2)]


def documented(folder):
    """Tells of each file in a results folder whether the document's layout names it."""
    layout = DOCUMENT.partition("## Layout")[2].partition("Only `groups/`")[0]
    parents, forms = [], []
    for indent, entry in re.findall(r"^( {6,})(\S+)", layout, re.MULTILINE):
        level = (len(indent) - 6) // 2
        parents[level:] = [entry]
        if not entry.endswith("/"):
            forms.append("".join(parents))
    patterns = [re.sub(r"<\w+>", r"[a-z0-9._-]+?", form.replace(".", r"\.")) for form in forms]
    paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return {path: any(re.fullmatch(pattern, path) for pattern in patterns) for path in paths}


def test_the_layout_names_every_file_that_a_sweep_leaves(tmp_path):
    results = open_results(tmp_path / "results", experiment="demo", create=True)
    results.write_spec('question = "?"\n')
    publish_sample(results.path)
    with shared(results.path), claim(results.path, "group-a"):
        Display(results.path)({"event": "end", "failed": 0})
    record_failure(results.path, "group-b", error="no memory", attempt=1)
    found = documented(results.path)
    assert len(found) >= 10
    assert [path for path, named in found.items() if not named] == []
