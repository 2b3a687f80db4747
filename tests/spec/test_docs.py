"""docs/spec.md says of every field what the schema says."""

from pathlib import Path

import pytest

from initlab.spec.form import SweepFile
from initlab.spec.laws import LAW_MODELS, LAW_NAMES, PRETRAINED, RECIPE_NAMES, RecipeLaw
from initlab.spec.measure import Measure
from initlab.spec.nonlinearities import ACTIVATION_NAMES
from initlab.spec.pretrained import Pretrained
from initlab.spec.schema import OPTIMIZER_FIELDS, RunSpec
from scripts.site.fields import accepted, default_of

DOCUMENT = (Path(__file__).parents[2] / "docs" / "spec.md").read_text()
ROWS = {
    cells[0].strip("`"): cells[1:]
    for line in DOCUMENT.splitlines()
    if line.startswith("| `")
    for cells in [[cell.strip() for cell in line.strip("|").split(" | ")]]
}


@pytest.mark.parametrize("name", [name for name in RunSpec.model_fields if name != "measure"])
def test_the_table_of_fields_is_the_schema(name):
    wanted = accepted(RunSpec.model_json_schema()["properties"][name])
    assert ROWS[name][:2] == [wanted, default_of(RunSpec, name)]
    assert len(ROWS[name][2]) > 8


@pytest.mark.parametrize("name", Measure.model_fields)
def test_the_table_of_measure_is_the_schema(name):
    said = ROWS[f"measure.{name}"]
    assert said[1] == default_of(Measure, name)
    if name != "steps":
        assert said[0] == accepted(Measure.model_json_schema()["properties"][name])


def test_no_row_speaks_of_a_field_that_is_not_there():
    names = {*LAW_NAMES, *RECIPE_NAMES, PRETRAINED}
    laws = {name for row in ROWS for name in row.split("`, `") if name in names}
    fields = {*RunSpec.model_fields, *(f"measure.{name}" for name in Measure.model_fields)}
    others = {row for row in ROWS if row not in fields and not set(row.split("`, `")) <= laws}
    assert others == {*SweepFile.model_fields} - {"measure"}


def test_laws_are_listed_with_their_numbers():
    for model in (*LAW_MODELS, RecipeLaw, Pretrained):
        names = model.model_fields["name"].annotation.__args__
        row = ROWS["`, `".join(names)]
        for name, field in model.model_fields.items():
            if name != "name":
                said = f"`{name}`" if field.is_required() else f"`{name}` ({field.default})"
                assert said in row[0], model


def test_nonlinearities_and_optimizers_are_listed():
    assert ", ".join(f"`{name}`" for name in ACTIVATION_NAMES) in " ".join(DOCUMENT.split())
    for optimizer, names in OPTIMIZER_FIELDS.items():
        for name in names:
            assert f"`{optimizer}`" in ROWS[name][2], f"{name} is read by {optimizer}"
