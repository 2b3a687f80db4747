"""docs/tutorial.md: a reader who types each of its blocks gets what it says, to the last file."""

import os
import re
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import pytest

from initlab.architectures.recipe import Recipe
from initlab.architectures.walk import walk
from initlab.models import build_network

DOCS = Path(__file__).parents[1] / "docs"
TUTORIAL = (DOCS / "tutorial.md").read_text()
EXTENDING = (DOCS / "extending.md").read_text()


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """The folder of a reader who typed everything, and what the commands printed."""
    folder = tmp_path_factory.mktemp("tutorial")
    experiment = folder / "experiments" / "tanh_laws"
    experiment.mkdir(parents=True)
    (experiment / "sweep.toml").write_text(*blocks(TUTORIAL, "toml"))
    (experiment / "parts.py").write_text(*blocks(TUTORIAL, "python"))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    script = "\n".join(blocks(TUTORIAL, "sh"))
    typed = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env=os.environ | {"PATH": path, "XDG_CACHE_HOME": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert typed.returncode == 0, typed.stdout + typed.stderr
    return folder, typed.stdout


@pytest.mark.slow
def test_every_command_does_what_is_said_of_it(here):
    folder, printed = here
    assert "15 runs" in printed
    assert "reports/tanh_laws: report bundle" in printed
    assert "gentle" in printed  # a row that SQL found
    assert (folder / "reports/tanh_laws/report.html").is_file()


@pytest.mark.slow
def test_the_files_that_go_into_a_paper_are_there(here):
    folder, _ = here
    (paper,) = blocks(TUTORIAL, "latex")
    named = re.findall(r"\{(reports/[^}]*)\}", paper)
    assert len(named) == 4
    files = [f"{name}.bib" if name.endswith("cite") else name for name in named]
    assert [name for name in files if not (folder / name).is_file()] == []


def test_examples_of_a_law_and_of_a_model_work():
    bent, model = blocks(EXTENDING, "python")
    names: dict[str, object] = {}
    for text in (bent, model):
        exec(compile(text, "docs/extending.md", "exec"), names)  # noqa: S102
    function = names["ACTIVATIONS"]["bent"]
    layers = names["two_convolutions"](Recipe((8, 8, 1), 10, 3, 4))
    assert sum(row.kernel_shape is not None for row in walk(layers, (8, 8, 1))) == 3
    network = build_network(layers, image_shape=(8, 8, 1), activation=function, dtype="float32")
    parameters = jax.tree.map(lambda leaf: jnp.ones(leaf.shape), network.parameters)
    logits = network.apply(parameters, jnp.ones((2, 8, 8, 1)))[0]
    assert logits.shape == (2, 10)
