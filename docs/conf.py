"""How the documentation becomes pages: `make docs` writes them to build/docs/html."""

from pathlib import Path

from sphinx.application import Sphinx

import initlab
from scripts.site.fields import fields
from scripts.site.gallery import gallery
from scripts.site.reference import commands, tables

_HERE = Path(__file__).parent
_MADE = _HERE / "made"
_GALLERY = ("signal_propagation", "smoke")  # the reports that `make docs` writes before

project = "initlab"
author = "The initlab developers"
version = release = initlab.__version__
extensions = ["myst_parser", "scripts.site.mathml"]
html_math_renderer = "mathml"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["conf.py"]
html_theme = "furo"
html_title = f"initlab {release}"
html_show_sphinx = False


def _make(app: Sphinx) -> None:
    """Writes the pages that are made."""
    _MADE.mkdir(exist_ok=True)
    reports = [_HERE.parent / "build" / "docs" / "reports" / name for name in _GALLERY]
    pages = {
        "commands.md": commands(),
        "fields.md": fields(),
        "tables.md": tables(),
        "gallery.md": gallery(reports, _MADE / "images"),
    }
    for name, text in pages.items():
        (_MADE / name).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Registers the making of pages before any is read."""
    app.connect("builder-inited", _make)
