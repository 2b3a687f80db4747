"""docs/conformance.md holds what the command prints; a framework that is absent is said to be."""

import re
from pathlib import Path

import pytest

from scripts.conformance import __main__ as command
from scripts.conformance import of_flax
from scripts.conformance.table import line

DOCUMENT = (Path(__file__).parents[2] / "docs" / "conformance.md").read_text()


def rows(text):
    """The cells of each row of the tables."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def written(name):
    return re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", DOCUMENT, re.DOTALL)[1]


def test_rows_of_flax_are_what_is_measured_now():
    named = {each.written: each for each in of_flax.FRAMEWORK.initializers}
    found = {row[0]: row for row in rows(written("flax"))[2:]}
    assert list(found) == list(named)
    for name in ("default", "`glorot_uniform()`"):
        assert found[name] == line(named[name], of_flax.FRAMEWORK.row(named[name]))


@pytest.mark.slow
def test_the_whole_table_of_flax_is_what_the_command_prints():
    assert rows(written("flax")) == rows(command.printed("flax"))


def test_the_rows_of_published_formulas_are_what_the_command_prints():
    assert rows(written("published")) == rows(command.printed("published"))


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        # Known faults of the frameworks themselves; the last column is the swapped kernel.
        ("flax", r"`he_normal\(\)`.*x 0\.2496\*\* +\| \*\*departs: x 0\.1248\*\* \|"),
        ("flax", r"`glorot_uniform\(\)`.*\d\.\d+ ± .*\| \*\*departs: x 0\.33\d+\*\*"),
        ("flax", r"`lecun_normal\(dtype=complex64\)` +\| [^|]*\| \*\*departs: x 1\.01"),
        ("flax", r"`truncated_normal\(0\.1\)` +\| [^|]*\| \*\*departs: x 0\.77"),
        ("pytorch", r'nonlinearity="tanh"\)` +\| [^|]*\| \*\*departs: x 1\.09'),
        ("pytorch", r'nonlinearity="selu"\)` +\| [^|]*\| \*\*departs: x 0\.56'),
        ("keras", r"`HeNormal\(\)`.*\| \*\*departs: x 0\.00"),
        ("keras", r"`TruncatedNormal\(stddev=0\.1\)` +\| [^|]*\| \*\*departs: x 0\.77"),
    ],
)
def test_the_tables_show_the_known_faults(name, fault):
    assert re.search(fault, written(name))


def test_the_default_of_each_framework_conforms_in_dense_layers_and_convolutions():
    for name in ("flax", "pytorch", "keras"):
        (default,) = [row for row in rows(written(name)) if row[0] == "default"]
        dense, convolution = default[2:4]
        assert "departs" not in dense + convolution
        assert "±" in dense
        assert "±" in convolution


def test_a_framework_that_is_absent_is_skipped_with_a_message(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(command, "PEERS", tmp_path / ".venv-peers" / "bin" / "python")
    monkeypatch.setattr("sys.argv", ["conformance", "keras"])
    command.main()
    assert capsys.readouterr().out == (
        "keras: skipped, keras is installed neither here nor in .venv-peers.\n\n"
    )


def test_an_unknown_section_is_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["conformance", "keras", "karas"])
    with pytest.raises(SystemExit):
        command.main()
    message = "no section karas: choose from flax, published, pytorch, keras"
    assert message in capsys.readouterr().err


def test_a_section_takes_the_place_of_the_one_before():
    page = "a\n<!-- flax -->\nold\n<!-- end -->\nb\n<!-- keras -->\nold\n<!-- end -->\n"
    new = command.replaced(page, "keras", "new\n")
    assert new == page[: page.index("old", 30)] + "new\n<!-- end -->\n"
    with pytest.raises(ValueError, match="has no place for torch"):
        command.replaced(page, "torch", "new\n")
