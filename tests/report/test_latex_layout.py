"""Tables stand within the page, by what pdfLaTeX says of their boxes."""

import shutil

import numpy as np
import pandas as pd
import pytest

from initlab.analysis.findings import Listing
from initlab.report.latex_tables import to_latex
from initlab.report.latex_widths import number_width, text_width
from initlab.report.numbers import typeset_latex
from initlab.report.text import escape_latex
from scripts.paper import too_large

from .latex import OPTIONS, run_latex

pytestmark = pytest.mark.skipif(
    not shutil.which("pdflatex"), reason="pdflatex is absent: apt-get install texlive-latex-base"
)
PAGE = r"""\documentclass[%s]{article}
\usepackage[letterpaper, textwidth=%gin, textheight=9in]{geometry}
\usepackage{array, booktabs, longtable}
\begin{document}
%s
\end{document}
"""
WORDS = "shrinks: 0.00164 a layer, predicted 0.00160; 10 across 4 layers; nothing is left of it"


def typeset(folder, text, *, option="10pt", width=6.5):
    (folder / "paper.tex").write_text(PAGE % (option, width, text))
    for _ in range(3):  # until longtable knows how wide its columns are
        said = run_latex("pdflatex", folder, *OPTIONS)
    return said


def table_of(columns, rows, *, prose=0):
    drawn = np.random.default_rng(0).lognormal(0.0, 9.0, (rows, columns))
    table = pd.DataFrame(-drawn, columns=[f"backward expected {i}" for i in range(columns)])
    for place in range(prose):
        table.insert(place, f"what is said {place}", [WORDS[i % 9 :] for i in range(rows)])
    table.insert(0, "claim", [f"factor-backward-normal-0-005-wide-{i}" for i in range(rows)])
    return Listing("t", "A caption.", table)


@pytest.mark.parametrize("option", ["10pt", "12pt", "10pt,twocolumn"])
@pytest.mark.parametrize("width", [5.5, 6.75])
def test_no_table_stands_out(tmp_path, option, width):
    shapes = [(1, 3, 0), (5, 60, 0), (9, 3, 1), (9, 60, 2), (14, 50, 0), (20, 4, 3)]
    tables = [to_latex(table_of(n, rows, prose=prose), "demo", width) for n, rows, prose in shapes]
    assert too_large(typeset(tmp_path, "\n".join(tables), option=option, width=width)) == []


def test_a_table_as_wide_as_the_page_is_seen_to_stand_out(tmp_path):
    """What the test above trusts: a table for 6.75 inches overfills a page of 5.5."""
    text = to_latex(table_of(9, 60, prose=2), "demo", 6.75)
    assert too_large(typeset(tmp_path, text, width=5.5))


def test_widths_are_those_of_computer_modern(tmp_path):
    texts = ["".join(map(chr, range(33, 127))), "normal 0.005", "factor-backward-normal"]
    numbers = ["-1.5e-07", "0.00164", "12.5e+10", "-3"]
    set_ = [*map(escape_latex, texts), *map(typeset_latex, numbers)]
    lines = [rf"\sbox0{{{one}}}\typeout{{width \the\wd0}}" for one in set_]
    said = typeset(tmp_path, "\n".join(lines))
    points = [float(line[6:-2]) for line in said.splitlines() if line.startswith("width ")]
    counted = [10 * text_width(text) for text in texts] + [10 * number_width(n) for n in numbers]
    assert len(points) == len(counted)
    for measured, expected in zip(points, counted, strict=True):
        # A letter is counted to 0.3 of a point, ligatures and kerns are not.
        assert measured <= expected + 0.5
        assert expected <= 1.06 * measured + 1.0
