"""docs/figures.md says of every figure how it is read."""

import ast
import re

from .blocks import ROOT

DOCUMENT = (ROOT / "docs" / "figures.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in DOCUMENT.splitlines()
    if line.startswith("| ")
][1:]


def figures():
    """The functions of `initlab.figures` that lay out a whole figure."""
    for path in (ROOT / "initlab" / "figures").glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("draw_"):
                if ast.unparse(node.returns) == "Figure":
                    yield node.name


def test_every_figure_has_a_row_that_says_how_it_is_read():
    told = [name for _, functions, *_ in ROWS for name in re.findall(r"`(\w+)`", functions)]
    assert sorted(told) == sorted(figures())
    assert {len(row) for row in ROWS} == {4}
    assert [row[0] for row in ROWS if min(len(row[2]), len(row[3])) < 20] == []
