"""Formulas as MathML, which browsers draw by themselves: no page needs the network."""

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


def setup(app: Sphinx) -> None:
    """Registers the drawing of formulas under the name `mathml`."""
    app.add_html_math_renderer("mathml", (_show_inline, None), (_show_block, None))


def _show_inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def _show_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    formula = convert(node.astext(), display="block")
    # Room above and below: the theme lets a wide formula scroll, and a high one must not.
    translator.body.append(f'<div style="padding-block: 0.5em">{formula}</div>\n')
    raise nodes.SkipNode
