"""The pages that are made from the code say of it what is true."""

import re

import pytest
import typer.main
from pydantic import ValidationError

from initlab.cli import app
from initlab.spec.augmentation import AUGMENTATION_NAMES
from initlab.spec.form import SweepFile, alone
from initlab.spec.laws import LAW_NAMES, RECIPE_NAMES
from initlab.spec.measure import Measure
from initlab.spec.schema import RunSpec
from initlab.spec.schemes import SCHEME_NAMES
from initlab.store.schema import FIXED_SCHEMAS
from scripts.site.fields import fields
from scripts.site.reference import commands, tables

from .blocks import ROOT

PAGE = fields()
ROWS = {
    cells[0].strip("`"): cells[1:]
    for line in PAGE.splitlines()
    if line.startswith("| `")
    for cells in [[cell.strip() for cell in line.strip("|").split(" | ")]]
}
BOUNDS = re.compile(r"(whole, )?(above )?([\d.,e-]+)(?: to ([\d.,e-]+))?(?:, below ([\d.,e-]+))?$")


def number(text):
    return float(text.replace(",", ""))


def is_accepted(name, value):
    try:
        alone(name).model_validate({name: value})
    except ValidationError:
        return False
    return True


def test_every_field_has_a_row():
    measured = {f"measure.{name}" for name in Measure.model_fields}
    wanted = {*SweepFile.model_fields, *RunSpec.model_fields, *measured}
    names = {name for row in ROWS for name in row.split("`, `")}
    laws = {*LAW_NAMES, *RECIPE_NAMES, "pretrained", *SCHEME_NAMES, *AUGMENTATION_NAMES}
    assert names == wanted | laws
    assert [row for row, cells in ROWS.items() if not all(cells)] == []


NUMBERS = [name for name, one in RunSpec.model_fields.items() if type(one.default) in (int, float)]


@pytest.mark.parametrize("name", NUMBERS)
def test_bounds_are_those_that_the_schema_enforces(name):
    found = BOUNDS.match(ROWS[name][0])
    assert found, ROWS[name][0]
    whole, above, low, high, below = found.groups()
    kind = int if whole else float
    near = 1 if whole else 1e-12
    assert is_accepted(name, kind(number(low))) == (not above)
    assert not is_accepted(name, kind(number(low) - near))
    if high:
        assert is_accepted(name, kind(number(high)))
        assert not is_accepted(name, kind(number(high) * (1 + 1e-12) + (1 if whole else 0)))
    if below:
        assert not is_accepted(name, kind(number(below)))
        assert is_accepted(name, kind(number(below) - (1 if whole else 1e-9)))


def test_a_row_says_what_it_should():
    assert ROWS["depth"][:2] == ["whole, 1 to 10,000", "`10`"]
    assert ROWS["seed"][0] == "whole, 0, below 4,294,967,296"
    assert ROWS["normal"] == [
        "`stddev`: 0 or more; `mean`: a number, default `0`",
        "Gaussian of standard deviation `stddev` about `mean`, whatever the fans.",
    ]
    assert "](../architectures.md)" in ROWS["model"][2]


def test_every_command_and_column_is_told():
    told = commands()
    for name in typer.main.get_command(app).commands:
        assert f"## initlab {name}\n" in told
    columns = re.findall(r"^\| `(\w+)` \|", tables(), re.MULTILINE)
    for schema in FIXED_SCHEMAS.values():
        assert set(schema.names) <= set(columns)


def test_contents_name_every_page_that_is_made():
    made = set(re.findall(r'"(\w+)\.md":', (ROOT / "docs" / "conf.py").read_text()))
    listed = re.findall(r"^made/(\w+)$", (ROOT / "docs" / "index.md").read_text(), re.MULTILINE)
    assert made == set(listed)
