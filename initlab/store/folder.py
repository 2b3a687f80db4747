"""What makes a directory a results folder, and what is committed in it."""

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from initlab.errors import CorruptShardError, ResultsMismatchError, StoreError
from initlab.store.claims import claim
from initlab.store.durable import make_directory, read_bounded, replace_durably
from initlab.store.manifest import SCHEMA_VERSION, Manifest, digest_of
from initlab.store.names import is_name, temporary_owner
from initlab.store.verify import quarantine, read_manifest, reason, verify_group

MARKER = "results.json"
SPEC = "sweep.toml"
_FORMAT = "initlab-results"
_MARKER_LIMIT = 65_536
_PARTS = ("groups", "locks", "failures", "quarantine")


@dataclass(frozen=True, slots=True)
class ResultsFolder:
    """A results folder: where it is and which experiment it belongs to."""

    path: Path
    experiment: str

    def write_spec(self, text: str) -> Path:
        """Keeps the sweep's canonical text as `sweep.toml`, whole or not at all."""
        path = self.path / SPEC
        try:
            replace_durably(path, text.encode())
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
        return path


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a results folder holds.

    Attributes:
        committed: run id to the group that holds it; the first group where several do.
        groups: manifest of each sound group, by group id in order.
        damaged: group id to what is wrong with it. These runs are not committed: `quarantine`
            the group and run them again.
        strays: what lies among the groups and is none; it is left alone.
    """

    committed: Mapping[str, str]
    groups: Mapping[str, Manifest]
    damaged: Mapping[str, CorruptShardError]
    strays: tuple[Path, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the digests of all sound groups: equal for equal measurements."""
        return digest_of(self.groups.values())


def open_results(
    directory: Path | str, *, experiment: str, create: bool, command: str = ""
) -> ResultsFolder:
    """Returns the results folder of an experiment.

    Args:
        directory: the folder that holds, or will hold, `groups/`.
        experiment: name of the experiment that it must belong to.
        create: whether to write into it, and to make it where there is none.
        command: what makes it, for the message that there is none.

    Raises:
        ResultsMismatchError: if it belongs to another experiment.
        StoreError: if it is no results folder, a newer initlab made it, there is none, or it or
            a folder in it is to be written and cannot. Nothing was written then.
    """
    path = Path(directory)
    if create and not os.path.exists(path / MARKER):
        _make(path, experiment)
    folder = read_folder(path, command)
    if folder.experiment != experiment:
        raise ResultsMismatchError(
            f"{path} holds results of the experiment {folder.experiment!r}, not of "
            f"{experiment!r}. Give another folder with --results."
        )
    if create:
        _check_writable(path)
    return folder


def read_folder(path: Path, command: str = "") -> ResultsFolder:
    """Returns the results folder at `path`, of whichever experiment.

    Args:
        path: the folder that holds `groups/`.
        command: what makes it, for the message that there is none.

    Raises:
        StoreError: if it is none, its marker is damaged, or a newer initlab made it.
    """
    marker = path / MARKER
    try:
        content = json.loads(read_bounded(marker, limit=_MARKER_LIMIT))
    except FileNotFoundError as error:
        what = (
            "does not exist" if not os.path.exists(path) else f"is no results folder (no {MARKER})"
        )
        raise StoreError(
            f"{path} {what}. Make results with "
            f"`{command or f'initlab run EXPERIMENT --results {path}'}`, or give the folder that "
            "holds groups/."
        ) from error
    except NotADirectoryError as error:
        raise StoreError(f"{path} is a file, not a results folder.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"{marker} cannot be read: {reason(error)}.") from error
    match content:
        case {"format": "initlab-results", "schema_version": int(version)} if (
            version > SCHEMA_VERSION
        ):
            raise StoreError(
                f"{path} has schema version {version} and this initlab reads up to "
                f"{SCHEMA_VERSION}. Upgrade initlab."
            )
        case {"format": "initlab-results", "schema_version": int(), "experiment": str(name)}:
            return ResultsFolder(path, name)
    raise StoreError(f"{marker} is not the marker of a results folder; restore it from a copy.")


def committed_runs(results: Path, *, deep: bool = False) -> Inventory:
    """Returns what is committed in a results folder, and what is damaged.

    Args:
        results: the results folder.
        deep: whether to check the SHA-256 of every file too, not only manifests and sizes.

    Raises:
        StoreError: if the groups cannot be listed, or a newer initlab wrote one.
    """
    committed: dict[str, str] = {}
    groups: dict[str, Manifest] = {}
    damaged: dict[str, CorruptShardError] = {}
    folder = Path(results) / "groups"
    strays: list[Path] = []
    for name in _listed(folder):
        path = folder / name
        if not is_name(name) or not (path.is_dir() or path.is_symlink()):
            strays.append(path)
            continue
        try:
            manifest = (verify_group if deep else read_manifest)(folder / name)
        except CorruptShardError as error:
            damaged[name] = error
            continue
        groups[name] = manifest
        for run_id in manifest.run_ids:
            committed.setdefault(run_id, name)
    return Inventory(committed, groups, damaged, tuple(strays))


def set_aside_damage(results: Path) -> list[Path]:
    """Moves every damaged group to `quarantine/` and returns where each lies now.

    Every file's sum is checked: damage that left the sizes as they were is found too. A group
    that another process holds stays.

    Raises:
        StoreError: if a newer initlab wrote a group, or one cannot be moved.
    """
    moved: list[Path] = []
    for group_id in committed_runs(results, deep=True).damaged:
        held = claim(results, group_id)
        if held is None:
            continue
        with held:
            try:
                verify_group(Path(results) / "groups" / group_id)
            except CorruptShardError:
                moved += filter(None, [quarantine(results, group_id)])
    return moved


def _listed(folder: Path) -> list[str]:
    """Returns the names of what is not hidden in the folder of groups, none where it lacks."""
    try:
        names = os.listdir(folder)
        if not os.access(folder, os.X_OK):  # it can be listed and yet be closed
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(
            f"{folder}, where the committed groups lie, cannot be read: {reason(error)}. Make it "
            "readable, or restore it from a copy."
        ) from error
    return sorted(name for name in names if not name.startswith("."))


def _check_writable(path: Path) -> None:
    """Refuses a results folder that a sweep could not be written to, before anything is."""
    for folder in (path, *filter(os.path.lexists, (path / part for part in _PARTS))):
        if not folder.is_dir():
            raise StoreError(
                f"{folder} is no folder, and results need one there. Nothing was written; move it "
                "away, or give another folder with --results."
            )
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise StoreError(_unwritable(folder))


def _make(path: Path, experiment: str) -> None:
    marker = {"format": _FORMAT, "schema_version": SCHEMA_VERSION, "experiment": experiment}
    try:
        make_directory(path)
        others = sorted(name for name in os.listdir(path) if temporary_owner(name) is None)
        if others and MARKER not in others:
            raise StoreError(
                f"{path} is no results folder: it holds {others[0]!r} and no {MARKER}. Nothing "
                "was written; give an empty or a new folder with --results."
            )
        if not others:
            replace_durably(path / MARKER, f"{json.dumps(marker, indent=1)}\n".encode())
    except (FileExistsError, NotADirectoryError) as error:
        raise StoreError(f"{path} is a file or lies in one, so it cannot hold results.") from error
    except OSError as error:
        raise StoreError(f"{_unwritable(path)} ({error.strerror})") from error


def _unwritable(path: Path) -> str:
    return f"{path} cannot be written to. Nothing was written; give another folder with --results."
