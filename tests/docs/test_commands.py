"""docs/commands.md: a reader who types its commands one after the other gets what they are for."""

import shutil

import pytest

from initlab.store.query import load_results

from ..cli.terminal import initlab
from . import shell_blocks
from .blocks import blocks_of

DOCUMENT = "docs/commands.md"
NAME = "signal_propagation"
# The same question on a grid that trains in seconds; it has the depths that the document sets.
SWEEP = """question = "How far does the signal travel?"
seeds = 3
[base]
width = 8
steps = 2
[axes]
depth = [5, 10]
"""
MISH = "import jax\n\n\ndef mish(x):\n    return x * jax.numpy.tanh(jax.nn.softplus(x))\n"
ELSEWHERE = ("export", "sql")  # tests/cli/test_other_tools.py runs these


def typed():
    """The words of each command of the document, in its order."""
    for block in blocks_of(DOCUMENT):
        if block.language == "sh":
            yield from (words[1:] for words in shell_blocks.commands(block.text))


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What a reader of one folder was told: exit code, output and errors by command."""
    folder = tmp_path_factory.mktemp("typed")
    (folder / "experiments" / NAME).mkdir(parents=True)
    (folder / "experiments" / NAME / "sweep.toml").write_text(SWEEP)
    (folder / "mish_module.py").write_text(MISH)
    found = {}
    for words in typed():
        if words[0] in ELSEWHERE:
            continue
        if words[0] == "compare":
            shutil.copytree(folder / "reports", folder / "old")
        if words[0] == "replay":
            words[1] = min(load_results(folder / "results" / NAME).committed)
        own = [word.replace("/scratch", str(folder / "scratch")) for word in words]
        found[" ".join(words)] = initlab(*own, folder=folder)
    return found


@pytest.mark.slow
def test_every_command_does_its_work(answers):
    failed = {words: told for words, told in answers.items() if told[0] != 0}
    assert failed == {}
    assert {words.partition(" ")[0] for words in answers} == {
        "plan", "run", "status", "work", "report", "replay", "compare", "verify", "list", "data",
        "gain", "predict",
    }  # fmt: skip


@pytest.mark.slow
def test_checks_end_with_what_was_found(answers):
    told = {words: out.strip().splitlines()[-1] for words, (_, out, _) in answers.items() if out}
    (replayed,) = [line for words, line in told.items() if words.startswith("replay")]
    assert replayed.endswith("the same, compared to the last bit")
    assert told[f"compare old/{NAME} reports/{NAME}"] == "no claim changed"
    assert told[f"verify results/{NAME}"].endswith(", sound")
    assert told[f"verify reports/{NAME}"].endswith(" computed again, sound")
