"""docs/transfer.md: its sweeps run one after the other, and its tables are those of the code."""

import re
import runpy
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from initlab import worker
from initlab.spec.pretrained import Pretrained
from initlab.spec.sweep import parse_sweep
from initlab.store.checkpoints import checkpoint_file
from initlab.store.folder import open_results
from initlab.store.pretrained import Pretraining
from initlab.store.query import load_results

DOCUMENT = (Path(__file__).parents[1] / "docs" / "transfer.md").read_text()
SWEEPS = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.fixture(scope="module")
def clothes(tmp_path_factory):
    """A folder with the results of the first sweep of the document, and what they are."""
    folder = tmp_path_factory.mktemp("results")
    return folder, run(SWEEPS[0], "clothes", folder)[1]


def run(text, name, folder):
    read = parse_sweep(tomllib.loads(text), name=name, source=name)
    sweep = Pretraining(folder / name).bound(read)
    Pretraining(folder / name).require(sweep)
    results = open_results(folder / name, experiment=name, create=True).path
    assert worker.work(sweep, results, lambda event: None) == 0
    return sweep, load_results(results)


def test_examples_run_one_after_the_other(clothes):
    sweep, results = run(SWEEPS[1], "digits", clothes[0])
    assert len(results.runs) == len(sweep) == 8
    assert set(results.runs["status"]) == {"completed"}
    digests = results.runs.set_index("run_id")["checkpoint_sha256"]
    assert [digests[run.run_id] for run in sweep.runs[2:]] == [
        one.initializer.sha256 for one in sweep.runs[2:]
    ]
    predicted = set(results.predictions["trial_id"])
    assert predicted == {run.trial_id for run in sweep.runs if run.initializer.name == "he_normal"}


def test_every_control_is_told():
    controls = get_args(Pretrained.model_fields["control"].annotation)
    table = DOCUMENT.partition("## Controls")[2].partition("##")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == ("control", *controls)


def test_the_checkpoint_of_the_examples_is_read_as_they_say(clothes, tmp_path):
    _, results = clothes
    run_id = results.runs["run_id"].iloc[0]
    path = results.path / "groups" / results.committed[run_id] / checkpoint_file(run_id)
    first, second = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    *before, fitted = first.strip().rpartition("\n")
    *then, maps = second.strip().rpartition("\n")
    code = f"{''.join(before)}\nfound = {fitted}\n{''.join(then)}\nmaps = {maps}\n"
    (tmp_path / "example.py").write_text(code)
    names = runpy.run_path(str(tmp_path / "example.py"), {"checkpoint": path})
    assert names["found"].test_accuracy > 0.7  # a guess is 0.1
    assert str(names["maps"]) in maps
