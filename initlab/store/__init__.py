"""The results on disk: the only door between the half that runs and the half that reads.

`publish`, `schema` and `query`, which write and read the tables, are imported by themselves: they
need pyarrow and pandas, and whether a sweep is done is asked without.
"""

from initlab.store.claims import Claim, claim, exclusive, shared
from initlab.store.failures import Failure, clear_failures, read_failures, record_failure
from initlab.store.folder import (
    Inventory,
    ResultsFolder,
    committed_runs,
    open_results,
    set_aside_damage,
)
from initlab.store.manifest import FileRecord, Manifest
from initlab.store.verify import clean_temporaries, quarantine, verify_group

__all__ = [
    "Claim",
    "Failure",
    "FileRecord",
    "Inventory",
    "Manifest",
    "ResultsFolder",
    "claim",
    "clean_temporaries",
    "clear_failures",
    "committed_runs",
    "exclusive",
    "open_results",
    "quarantine",
    "read_failures",
    "record_failure",
    "set_aside_damage",
    "shared",
    "verify_group",
]
