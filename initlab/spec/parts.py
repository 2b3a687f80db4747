"""The author's own laws: names and digest of an experiment's `parts.py`, read and never run here."""

import ast
import hashlib
from dataclasses import dataclass
from pathlib import Path

from initlab.errors import SpecError

TABLES = ("INITIALIZERS", "ACTIVATIONS")


@dataclass(frozen=True)
class Parts:
    """What `parts.py` offers: its path, its digest and the names in its two tables."""

    path: Path
    sha256: str
    initializers: tuple[str, ...]
    activations: tuple[str, ...]


def read_parts(folder: Path) -> Parts | None:
    """Returns the names that `folder/parts.py` declares, or None where there is no such file.

    The file is parsed, not executed: `INITIALIZERS` and `ACTIVATIONS` have to be literal
    dicts with literal names as keys.

    Raises:
        SpecError: if the file does not parse or a table is not such a dict.
    """
    path = folder / "parts.py"
    if not path.is_file():
        return None
    source = path.read_bytes()
    try:
        tree = ast.parse(source, filename=str(path))
    except (SyntaxError, ValueError) as error:
        raise SpecError((f"{path}: does not parse as Python: {error}",)) from error
    names = {table: _names_of(tree, table, path) for table in TABLES}
    return Parts(
        path=path,
        sha256=hashlib.sha256(source).hexdigest(),
        initializers=names["INITIALIZERS"],
        activations=names["ACTIVATIONS"],
    )


def _names_of(tree: ast.Module, table: str, path: Path) -> tuple[str, ...]:
    """Returns the keys of the literal dict assigned to `table`, none where it is absent."""
    for node in tree.body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else []
        if isinstance(node, ast.Assign):
            targets = [target for target in node.targets if isinstance(target, ast.Name)]
        if not any(isinstance(target, ast.Name) and target.id == table for target in targets):
            continue
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        keys = value.keys if isinstance(value, ast.Dict) else [None]
        if all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in keys):
            return tuple(key.value for key in keys if isinstance(key, ast.Constant))
        raise SpecError((f"{path}: `{table}` must be a literal dict with names as keys.",))
    return ()
