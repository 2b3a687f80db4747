"""The checkpoints that a sweep starts from: found, named by their digests, checked, read."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy.typing as npt
import pandas as pd

from initlab.errors import SpecError, StoreError
from initlab.spec.fit import fit
from initlab.spec.parameters import layer_parameters
from initlab.spec.pretrained import Pretrained
from initlab.spec.schema import RunSpec
from initlab.spec.sweep import Sweep
from initlab.store.checkpoints import LIMIT, Checkpoint, checkpoint_file, read_checkpoint
from initlab.store.durable import read_bounded
from initlab.store.query import Results, load_results
from initlab.store.verify import reason

MAX_FAULTS = 20


class Place(NamedTuple):
    """Where a checkpoint lies, and the SHA-256 of the file."""

    path: Path
    sha256: str


class Pretraining:
    """The checkpoints that the runs of a sweep name.

    Args:
        beside: the sweep's own results folder; results that a checkpoint names are looked for
            beside it first, then where this process works.
    """

    def __init__(self, beside: Path) -> None:
        self._beside = beside
        self._results = cache(load_results)
        self._digest = cache(_digest)
        self._read = cache(read_checkpoint)

    def bound(self, sweep: Sweep) -> Sweep:
        """Returns the sweep with the digest of each run's checkpoint in its law.

        Where one is not to be had the law stays as it is, and `unmet` of the sweep tells why.
        """
        unmet: dict[str, None] = {}
        runs = []
        for run in sweep.runs:
            law = run.initializer
            if isinstance(law, Pretrained):
                try:
                    run = _with_digest(run, self.find(law, run.seed).sha256)
                except StoreError as error:
                    unmet[str(error)] = None
            runs.append(run)
        return replace(sweep, runs=tuple(runs), unmet=tuple(unmet))

    def require(self, sweep: Sweep) -> None:
        """Reads every checkpoint of a bound sweep and compares it with the models that take it.

        Raises:
            SpecError: with everything that is missing, altered or does not fit.
        """
        faults = dict.fromkeys(sweep.unmet)
        asked = {
            (run.initializer, layer_parameters(run), run.removed_layers): run
            for run in sweep.runs
            if isinstance(run.initializer, Pretrained) and run.initializer.sha256
        }
        for run in asked.values():
            try:
                self.arrays(run)
            except SpecError as error:
                faults |= dict.fromkeys(error.problems)
            except StoreError as error:
                faults[str(error)] = None
        if faults:
            raise SpecError(tuple(faults))

    def arrays(self, run: RunSpec) -> Mapping[str, npt.NDArray[Any]]:
        """Returns the arrays that a run takes from its checkpoint, by the names of its own model.

        Raises:
            StoreError: if the checkpoint is not to be had, or was altered.
            SpecError: if it does not fit the run's model, with all that does not.
        """
        law = run.initializer
        if not isinstance(law, Pretrained):
            return {}
        if not law.sha256:
            raise StoreError(f"checkpoint {law.checkpoint!r} has no digest: it was not looked for.")
        path = self.find(law, run.seed).path
        checkpoint: Checkpoint = self._read(path, law.sha256)
        shapes = {name: array.shape for name, array in checkpoint.arrays.items()}
        fitted = fit(shapes, run)
        if fitted.faults:
            rest = len(fitted.faults) - MAX_FAULTS
            told = [f"checkpoint {path}: {fault}." for fault in fitted.faults[:MAX_FAULTS]]
            more = [f"checkpoint {path}: {rest} more do not fit."] if rest > 0 else []
            raise SpecError((*told, *more))
        return {name: checkpoint.arrays[own] for name, own in fitted.names.items()}

    def find(self, law: Pretrained, seed: int) -> Place:
        """Returns where the checkpoint of a run with this seed lies.

        Raises:
            StoreError: if it is not there, several could be meant, or its digest is another than
                the law's.
        """
        place, _, fields = law.checkpoint.partition("?")
        path = next(
            (each for each in (self._beside.parent / place, Path(place)) if each.exists()), None
        )
        if path is None:
            raise StoreError(
                f"checkpoint {law.checkpoint!r}: neither {self._beside.parent / place} nor {place} "
                "exists. Run the sweep that makes it."
            )
        found = self._in_results(path, fields, seed) if path.is_dir() else self._file(path, fields)
        if law.sha256 not in ("", found.sha256):
            raise StoreError(
                f"checkpoint {found.path} is another one: expected SHA-256 {law.sha256}, found "
                f"{found.sha256}."
            )
        return found

    def _file(self, path: Path, fields: str) -> Place:
        """Returns a file that was named itself."""
        if fields:
            raise StoreError(
                f"checkpoint {path} is a file: there is nothing to choose by {fields}."
            )
        return Place(path, self._digest(path))

    def _in_results(self, folder: Path, fields: str, seed: int) -> Place:
        """Returns the checkpoint of the one run that is meant."""
        results: Results = self._results(folder)
        chosen = [_keeps(results, run_id) for run_id in results.runs["run_id"]]
        kept = results.runs[chosen]
        for field in filter(None, fields.split("&")):
            kept = _fitting(kept, field, folder)
        own = kept[kept["seed"] == seed] if len(kept) > 1 else kept
        if len(own) != 1:
            raise StoreError(_ambiguous(kept, own, folder, fields, seed))
        run_id = own["run_id"].iloc[0]
        group, name = results.committed[run_id], checkpoint_file(run_id)
        return Place(folder / "groups" / group / name, results.groups[group].files[name].sha256)


def _with_digest(run: RunSpec, sha256: str) -> RunSpec:
    """Returns a run whose law has the digest of its checkpoint."""
    law = run.initializer.model_copy(update={"sha256": sha256})
    fields = {name: getattr(run, name) for name in RunSpec.model_fields}
    return RunSpec.model_validate(fields | {"initializer": law})


def _digest(path: Path) -> str:
    """Returns the SHA-256 of a file."""
    try:
        return hashlib.sha256(read_bounded(path, limit=LIMIT)).hexdigest()
    except (OSError, ValueError) as error:
        raise StoreError(f"checkpoint {path} cannot be read: {reason(error)}.") from error


def _keeps(results: Results, run_id: str) -> bool:
    """Tells whether a run has a checkpoint."""
    return checkpoint_file(run_id) in results.groups[results.committed[run_id]].files


def _fitting(runs: pd.DataFrame, field: str, folder: Path) -> pd.DataFrame:
    """Returns the runs of which a field has a value, `name=value`."""
    name, _, value = field.partition("=")
    if name not in runs.columns:
        raise StoreError(f"checkpoint: runs of {folder} have no field {name!r}.")
    return runs[runs[name].map(str) == value]


def _ambiguous(kept: pd.DataFrame, own: pd.DataFrame, folder: Path, fields: str, seed: int) -> str:
    """Returns why no single run is meant."""
    which = f" with {fields}" if fields else ""
    if kept.empty:
        return (
            f"checkpoint: no run of {folder}{which} keeps one. Its sweep needs "
            '`keep` = ["checkpoint"], and runs that do not diverge.'
        )
    if own.empty:
        seeds = ", ".join(map(str, sorted(set(kept["seed"]))))
        return (
            f"checkpoint: no run of {folder}{which} has seed {seed}: those with a checkpoint have "
            f"{seeds}. Give the sweep that makes them this seed, or one seed alone."
        )
    ids = ("run_id", "trial_id", "group_id")
    differing = [name for name in own if name not in ids and len(set(map(str, own[name]))) > 1]
    return (
        f"checkpoint: {len(own)} runs of {folder}{which} have seed {seed}. Choose by a field in "
        f"which they differ ({', '.join(map(str, differing))}), as in "
        f"{folder.name}?{'&'.join(filter(None, [fields, 'FIELD=VALUE']))}."
    )
