"""Every code block of every Markdown file runs, or is held against what it is for."""

import re
import shutil
import tomllib

import duckdb
import pytest
import yaml

import initlab
from initlab.spec.parts import TABLES, read_parts
from initlab.spec.sweep import parse_sweep
from scripts.paper import PROGRAMS, compile_paper

from . import python_blocks, shell_blocks
from .blocks import BLOCKS, ROOT, blocks_of, documents, of_language

CHECKED = {"python", "toml", "sh", "console", "latex", "sql", "bibtex", "{toctree}"}
# What needs more than results made by hand, and the test that gives it that.
ELSEWHERE = {
    "docs/reports.md": "tests/report/test_docs.py",
    "docs/transfer.md": "tests/test_transfer_docs.py",
}
WITH_PYTHON = sorted({block.document for block in of_language("python")} - set(ELSEWHERE))


def parts_shown(document):
    """The `parts.py` that a document shows; empty where it shows none."""
    python = [block.text for block in blocks_of(document) if block.language == "python"]
    return "".join(text for text in python if any(f"\n{name} = {{" in text for name in TABLES))


def parts_of(document, folder):
    """What a document's `parts.py` declares; None where it shows none."""
    if text := parts_shown(document):
        (folder / "parts.py").write_text(text)
    return read_parts(folder)


def test_there_is_a_check_of_every_block():
    assert [str(block) for block in BLOCKS if block.language not in CHECKED] == []
    fences = {
        one: len(re.findall("^ *```", (ROOT / one).read_text(), re.MULTILINE))
        for one in documents()
    }
    assert {one: 2 * len(blocks_of(one)) for one in documents()} == fences
    for document, test in ELSEWHERE.items():
        assert document.removeprefix("docs/") in (ROOT / test).read_text()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("document", WITH_PYTHON)
def test_python_runs(document):
    python_blocks.run([one for one in blocks_of(document) if one.language == "python"])


@pytest.mark.parametrize("document", [one for one in documents() if parts_shown(one)])
def test_laws_of_ones_own_are_read(document, tmp_path):
    parts = parts_of(document, tmp_path)
    assert parts.initializers or parts.activations


@pytest.mark.parametrize("block", of_language("toml"), ids=str)
def test_toml_is_a_sweep(block, tmp_path):
    content = {"question": "Why?"} | tomllib.loads(block.text)  # a part of a sweep asks nothing
    parts = parts_of(block.document, tmp_path)
    assert parse_sweep(content, name="demo", source=str(block), parts=parts).runs


@pytest.mark.parametrize("block", of_language("sh", "console"), ids=str)
def test_each_command_is_accepted(block):
    shell_blocks.check(block)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("block", of_language("sql"), ids=str)
def test_queries_are_answered(block):
    assert duckdb.sql(block.text).fetchall()


@pytest.mark.skipif(
    not all(map(shutil.which, PROGRAMS)), reason=f"{' or '.join(PROGRAMS)} is absent"
)
@pytest.mark.parametrize("block", of_language("latex"), ids=str)
def test_latex_compiles(block, bundle, tmp_path):
    assert compile_paper(block.text, bundle, tmp_path).is_file()


@pytest.mark.parametrize("block", of_language("bibtex"), ids=str)
def test_an_entry_is_what_the_citation_file_says(block):
    said = dict(re.findall(r"^  (\w+) += \{+(.*?)\}+,$", block.text, re.MULTILINE))
    known = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert (said["title"], said["version"]) == (known["title"], str(known["version"]))
    assert said["author"] == " and ".join(author["name"] for author in known["authors"])
    assert said["version"] == initlab.__version__


@pytest.mark.parametrize("block", of_language("{toctree}"), ids=str)
def test_contents_lead_to_pages(block):
    made = re.findall(r'"(\w+)\.md":', (ROOT / "docs" / "conf.py").read_text())
    for line in block.text.splitlines():
        if line and not line.startswith(":"):
            kind, _, name = line.rpartition("/")
            assert name in made if kind == "made" else (ROOT / "docs" / f"{line}.md").is_file()
