"""Compiles the LaTeX that docs/reports.md shows, with all of a report, in one column and in two.

Needs pdflatex and bibtex:

    python -m scripts.paper reports/smoke
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from initlab.figures.style import WIDE
from initlab.figures.venues import venue_width
from initlab.report.record import read_record

DOCUMENT = Path(__file__).parents[1] / "docs" / "reports.md"
PROGRAMS = ("pdflatex", "bibtex")
_SHOWN = re.compile(r"^```latex\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NAMED = re.compile(r"\{reports/\w+/(?:(tables|figures)/)?([^{}]*)\}")
_KEYS = re.compile(r"^@\w+\{([^,]+),", re.MULTILINE)
_OPTIONS = ("-interaction=nonstopmode", "-halt-on-error")
_TOO_WIDE = re.compile(r"Overfull \\hbox \(([0-9.]+)pt too wide\).*")
_TOO_HIGH = re.compile(r"LaTeX Warning: Float too large.*")
_ALLOWED = 1.0  # points by which a line may stand out: less than is seen
_FIGURE = (
    r"\begin{{figure*}}\centering\includegraphics{{{}}}\caption{{{}}}\end{{figure*}}\clearpage"
)
_CAPTION = "The words that stand below a figure and say what is drawn, in two lines or three. " * 3


def paper_of(shown: str, bundle: Path, columns: int) -> str:
    """Returns a whole document around lines of LaTeX, of another report than they speak of.

    A table or a figure that this report lacks is replaced by its first. All its tables and figures
    follow, these with a caption, and every work in its `cite.bib` is cited. The text is as wide as
    that of the report's venue, and 9 inches high.

    Args:
        shown: the lines, which speak of files in `reports/<name>/`.
        bundle: the report's folder.
        columns: of a page: 1 or 2.

    Raises:
        ValueError: if the lines want a table or a figure, and the report has none.
    """
    lines = [_NAMED.sub(lambda found: _own(found, bundle), line) for line in shown.splitlines()]
    preamble = [line for line in lines if line.startswith(r"\usepackage")]
    body = [line for line in lines if line not in preamble]
    if any(line.startswith(r"\bibliography{") for line in body):
        keys = _KEYS.findall((bundle / "cite.bib").read_text(encoding="utf-8"))
        body = [rf"\cite{{{','.join(keys)}}}", r"\bibliographystyle{plain}", *body]
    return "\n".join(
        [
            rf"\documentclass[{('onecolumn', 'twocolumn')[columns - 1]}]{{article}}",
            rf"\usepackage[letterpaper, {_sizes(bundle)}]{{geometry}}",
            r"\usepackage{array, booktabs, graphicx, longtable}",
            *preamble,
            r"\begin{document}\sloppy",
            *_everything(bundle),
            *body,
            r"\end{document}",
            "",
        ]
    )


def _everything(bundle: Path) -> Iterator[str]:
    """Yields what sets every table and every figure of a report."""
    for table in sorted((bundle / "tables").glob("*.tex")):
        yield rf"\input{{reports/{bundle.name}/tables/{table.stem}}}"
    yield r"\clearpage"
    for figure in sorted((bundle / "figures").glob("*.pdf")):
        yield _FIGURE.format(f"reports/{bundle.name}/figures/{figure.stem}", _CAPTION)


def _sizes(bundle: Path) -> str:
    """Returns how large a page's text is for which a report's figures are drawn."""
    venue = read_record(bundle)["venue"]
    return f"textwidth={venue_width(venue) if venue else WIDE:g}in, textheight=9in"


def compile_paper(shown: str, bundle: Path, folder: Path, columns: int = 1) -> Path:
    """Returns the PDF that lines of LaTeX come to with a report, as an author would compile it.

    Args:
        shown: the lines, as `paper_of` takes them.
        bundle: the report's folder.
        folder: an empty one, which `paper.tex` and what comes of it are written to.
        columns: of a page: 1 or 2.

    Raises:
        RuntimeError: if LaTeX stops or a reference stays undefined, with the end of the log; if
            anything is more than a point wider than its line, or higher than a page, with that.
    """
    (folder / "reports").mkdir()
    (folder / "reports" / bundle.name).symlink_to(bundle.resolve(), target_is_directory=True)
    text = paper_of(shown, bundle, columns)
    (folder / "paper.tex").write_text(text, encoding="utf-8")
    latex = ("pdflatex", *_OPTIONS)
    told = _run(latex, folder)
    if r"\bibliography{" in text:
        _run(("bibtex",), folder)
        _run(latex, folder)
        told = _run(latex, folder)
    if "undefined" in told:
        raise RuntimeError(f"A reference is undefined:\n{told[-3000:]}")
    if faults := too_large(told):
        raise RuntimeError(f"{columns} column(s): what does not fit:\n" + "\n".join(faults))
    return folder / "paper.pdf"


def too_large(told: str) -> list[str]:
    """Returns what LaTeX said of boxes more than a point too wide, and of floats too high."""
    wide = [found[0] for found in _TOO_WIDE.finditer(told) if float(found[1]) > _ALLOWED]
    return [*wide, *_TOO_HIGH.findall(told)]


def shown_lines(document: Path = DOCUMENT) -> list[str]:
    """Returns the LaTeX blocks of a document."""
    return _SHOWN.findall(document.read_text(encoding="utf-8"))


def _own(named: re.Match[str], bundle: Path) -> str:
    """Returns the path of a file of the report, in place of the one that is named."""
    kind, name = named[1], named[2]
    if kind is None:
        return f"{{reports/{bundle.name}/{name}}}"
    ending = "tex" if kind == "tables" else "pdf"
    own = sorted(path.stem for path in (bundle / kind).glob(f"*.{ending}"))
    if not own:
        raise ValueError(f"{bundle} has no {kind}.")
    return f"{{reports/{bundle.name}/{kind}/{name if Path(name).stem in own else own[0]}}}"


def _run(words: Sequence[str], folder: Path) -> str:
    """Returns what a program of LaTeX's printed."""
    program = shutil.which(words[0])
    if program is None:
        raise RuntimeError(f"{words[0]} is absent: apt-get install texlive-latex-recommended")
    done = subprocess.run(  # noqa: S603
        [program, *words[1:], "paper"],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the command line, and compiles every LaTeX block of docs/reports.md."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bundle", type=Path, help="a report's folder")
    bundle = parser.parse_args(arguments).bundle
    if missing := [name for name in PROGRAMS if shutil.which(name) is None]:
        print(f"{' and '.join(missing)}: absent, no paper was compiled", file=sys.stderr)
        return
    for shown, columns in product(shown_lines(), (1, 2)):
        with tempfile.TemporaryDirectory() as folder:
            size = compile_paper(shown, bundle, Path(folder), columns).stat().st_size
        print(f"A paper with all of {bundle}, in {columns} column(s): {size:,d} bytes")


if __name__ == "__main__":
    main()
