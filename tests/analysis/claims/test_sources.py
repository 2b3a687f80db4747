import re

import pytest

from initlab.analysis.claims import sources

SOURCES = {name: text for name, text in vars(sources).items() if name.isupper()}
# Fragments, which others complete.
STATEMENTS = set(SOURCES) - {"ADDED", "FINITE", "CS231N", "GUIDE"}


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_a_statement_names_its_work_and_section_or_says_that_it_has_none(name):
    text = SOURCES[name]
    if text.startswith("Stated in "):
        assert re.search(r"section [\dA-Z]|Part \d, ", text)
    else:
        assert text.startswith(("A common statement, without a source", "Added here: "))
