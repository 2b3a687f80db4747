"""docs/architectures.md has a row for every model, with its sizes and numbers of parameters."""

from pathlib import Path

import pytest

from initlab.architectures.families import FAMILIES

from .papers import parameters_of, rows_of

DOCUMENT = (Path(__file__).parents[2] / "docs" / "architectures.md").read_text()
ROWS = {
    cells[0].strip("`"): cells[1:]
    for line in DOCUMENT.splitlines()
    if line.startswith("| `") and line.count(" | ") == 8
    for cells in [[cell.strip() for cell in line.strip("|").split(" | ")]]
}


def test_every_model_has_a_row_and_nothing_else():
    assert set(ROWS) == set(FAMILIES)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_row_says_what_the_model_is(name):
    family, (layers, width, norm, *of_paper) = FAMILIES[name], ROWS[name]
    assert layers
    assert (width, norm) == (str(family.width), family.norm)
    if family.paper is None:
        assert not any(of_paper)
        return
    sizes = family.paper
    shape = "x".join(map(str, sizes.image_shape))
    assert of_paper[:4] == [
        f"{shape}, {sizes.classes}",
        str(sizes.width),
        f"{parameters_of(rows_of(name)):,d}",
        f"{parameters_of(rows_of(name, (28, 28, 1))):,d}",
    ]
    assert of_paper[4]
