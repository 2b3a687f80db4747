"""A listing's columns as they are printed, which every form of a table is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype, is_numeric_dtype

from initlab.analysis.findings import Listing
from initlab.report.check import ReportError
from initlab.report.numbers import print_column
from initlab.report.text import one_line

_PROSE = 30  # letters of a cell from which its column is wrapped


@dataclass(frozen=True)
class Column:
    """A column as it is printed; an empty cell is a value that is not there."""

    name: str
    cells: tuple[str, ...]
    numeric: bool

    @property
    def prose(self) -> bool:
        """Whether it has cells that are wrapped where there is little room."""
        return not self.numeric and any(len(cell) > _PROSE for cell in self.cells)


def print_columns(listing: Listing) -> list[Column]:
    """Returns the columns of a listing as text, its named index first."""
    table = flat(listing)
    return [_print(name, table.iloc[:, position]) for position, name in enumerate(table.columns)]


def flat(listing: Listing) -> pd.DataFrame:
    """Returns the table with a named or textual index as columns, and one line of column names."""
    table = listing.table
    if any(table.index.names) or not is_numeric_dtype(table.index.dtype):
        table = table.reset_index(names=[name or "" for name in table.index.names])
    table = table.set_axis([_column_name(name) for name in table.columns], axis=1)
    repeated = sorted(set(table.columns[table.columns.duplicated()]))
    if repeated:
        raise ReportError(f"table {listing.name!r} has the column {repeated[0]!r} twice.")
    return table


def _column_name(name: Any) -> str:
    parts = name if isinstance(name, tuple) else (name,)
    return one_line(" ".join(str(part) for part in parts))


def _print(name: str, values: "pd.Series[Any]") -> Column:
    kind = values.dtype
    if is_bool_dtype(kind):
        return Column(name, _each(values, lambda value: "yes" if value else "no"), numeric=False)
    if is_integer_dtype(kind):
        return Column(name, _each(values, lambda value: str(int(value))), numeric=True)
    known = values.dropna()
    plain = len(known) > 0 and all(type(value) in (int, float) for value in known)
    if is_float_dtype(kind) or plain:
        numbers = [float("nan") if pd.isna(value) else float(value) for value in values]
        return Column(name, tuple(print_column(numbers)), numeric=True)
    return Column(name, _each(values, lambda value: one_line(str(value))), numeric=False)


def _each(values: "pd.Series[Any]", to_text: Callable[[Any], str]) -> tuple[str, ...]:
    return tuple("" if pd.isna(value) else to_text(value) for value in values)
