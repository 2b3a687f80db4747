"""Specifications from files: an experiment's folder becomes a sweep, with overrides."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from initlab.errors import SpecError
from initlab.spec.parts import read_parts
from initlab.spec.problems import did_you_mean
from initlab.spec.sweep import AXIS_FIELDS, Sweep, SweepFile, parse_sweep

MAX_BYTES = 1_000_000
EXPERIMENTS = Path("experiments")


def load_sweep(
    experiment: str, *, overrides: Sequence[str] = (), seeds: int | None = None
) -> Sweep:
    """Returns the sweep of an experiment.

    Args:
        experiment: a folder's name under `experiments/`, or the path of a folder anywhere.
        overrides: `key=value` texts: a field (`steps=10`, `depth=[5, 10]`), or a dotted path
            (`base.width=64`, `measure.steps=every`). A value is read as TOML, else as text.
        seeds: replaces the number of seeds.

    Raises:
        SpecError: with every fault that was found, each with file and path.
    """
    folder = find_experiment(experiment)
    path = folder / "sweep.toml"
    content, text = _read(path)
    problems = [fault for override in overrides if (fault := _override(content, override))]
    if problems:
        raise SpecError(tuple(problems))
    if seeds is not None:
        content["seeds"] = seeds
    return parse_sweep(
        content,
        name=folder.resolve().name,
        source=str(path),
        text=text,
        folder=folder,
        parts=read_parts(folder),
    )


def find_experiment(experiment: str) -> Path:
    """Returns the folder that `experiment` names.

    Raises:
        SpecError: naming what is there, if there is no such folder with a `sweep.toml`.
    """
    for folder in (EXPERIMENTS / experiment, Path(experiment)):
        if "\0" not in experiment and (folder / "sweep.toml").is_file():
            return folder
    known = list_experiments()
    raise SpecError(
        (
            f"no experiment {experiment!r}: neither `experiments/{experiment}` nor the folder "
            f"`{experiment}` holds a `sweep.toml`.{did_you_mean(experiment, known)} "
            f"Known here: {', '.join(known) or 'none'}.",
        )
    )


def list_experiments() -> list[str]:
    """Returns the names of the experiments in `experiments/`, sorted."""
    return sorted(path.parent.name for path in EXPERIMENTS.glob("*/sweep.toml"))


def _read(path: Path) -> tuple[dict[str, Any], str]:
    """Returns the tables and the text of a TOML file."""
    if path.stat().st_size > MAX_BYTES:
        raise SpecError((f"{path}: is larger than {MAX_BYTES:,} bytes.",))
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), text
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError((f"{path}: is not TOML: {error}",)) from error


def _override(content: dict[str, Any], override: str) -> str | None:
    """Applies one `key=value` in place, or returns what is wrong with it."""
    key, equals, text = override.partition("=")
    key = key.strip()
    if not equals or not key:
        return f"--set {override}: must have the form key=value, as in --set steps=10."
    value = _value(text.strip())
    *tables, name = key.split(".")
    if not tables:
        return _override_field(content, name, value)
    target = content
    for table in tables:
        target = target.setdefault(table, {})
        if not isinstance(target, dict):
            return f"--set {override}: `{table}` is not a table."
    target[name] = value
    return None


def _override_field(content: dict[str, Any], name: str, value: Any) -> str | None:
    """Sets a field wherever the sweep declares it: a swept one keeps being an axis."""
    if name in SweepFile.model_fields and name not in ("base", "axes"):
        content[name] = value
    elif name not in AXIS_FIELDS:
        known = (*AXIS_FIELDS, "seeds", "question")
        return f"--set {name}: unknown field.{did_you_mean(name, known)} Known: {', '.join(known)}."
    elif name in content.get("axes", {}):
        content["axes"][name] = value if isinstance(value, list) else [value]
    elif isinstance(value, list):
        content.get("base", {}).pop(name, None)
        content.setdefault("axes", {})[name] = value
    else:
        content.setdefault("base", {})[name] = value
    return None


def _value(text: str) -> Any:
    """Reads a TOML value; a bare word is text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
