"""What a bundle holds for a paper goes through LaTeX: tables, figures, methods, citations."""

import re
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from initlab.analysis.findings import Listing
from initlab.report.inputs import writer_versions
from initlab.report.write import write_report

from .hostile import HOSTILE as EVERY
from .latex import OPTIONS, run_latex
from .sample import RECORDED, SPEC, load_sample, make_results

HOSTILE = [text for text in EVERY if "\ud800" not in text]
pytestmark = pytest.mark.skipif(
    not (shutil.which("pdflatex") and shutil.which("bibtex")),
    reason="pdflatex and bibtex are absent: apt-get install texlive-latex-recommended",
)
PAPER = r"""\documentclass[%s]{article}
%s
\usepackage{array, booktabs, graphicx, longtable}
\begin{document}
\listoftables
\input{bundle/methods}
We rely on \cite{%s}.
\input{bundle/tables/accuracies}
\input{bundle/tables/long}
Table~\ref{tab:demo:accuracies} and \ref{tab:demo:long}.
\begin{figure}
\includegraphics{bundle/figures/profile}
\end{figure}
\bibliographystyle{plain}
\bibliography{bundle/cite}
\end{document}
"""


@pytest.fixture
def typeset(tmp_path, findings):
    """Writes a bundle and a paper that uses it, and returns the log and the bibliography."""

    def typeset(findings=findings, *, question="Does it hold?", preamble="", option="", **fields):
        results = load_sample(make_results(tmp_path / "results" / "demo", **RECORDED | fields))
        long = Listing("long", "Many rows.", pd.DataFrame({"row": range(50)}))
        bundle = write_report(
            "demo",
            question,
            results,
            replace(findings, listings=(*findings.listings, long)),
            tmp_path / "bundle",
            spec_text=SPEC,
            command="initlab run demo",
        )
        keys = re.findall(r"^@\w+\{([^,]+),", (bundle / "cite.bib").read_text(), re.MULTILINE)
        (tmp_path / "paper.tex").write_text(PAPER % (option, preamble, ",".join(keys)))
        for program in ("pdflatex", "bibtex", "pdflatex", "pdflatex"):
            options = (*OPTIONS, "-recorder") if program == "pdflatex" else ()
            said = run_latex(program, tmp_path, *options)
        return said, (tmp_path / "paper.bbl").read_text()

    return typeset


@pytest.mark.parametrize("option", ["onecolumn", "twocolumn"])
def test_paper_that_takes_a_table_a_figure_and_the_citations_compiles(typeset, option):
    log, bibliography = typeset(option=option, question="Does It hold?")
    assert "undefined" not in log
    assert "Output written on paper.pdf" in log
    assert bibliography.count("\\bibitem") == 4
    assert "Does It hold?" in bibliography
    assert f"Software, version {writer_versions()['initlab']}" in bibliography.replace("\n", " ")


@pytest.mark.parametrize("preamble", ["", r"\usepackage[T1]{fontenc}"])
def test_hostile_texts_compile_and_run_nothing(typeset, findings, preamble, tmp_path):
    texts = [*HOSTILE, "\u4e2d\u6587 \u05d0\u05d1", "\\write18{ls}", "^^M^^5cinput x", "%", "}"]
    table = pd.DataFrame(
        {"label": texts, **{f"{mark} {i}": 1.5 for i, mark in enumerate(texts[:4])}}
    )
    hostile = replace(findings, listings=(Listing("accuracies", " ".join(texts), table),))
    log, _ = typeset(hostile, question=" ".join(texts), preamble=preamble, device=texts[0])
    assert "undefined" not in log
    read = (tmp_path / "paper.fls").read_text()
    assert "bundle/tables/accuracies" in read
    assert "passwd" not in read
