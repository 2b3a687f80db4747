"""How the documentation becomes pages: `make docs` writes them to build/docs/html."""

from pathlib import Path

from sphinx.application import Sphinx

import initlab
from scripts.site.gallery import gallery
from scripts.site.reference import commands, tables

_HERE = Path(__file__).parent
_MADE = _HERE / "made"

project = "initlab"
author = "The initlab developers"
version = release = initlab.__version__
extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["conf.py"]
html_theme = "furo"
html_title = f"initlab {release}"
html_show_sphinx = False
# Links to what lies outside of docs/ lead to files of the repository, which pages do not have.
suppress_warnings = ["myst.xref_missing"]


def _make(app: Sphinx) -> None:
    """Writes the pages that are made."""
    _MADE.mkdir(exist_ok=True)
    root = _HERE.parent
    found = [
        *root.glob("build/docs/reports/*/provenance.json"),
        *root.glob("reports/*/provenance.json"),
    ]
    pages = {
        "commands.md": commands(),
        "tables.md": tables(),
        "gallery.md": gallery([path.parent for path in sorted(found)], _MADE / "images"),
    }
    for name, text in pages.items():
        (_MADE / name).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Registers the making of pages before any is read."""
    app.connect("builder-inited", _make)
