"""Specifications from files: an experiment's folder becomes a sweep, with overrides."""

import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from initlab.errors import SpecError
from initlab.spec.laws import LAW_NAMES, RECIPE_NAMES
from initlab.spec.nonlinearities import ACTIVATION_NAMES
from initlab.spec.overrides import apply_overrides
from initlab.spec.parts import Parts, read_parts
from initlab.spec.problems import did_you_mean
from initlab.spec.source import read_source
from initlab.spec.sweep import Sweep, parse_sweep

EXPERIMENTS = Path("experiments")
SWEEP, SOURCE = "sweep.toml", "source.toml"


def load_sweep(
    experiment: str, *, overrides: Sequence[str] = (), seeds: int | None = None
) -> Sweep:
    """Returns the sweep of an experiment.

    Args:
        experiment: a folder's name under `experiments/`, the path of a folder anywhere, or that of
            another TOML file than `sweep.toml` in one.
        overrides: `key=value` texts: a field (`steps=10`, `depth=[5, 10]`), or a dotted path
            (`base.width=64`, `measure.steps=every`). A value is read as TOML, else as text.
        seeds: replaces the number of seeds.

    Raises:
        SpecError: with every fault that was found, each with file and path.
    """
    path = find_sweep(experiment)
    folder = path.parent
    content, text = _read(path)
    problems = apply_overrides(content, overrides)
    options = [f"--set {override}" for override in overrides]
    if seeds is not None:
        content["seeds"] = seeds
        options.append(f"--seeds {seeds}")
    try:
        parts = read_parts(folder)
    except SpecError as error:  # which names there are is not known then
        raise SpecError((*problems, *error.problems)) from error
    problems += _shadows(parts)
    return parse_sweep(
        content,
        name=sweep_name(path),
        source=f"{path} with {' '.join(options)}" if options else str(path),
        text=_annotated(text, options),
        folder=folder,
        parts=parts,
        earlier=problems,
    )


def find_sweep(experiment: str) -> Path:
    """Returns the file that declares the sweep that `experiment` names.

    Raises:
        SpecError: naming what is there, if there is no such file, nor folder with a `sweep.toml`.
    """
    for path in (EXPERIMENTS / experiment, Path(experiment)):
        if _holds_sweep(path):
            return path / SWEEP
        if path.suffix == ".toml" and os.path.lexists(path):
            return path
    known = list_experiments()
    raise SpecError(
        f"no experiment {experiment!r}: neither `experiments/{experiment}` nor the folder "
        f"`{experiment}` holds a `sweep.toml`.{did_you_mean(experiment, known)} "
        f"Known here: {', '.join(known) or 'none'}."
    )


def sweep_name(path: Path) -> str:
    """Returns the name of the sweep in a file: its folder's, with the file's behind it if several.

    >>> sweep_name(Path("/lab/transfer/sweep.toml")), sweep_name(Path("/lab/transfer/source.toml"))
    ('transfer', 'transfer_source')
    """
    folder = path.resolve().parent.name
    return folder if path.name == SWEEP else f"{folder}_{path.stem}"


def source_of(sweep: Sweep) -> Path | None:
    """Returns the file of the sweep that makes a sweep's checkpoints, None where there is none.

    It is the `source.toml` beside a sweep of which runs start from checkpoints.
    """
    if sweep.folder is None or not sweep.is_pretrained:
        return None
    path = sweep.folder / SOURCE
    return path if path.is_file() and sweep_name(path) != sweep.name else None


def list_experiments() -> list[str]:
    """Returns the names of the experiments in `experiments/`, sorted."""
    return sorted(folder.name for folder in EXPERIMENTS.glob("*") if _holds_sweep(folder))


def _holds_sweep(folder: Path) -> bool:
    """Tells whether a folder has a `sweep.toml`, be it a broken link."""
    return os.path.lexists(folder / SWEEP)


def _read(path: Path) -> tuple[dict[str, Any], str]:
    """Returns the tables and the text of a TOML file."""
    source = read_source(path)
    try:
        text = source.decode("utf-8-sig")
        # With a line's end after the last line, every message of the reader names its line.
        return tomllib.loads(f"{text}\n"), text
    except UnicodeDecodeError as error:
        raise SpecError(f"{path}: is not TOML: byte {error.start} is not UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise SpecError(f"{path}: is not TOML: {error}.") from error


def _annotated(text: str, options: list[str]) -> str:
    """Returns the text with a comment that names what overrides it, if anything does."""
    if not options:
        return text
    return f"# Overridden on the command line: {' '.join(' '.join(options).split())}\n{text}"


def _shadows(parts: Parts | None) -> list[str]:
    """Returns a sentence for each of an author's names that the lab has given already."""
    if parts is None:
        return []
    known = (*LAW_NAMES, *RECIPE_NAMES)
    shadows = [("INITIALIZERS", name) for name in parts.initializers if name in known]
    shadows += [("ACTIVATIONS", name) for name in parts.activations if name in ACTIVATION_NAMES]
    return [
        f"{parts.path}: `{table}` names {name!r}, which the lab has already; choose another name."
        for table, name in shadows
    ]
