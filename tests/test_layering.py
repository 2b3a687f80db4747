"""The arrows between the parts of initlab go one way, read off the imports."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent

# A module imports its own layer and those before it.
LAYERS = (
    ("errors", "filters"),
    ("spec", "architectures"),
    ("initializers", "activations", "theory", "data"),
    ("models", "measure"),
    ("train",),
    ("store",),
    ("analysis",),
    ("figures",),
    ("report",),
    ("exports",),
    ("laws",),
    ("worker",),
    ("replay",),
    ("engines",),
    ("cli",),
)
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}
READERS = ("analysis", "figures", "report", "exports")
RUNNERS = ("initializers", "activations", "theory", "models", "measure", "train")
COMPILED = ("jax", "jaxlib", "flax", "optax")
HEAVY = (*COMPILED, "matplotlib", "pandas", "pyarrow", "sklearn")
ROOT_NAMES = ("__version__", "load_results")  # what initlab/__init__.py itself offers
BANNED = {
    "spec": COMPILED,
    "architectures": COMPILED,
    "store": COMPILED,
    **dict.fromkeys(READERS, (*COMPILED, *(f"initlab.{runner}" for runner in RUNNERS))),
}


class Import(NamedTuple):
    """One imported module, and whether that happens inside a function."""

    module: str
    lazy: bool

    def within(self, *packages: str) -> bool:
        """Tells whether the module is one of `packages`, or lies in one."""
        return any(f"{self.module}.".startswith(f"{package}.") for package in packages)

    @property
    def part(self) -> str | None:
        """The part of initlab that is imported, if one is."""
        top, _, rest = self.module.partition(".")
        return rest.partition(".")[0] if top == "initlab" and rest else None


def names_imported_from(base: str, names: list[str], root: Path) -> list[str]:
    """Returns the modules that `from base import names` loads."""
    if base == "initlab":
        return [base if name in ROOT_NAMES else f"initlab.{name}" for name in names]
    folder = root.joinpath(*base.split("."))
    inner = [(folder / name).is_dir() or (folder / f"{name}.py").is_file() for name in names]
    return [f"{base}.{name}" if there else base for name, there in zip(names, inner, strict=True)]


def imports(path: Path, root: Path = ROOT) -> list[Import]:
    """Returns every import of the file, wherever it stands, with absolute names."""
    tree = ast.parse(path.read_text(), str(path))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    lazy = {id(inner) for function in functions for inner in ast.walk(function)}
    package = path.relative_to(root).parent.parts
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *filter(None, [node.module])])
            modules = names_imported_from(base, [alias.name for alias in node.names], root)
        else:
            continue
        found += [Import(module, id(node) in lazy) for module in modules]
    return found


def part_files(part: str, root: Path = ROOT) -> list[Path]:
    module = root / "initlab" / f"{part}.py"
    return [module] if module.is_file() else sorted((root / "initlab" / part).rglob("*.py"))


def offences(part: str, root: Path = ROOT) -> list[str]:
    """Returns a line for each import that points up the way of the data."""
    lines = []
    for path in part_files(part, root):
        for imported in imports(path, root):
            # A part without a place in the order is taken for the last.
            level = 0 if imported.part is None else LEVEL.get(imported.part, len(LAYERS))
            refused = level > LEVEL[part] or imported.within("experiments", *BANNED.get(part, ()))
            if refused:
                lines.append(f"{path.relative_to(root)} imports {imported.module}")
    return lines


def loaded(modules: list[str], suspects: tuple[str, ...]) -> list[str]:
    """Returns those of `suspects` that a fresh interpreter loads when it imports `modules`."""
    code = (
        f"import importlib, sys\nfor name in {modules}: importlib.import_module(name)\n"
        f"print(*sorted(set({suspects}) & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("part", LEVEL)
def test_part_imports_nothing_that_comes_after_it(part):
    code = [path for path in part_files(part) if path.read_text().strip()]
    assert code, f"initlab/{part} has no code: is it renamed?"
    assert offences(part) == []


def test_every_part_has_its_place_in_the_order():
    package = ROOT / "initlab"
    found = {path.stem for path in package.glob("*.py")}
    found |= {path.parent.name for path in package.glob("*/*.py")}
    assert found - {"__init__", "__main__"} <= set(LEVEL)


def test_nothing_imports_experiments():
    folders = ("initlab", "tests", "benchmarks", "experiments")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    assert paths
    assert [path for path in paths if any(i.within("experiments") for i in imports(path))] == []


def test_analyses_of_experiments_import_the_reading_half_alone():
    paths = sorted((ROOT / "experiments").glob("*/analysis.py"))
    assert paths, "no experiment has an analysis: is experiments/ renamed?"
    for path in paths:
        for imported in imports(path):
            allowed = (None, "errors", "store", *READERS)
            assert imported.part in allowed, f"{path} imports {imported.module}"
            assert not imported.within(*COMPILED), f"{path} imports {imported.module}"


def test_reading_half_does_not_load_jax():
    paths = [path for part in ("store", *READERS) for path in part_files(part)]
    assert paths, "the reading half has no modules"
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    assert loaded([name.removesuffix(".__init__") for name in names], COMPILED) == []


def test_command_line_starts_without_the_heavy_libraries():
    assert loaded(["initlab.cli"], HEAVY) == []


def test_whether_a_sweep_is_done_is_asked_without_the_heavy_libraries():
    asked = ["initlab.cli", "initlab.spec.load", "initlab.spec.plan", "initlab.store"]
    assert loaded(asked, (*HEAVY, "numpy", "rich.progress")) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("spec/schema.py", "import jax"),
        ("spec/schema.py", "from initlab.models import mlp"),
        ("spec/plan.py", "from initlab import models"),
        ("spec/plan.py", "def plan():\n    import jax"),
        ("store/query.py", "def read():\n    from jax import numpy"),
        ("train/loop.py", "from ..store import publish"),
        ("figures/depth_profile.py", "from initlab.theory import meanfield"),
        ("figures/depth_profile.py", "from initlab import activations"),
        ("report/html.py", "from optax import sgd"),
        ("analysis/fates.py", "import initlab.figures.style"),
        ("analysis/fates.py", "from experiments.depth import analysis"),
        ("analysis/fates.py", "from initlab import unheard_of"),
    ],
)
def test_an_arrow_that_points_up_is_seen(tmp_path, file, line):
    assert (ROOT / "initlab" / file).is_file(), "the example is of a file that is no more"
    path = tmp_path / "initlab" / file
    path.parent.mkdir(parents=True)
    path.write_text(line)
    assert len(offences(path.parent.name, tmp_path)) == 1


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("report/html.py", "from initlab import __version__, figures, store"),
        ("train/loop.py", "import jax\nfrom . import optimizer\nfrom initlab.data import digits"),
        ("analysis/fates.py", "import jaxtyping\nfrom initlab.spec.schema import RunSpec"),
    ],
)
def test_an_arrow_that_points_down_is_let_be(tmp_path, file, line):
    assert (ROOT / "initlab" / file).is_file(), "the example is of a file that is no more"
    path = tmp_path / "initlab" / file
    path.parent.mkdir(parents=True)
    path.write_text(line)
    assert offences(path.parent.name, tmp_path) == []
