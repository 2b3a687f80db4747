"""Python of a document: its blocks run one after the other, and what a comment tells holds."""

import ast
import doctest
from collections.abc import Sequence

from .blocks import Block

_NOTHING = object()


def run(blocks: Sequence[Block]) -> dict[str, object]:
    """Runs a document's blocks in their order, in one namespace, and returns that.

    Of a value whose comment is a literal (`shape  # (3, 4)`) it checks that it equals it.
    """
    names: dict[str, object] = {}
    for block in blocks:
        if block.text.startswith(">>>"):
            _run_session(block, names)
        else:
            _run_lines(block, names)
    return names


def _run_session(block: Block, names: dict[str, object]) -> None:
    """Runs a block in which a person types and Python answers."""
    session = doctest.DocTestParser().get_doctest(
        block.text, names, str(block), block.document, block.line
    )
    told: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(session, out=told.append, clear_globs=False)
    assert not result.failed, "".join(told)
    names.update(session.globs)


def _run_lines(block: Block, names: dict[str, object]) -> None:
    lines = block.text.splitlines()
    tree = ast.parse(block.text, block.document)
    last_lines = [node.end_lineno or 0 for node in tree.body]
    ast.increment_lineno(tree, block.line)  # so that a fault is told with its line in the document
    for node, last in zip(tree.body, last_lines, strict=True):
        if not isinstance(node, ast.Expr):
            exec(compile(ast.Module([node], []), block.document, "exec"), names)  # noqa: S102
            continue
        value = eval(compile(ast.Expression(node.value), block.document, "eval"), names)  # noqa: S307
        told = _literal(lines[last - 1].rpartition("  # ")[2])
        if told is not _NOTHING:
            assert value == told, f"{block.document}:{block.line + last}"


def _literal(text: str) -> object:
    """Returns the value that a comment is, if it is one."""
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return _NOTHING
