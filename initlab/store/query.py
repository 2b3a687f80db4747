"""Reading results: tables of verified shards as pandas frames."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from initlab.errors import CorruptShardError, StoreError
from initlab.store.arrays import ARRAYS, decode_arrays
from initlab.store.checkpoints import checkpoint_file, read_checkpoint
from initlab.store.folder import committed_runs, read_folder
from initlab.store.manifest import Manifest, digest_of
from initlab.store.schema import LAYERS, PREDICTIONS, RUNS_LEADING, STEPS, unify_runs
from initlab.store.verify import verify_group

type Filters = pc.Expression | Sequence[Any]

RUN_TABLES = ("runs", "steps", "layers")  # of which groups that share a run share rows

_CHECKED = ds.ParquetFileFormat(
    default_fragment_scan_options=ds.ParquetFragmentScanOptions(page_checksum_verification=True)
)


@dataclass(frozen=True, repr=False)
class Results:
    """The verified results of one experiment.

    Rows are in the order of group id, then as written. Where groups share a run, the first
    group's rows count.

    Attributes:
        path: the results folder.
        experiment: the experiment that made it.
        groups: manifest of each group, by group id in order.
        committed: run id to the group whose rows count.
    """

    path: Path
    experiment: str
    groups: Mapping[str, Manifest]
    committed: Mapping[str, str]

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: its resolved specification, status, versions and device."""
        frame = _frame(unify_runs([RUNS_LEADING.empty_table(), *self.parts("runs")]))
        return frame.astype({"diverged_at_step": "Int32", "first_nonfinite_layer": "Int16"})

    @cached_property
    def steps(self) -> pd.DataFrame:
        """One row a run and step."""
        return self.read_steps()

    @cached_property
    def layers(self) -> pd.DataFrame:
        """One row a run, step and site, one column a statistic."""
        return self.read_layers()

    @cached_property
    def predictions(self) -> pd.DataFrame:
        """One row a trial and site: what theory expects of the same columns at step 0.

        None for trials that theory has nothing to say of, and none from a version of initlab that
        made no predictions.
        """
        frame = _frame(pa.concat_tables([PREDICTIONS.empty_table(), *self.parts("predictions")]))
        own = frame[frame["trial_id"].isin(self.runs["trial_id"])]
        return own.drop_duplicates(["trial_id", "site"], ignore_index=True)

    def only(self, run_ids: Collection[str]) -> "Results":
        """Returns the same results with no other runs than these, and the groups that hold them."""
        chosen = set(run_ids)
        kept = {run_id: group for run_id, group in self.committed.items() if run_id in chosen}
        groups = {name: self.groups[name] for name in sorted(set(kept.values()))}
        return replace(self, groups=groups, committed=kept)

    def __repr__(self) -> str:
        """Tells how many runs lie where; its frames are those of its tables."""
        return f"<Results: {len(self.committed)} runs of {self.experiment} in {self.path}>"

    @property
    def digest(self) -> str:
        """SHA-256 of the digests of the groups: equal for equal measurements."""
        return digest_of(self.groups.values())

    def read_steps(
        self,
        columns: Sequence[str] | None = None,
        *,
        run_ids: Collection[str] | None = None,
        filters: Filters | None = None,
    ) -> pd.DataFrame:
        """Returns part of `steps`; see `read_layers`."""
        return self._read("steps", STEPS, columns, run_ids, filters)

    def read_layers(
        self,
        columns: Sequence[str] | None = None,
        *,
        run_ids: Collection[str] | None = None,
        filters: Filters | None = None,
    ) -> pd.DataFrame:
        """Returns part of `layers` without reading the rest.

        Args:
            columns: which, in that order; all by default.
            run_ids: of which runs; all by default.
            filters: a pyarrow expression, or conditions as `pyarrow.parquet.read_table` takes
                them: `[("step", "==", 0), ("layer", ">", 1)]`.

        Raises:
            ValueError: if a column or a run is unknown.
            CorruptShardError: if a shard was damaged after the results were loaded.
        """
        return self._read("layers", LAYERS, columns, run_ids, filters)

    def arrays(self, run_id: str) -> dict[str, npt.NDArray[Any]]:
        """Returns the kept arrays of a run by name, none where nothing was kept.

        Raises:
            ValueError: if there is no such run.
        """
        return self.arrays_of([run_id])[run_id]

    def arrays_of(self, run_ids: Collection[str]) -> dict[str, dict[str, npt.NDArray[Any]]]:
        """Returns the kept arrays of several runs, by run and name; each group is read once.

        Raises:
            ValueError: if there is no such run.
        """
        self._check_runs(run_ids)
        by_group: dict[str, list[str]] = {}
        for run_id in run_ids:
            by_group.setdefault(self.committed[run_id], []).append(run_id)
        found: dict[str, dict[str, npt.NDArray[Any]]] = {}
        for group_id, members in by_group.items():
            found |= self._decoded(group_id, members)
        return found

    def _decoded(
        self, group_id: str, run_ids: Collection[str]
    ) -> dict[str, dict[str, npt.NDArray[Any]]]:
        if ARRAYS not in self.groups[group_id].files:
            return {run_id: {} for run_id in run_ids}
        path = self._directory(group_id) / ARRAYS
        try:
            return decode_arrays(path, run_ids)
        except (OSError, ValueError) as error:
            raise CorruptShardError(f"{path} cannot be read: {error}") from error

    def checkpoint(self, run_id: str) -> dict[str, npt.NDArray[Any]]:
        """Returns a run's trained model in the order of the forward pass, empty if not kept.

        Raises:
            ValueError: if there is no such run.
        """
        self._check_runs([run_id])
        group_id, name = self.committed[run_id], checkpoint_file(run_id)
        record = self.groups[group_id].files.get(name)
        if record is None:
            return {}
        return dict(read_checkpoint(self._directory(group_id) / name, record.sha256).arrays)

    def shards(self, table: str) -> list[str]:
        """Returns the paths of a table's verified Parquet files, for DuckDB and the like."""
        name = f"{table}.parquet"
        return [
            str(self._directory(group_id) / name)
            for group_id, manifest in self.groups.items()
            if name in manifest.files
        ]

    def parts(self, table: str) -> Iterator[pa.Table]:
        """Yields the rows of a table group by group, those alone that count."""
        found = (self._scan(group, table, None, None) for group in self.groups)
        return (part for part in found if part is not None)

    def owned(self, group_id: str) -> list[str]:
        """Returns the runs of a group whose rows there count."""
        run_ids = self.groups[group_id].run_ids
        return [run_id for run_id in run_ids if self.committed.get(run_id) == group_id]

    def _read(
        self,
        table: str,
        schema: pa.Schema,
        columns: Sequence[str] | None,
        run_ids: Collection[str] | None,
        filters: Filters | None,
    ) -> pd.DataFrame:
        names = list(schema.names if columns is None else columns)
        if unknown := sorted(set(names) - set(schema.names)):
            raise ValueError(f"`{table}` has no columns {unknown}; it has {schema.names}.")
        condition = _expression(filters)
        groups: Collection[str] = self.groups
        if run_ids is not None:
            self._check_runs(run_ids)
            groups = sorted({self.committed[run_id] for run_id in run_ids})
            chosen = pc.field("run_id").isin(pa.array(run_ids, pa.string()))
            condition = chosen if condition is None else chosen & condition
        empty = pa.schema([schema.field(name) for name in names]).empty_table()
        found = (self._scan(group, table, names, condition) for group in groups)
        tables = [part.select(names) for part in found if part is not None]
        return _frame(pa.concat_tables([empty, *tables]))

    def _scan(
        self, group_id: str, table: str, columns: Sequence[str] | None, condition: Any
    ) -> pa.Table | None:
        manifest = self.groups[group_id]
        if f"{table}.parquet" not in manifest.files:
            return None
        path = self._directory(group_id) / f"{table}.parquet"
        owned = self.owned(group_id)
        if table in RUN_TABLES and len(owned) < len(manifest.run_ids):
            mine = pc.field("run_id").isin(pa.array(owned, pa.string()))
            condition = mine if condition is None else mine & condition
        try:
            return ds.dataset(path, format=_CHECKED).to_table(columns, filter=condition)
        except OSError as error:
            raise CorruptShardError(f"{path} cannot be read: {error}") from error

    def _directory(self, group_id: str) -> Path:
        directory = self.path / "groups" / group_id
        if verify_group(directory) != self.groups[group_id]:
            raise StoreError(f"{directory} is another group than was loaded; load again.")
        return directory

    def _check_runs(self, run_ids: Collection[str]) -> None:
        if unknown := sorted(set(run_ids) - set(self.committed)):
            raise ValueError(
                f"no run {unknown[0]!r} among the {len(self.committed)} of {self.path}."
            )


def load_results(directory: Path | str) -> Results:
    """Returns the results in a folder, every file of which was checked against its manifest.

    Args:
        directory: the folder of one sweep's results, which holds `groups/`.

    Raises:
        CorruptShardError: if a group is damaged.
        StoreError: if it is no results folder, or a newer initlab wrote it.
    """
    folder = read_folder(Path(directory))
    inventory = committed_runs(folder.path, deep=True)
    for error in inventory.damaged.values():
        raise error
    return Results(folder.path, folder.experiment, inventory.groups, inventory.committed)


def _expression(filters: Filters | None) -> Any:
    if filters is None or isinstance(filters, pc.Expression):
        return filters
    return pq.filters_to_expression(filters)


def _frame(table: pa.Table) -> pd.DataFrame:
    return cast(pd.DataFrame, table.to_pandas())
