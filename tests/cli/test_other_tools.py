"""`initlab export` and `initlab sql`: what they write and print, and what they refuse."""

import json
import re
import shlex

import pytest

from initlab.spec.load import load_sweep
from initlab.store.folder import open_results

from ..report.sample import publish
from .terminal import ROOT, files, initlab, inside

TOML = """question = "Does it work?"
seeds = 2
[base]
depth = 3
width = 8
steps = 1
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working directory with an experiment and the results of its two runs."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "experiments" / "signal_propagation"
    folder.mkdir(parents=True)
    (folder / "sweep.toml").write_text(TOML)
    path = tmp_path / "results" / "signal_propagation"
    open_results(path, experiment="signal_propagation", create=True)
    publish(path, depth=3, run_ids=[run.run_id for run in load_sweep("signal_propagation").runs])
    return tmp_path


def documented(command):
    text = (ROOT / "docs" / "commands.md").read_text()
    return re.findall(rf"^initlab ({command} .*)$", text, re.MULTILINE)


@pytest.mark.parametrize("example", documented("export"))
def test_documented_exports_run(here, example):
    if "xarray" in example:
        pytest.importorskip("xarray")
    if "tensorboard" in example:
        pytest.importorskip("tensorboardX")
    if "wandb" in example:
        pytest.importorskip("wandb")
    code, out, errors = initlab(*shlex.split(example), folder=here, HOME=str(here))
    assert (code, errors.splitlines()[0]) == (0, "checking the results"), errors
    count = "1 run" if "--seeds 1" in example else "2 runs"
    folder = out.rpartition(" ")[2].strip()
    assert out == f"signal_propagation: {count} written to {folder}\n"
    record = json.loads((here / folder / "export.json").read_text())
    assert record["runs"] == int(count[0])


@pytest.mark.parametrize("example", documented("sql"))
def test_documented_queries_are_answered(here, example):
    assert inside(*shlex.split(example))


def test_an_answer_is_a_table_csv_or_json(here):
    query = "SELECT seed, status, CAST('nan' AS DOUBLE) AS none FROM runs ORDER BY seed"
    assert inside("sql", query) == (
        "seed  status     none\n   0  completed   nan\n   1  completed   nan\n"
    )
    assert inside("sql", query, "--csv") == ("seed,status,none\n0,completed,nan\n1,completed,nan\n")
    assert json.loads(inside("sql", query, "--json")) == [
        {"seed": seed, "status": "completed", "none": None} for seed in (0, 1)
    ]


def test_csv_of_an_answer_is_no_formula_and_commands_no_terminal(here):
    query = "SELECT '=1+1' AS \"@a\", chr(27) || '[31mred' AS b, '-1.5' AS c, -1 AS d"
    assert inside("sql", query, "--csv") == "'@a,b,c,d\n'=1+1,red,-1.5,-1\n"


def test_runs_of_another_sweep_are_told_beside_the_answer(here):
    query = "SELECT count(*) AS runs FROM runs"
    assert inside("sql", query, "--csv", errors=True) == ("runs\n2\n", "")
    publish(here / "results" / "signal_propagation", depth=5)
    assert inside("sql", query, "--csv", errors=True) == (
        "runs\n4\n",
        "2 of 4 runs are not of the sweep that experiments/signal_propagation declares\n",
    )


def test_what_a_query_may_not_do_is_bad_usage(here):
    for query, said in (
        ("SELECT * FROM layer", "Table with name layer does not exist"),
        ("COPY runs TO 'x.csv'", "the query must be one statement that asks"),
    ):
        code, out, errors = initlab("sql", query, folder=here)
        assert (code, out) == (2, "")
        assert errors.startswith("initlab: the query ")
        assert said in errors
    assert not (here / "x.csv").exists()


def test_the_results_must_be_one_folder_and_undamaged(here):
    open_results(here / "results" / "other", experiment="other", create=True)
    code, _, errors = initlab("sql", "FROM runs", folder=here)
    assert (code, errors) == (
        2,
        "initlab: results/ must hold one results folder for `sql` to take, and it holds: "
        "results/other, results/signal_propagation. Name one with --results DIR.\n",
    )
    own = "results/signal_propagation"
    assert initlab("sql", "FROM steps", "--results", own, folder=here)[0] == 0
    (shard,) = (here / own).glob("groups/*/steps.parquet")
    data = bytearray(shard.read_bytes())
    data[50] ^= 1
    shard.write_bytes(data)
    for words in (
        ("sql", "SELECT 1", "--results", own),
        ("export", "signal_propagation", "--to", "csv"),
    ):
        code, out, errors = initlab(*words, folder=here)
        assert (code, out) == (2, "")
        assert "steps.parquet" in errors
    assert not (here / "exports").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("--to", "excel"),
            "`--to` takes csv, tensorboard, wandb-offline, xarray, got 'excel'.",
        ),
        (
            ("--to", "csv", "--set", "depth=9"),
            "results/signal_propagation holds none of the 2 runs that signal_propagation declares: "
            "give the --set and --seeds that they were made with, or run the sweep.",
        ),
    ],
)
def test_an_export_that_cannot_be_made_writes_nothing(here, words, message):
    before = files(here)
    code, out, errors = initlab("export", "signal_propagation", *words, folder=here)
    assert (code, out) == (2, "")
    assert errors.splitlines()[-1] == f"initlab: {message}"
    assert files(here) == before
