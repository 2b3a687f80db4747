"""A sweep whose checkpoints another one makes: that one is run first, in the same command."""

import pytest

from initlab.store.query import load_results

from .lab import Lab

pytestmark = pytest.mark.slow

TOML = """question = "Does it help?"
seeds = 2
[base]
depth = 2
width = 8
batch_size = 16
steps = {steps}
initializer = { name = "pretrained", checkpoint = "demo_source" }
removed_layers = 1
"""
SOURCE = """question = "What is there to learn?"
[base]
depth = 2
width = 8
batch_size = 16
steps = 2
[measure]
keep = ["checkpoint"]
"""


@pytest.fixture
def lab(tmp_path):
    made = Lab(tmp_path, toml=TOML)
    (tmp_path / "demo" / "source.toml").write_text(SOURCE)
    return made


def test_the_source_is_run_first_with_as_many_seeds(lab):
    code, out, errors = lab.run("--seeds", "2")
    assert (code, out.splitlines()) == (
        0,
        ["demo_source: 2 of 2 runs done (demo_source)", "demo: 2 of 2 runs done (results)"],
    ), errors
    source, runs = load_results(lab.folder / "demo_source"), load_results(lab.results).runs
    digests = {group.files[name].sha256 for group in source.groups.values() for name in group.files}
    assert set(runs["checkpoint_sha256"]) < digests
    assert runs["checkpoint_sha256"].nunique() == 2
    again = lab.run("--seeds", "2")[1]
    assert again.count("nothing to do") == 2


def test_a_source_that_cannot_be_run_stops_both(lab):
    (lab.folder / "demo" / "source.toml").write_text(f"{SOURCE}depth = 3\n")
    code, out, errors = lab.run()
    assert (code, out) == (2, "")
    assert "demo/source.toml" in errors
    assert not lab.results.exists()
