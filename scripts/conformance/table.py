"""The table of one framework, as Markdown that is also readable as it is."""

from scripts.conformance.framework import Framework, Named
from scripts.conformance.measuring import Cell


def section(framework: Framework) -> str:
    """Returns the heading, the table, and how many of its cells depart."""
    rows = [(named, framework.row(named)) for named in framework.initializers]
    heads = ["initializer", "stated variance", *(layer.name for layer in framework.layers)]
    lines = [heads, ["---"] * len(heads), *(line(named, cells) for named, cells in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    known = [cell for _, cells in rows for cell in cells if cell]
    table = "\n".join(
        f"| {' | '.join(word.ljust(width) for word, width in zip(each, widths, strict=True))} |"
        for each in lines
    )
    departing = sum(cell.departs for cell in known)
    return f"## {framework.title}\n\n{table}\n\n{departing} of {len(known)} depart.\n"


def line(named: Named, cells: list[Cell | None]) -> list[str]:
    """Returns the words of one row."""
    return [named.written, named.law.formula, *map(word, cells)]


def word(cell: Cell | None) -> str:
    """Returns a factor with its tolerance, or marked as departing."""
    if cell is None:
        return ""
    if cell.departs:
        return f"**departs: x {cell.factor:.4g}**"
    return f"{cell.factor:.4f} ± {cell.tolerance:.4f}"
