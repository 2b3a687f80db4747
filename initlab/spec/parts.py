"""The author's own laws: names and digest of an experiment's `parts.py`, read and not run."""

import ast
import hashlib
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from initlab.errors import SpecError
from initlab.spec.source import read_source

TABLES = ("INITIALIZERS", "ACTIVATIONS")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True)
class Parts:
    """What `parts.py` offers: its path, its digest, the names in its two tables, their lines."""

    path: Path
    sha256: str
    initializers: tuple[str, ...]
    activations: tuple[str, ...]
    lines: Mapping[str, int]


class LawContext(BaseModel):
    """What a validation may know besides the value: the experiment's own parts."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)
    parts: Parts | None = None


def parts_of(info: Any) -> Parts | None:
    """Returns the parts that the validation was given, if any."""
    return info.context.parts if isinstance(info.context, LawContext) else None


def read_parts(folder: Path) -> Parts | None:
    """Returns the names that `folder/parts.py` declares, or None where there is no such file.

    The file is parsed, not executed: `INITIALIZERS` and `ACTIVATIONS` have to be literal
    dicts with literal names as keys, each assigned once and outside of every block.

    Raises:
        SpecError: with every fault, if the file cannot be read or a table is not such a dict.
    """
    path = folder / "parts.py"
    if not os.path.lexists(path):
        return None
    source = read_source(path)
    tree = _parse(source, path)
    names: dict[str, tuple[str, ...]] = {}
    lines: dict[str, int] = {}
    problems: list[str] = []
    for table in TABLES:
        found = list(_names_of(tree, table))
        names[table] = tuple(name for name, _ in found)
        lines |= dict(found)
        problems += [f"{path}: {fault}" for fault in _faults_of(tree, table, names[table])]
    if problems:
        raise SpecError(problems)
    digest = hashlib.sha256(source).hexdigest()
    return Parts(path, digest, names["INITIALIZERS"], names["ACTIVATIONS"], lines)


def _parse(source: bytes, path: Path) -> ast.Module:
    """Returns the syntax tree of a source file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source, filename=path.name)
    except SyntaxError as error:
        where = f" (at line {error.lineno})" if error.lineno else ""
        raise SpecError(f"{path}: does not parse as Python: {error.msg}{where}.") from error
    except ValueError as error:
        raise SpecError(f"{path}: does not parse as Python: {error}.") from error
    except (MemoryError, RecursionError) as error:
        raise SpecError(f"{path}: does not parse as Python: too deeply nested.") from error


def _literals(tree: ast.Module, table: str) -> list[ast.Dict]:
    """Returns the dicts that are assigned to `table` alone, outside of every block."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.AnnAssign):
            targets: list[ast.expr] = [node.target]
        elif isinstance(node, ast.Assign):
            targets = node.targets
        else:
            continue
        named = [isinstance(target, ast.Name) and target.id == table for target in targets]
        if named == [True] and isinstance(node.value, ast.Dict):
            found.append(node.value)
    return found


def _names_of(tree: ast.Module, table: str) -> Iterator[tuple[str, int]]:
    """Yields the literal names in a table, in order, and the line of each."""
    for literal in _literals(tree, table):
        for key in literal.keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, key.lineno


def _faults_of(tree: ast.Module, table: str, names: tuple[str, ...]) -> Iterator[str]:
    """Yields what is wrong with a table: it has to be readable without running the file."""
    literals = _literals(tree, table)
    bound = sum(_binds(node, table) for node in ast.walk(tree))
    keys = sum(len(literal.keys) for literal in literals)
    if bound != len(literals) or bound > 1 or keys != len(names):
        yield (
            f"`{table}` must be assigned once, outside of every block, as a literal dict with "
            f'names as keys: {table} = {{"my_law": my_law}}.'
        )
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield f"`{table}` names {name!r} twice."
        if not NAME.fullmatch(name):
            yield (
                f"`{table}` names {name!r}: a name has 1 to 64 letters, digits and underscores, "
                "a letter first."
            )


def _binds(node: ast.AST, table: str) -> bool:
    """Tells whether a node gives `table` a value, or changes the dict that it has."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return name == table
        case ast.alias(name=name, asname=alias):
            return (alias or name) == table
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
            return name == table
        case ast.Attribute(value=ast.Name(id=name), attr="update" | "setdefault" | "pop" | "clear"):
            return name == table
    return False
