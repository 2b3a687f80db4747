"""docs/statistics.md says of every statistic what a value of it tells."""

import re

import pytest

from initlab.store.schema import PREDICTED, STATISTICS, STEPS

from .blocks import ROOT

DOCUMENT = (ROOT / "docs" / "statistics.md").read_text()
TOLD = "what a value tells"
# Tables of what is no statistic: where a row stands, and the arrays that are kept.
UNTOLD = ("Where a row stands", "Arrays that `keep` asks for")


def tables():
    """Heading of each table, and its rows as lists of cells, the names of columns first."""
    for section in re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)[1:]:
        lines = [line for line in section.splitlines() if line.startswith("|")]
        rows = [re.split(r"(?<!\\) ?\| ?", line)[1:-1] for line in lines if "---" not in line]
        if rows:
            yield section.partition("\n")[0], rows


TABLES = dict(tables())


@pytest.mark.parametrize("heading", [one for one in TABLES if one not in UNTOLD])
def test_every_row_tells_how_it_is_read(heading):
    names, *rows = TABLES[heading]
    assert names[-1] == TOLD
    assert {len(row) for row in rows} == {len(names)}
    assert [row[0] for row in rows if len(row[-1]) < 20] == []


def test_every_statistic_has_a_row():
    of_runs = [row for one, rows in TABLES.items() if one != "Predictions" for row in rows]
    named = {name for row in of_runs for name in re.findall(r"`(\w+)`", row[0])}
    assert {*STATISTICS, *STEPS.names[2:]} <= named
    predicted = {name for row in TABLES["Predictions"] for name in re.findall(r"`(\w+)`", row[0])}
    assert predicted == set(PREDICTED)
