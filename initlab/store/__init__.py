"""The results on disk: the only door between the half that runs and the half that reads.

`initlab.store.query` reads them into frames; it is imported by itself since it needs pandas.
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
from initlab.store.publish import publish_group
from initlab.store.schema import LAYERS, SCHEMA_VERSION, STATISTICS, STEPS, build_table, runs_table
from initlab.store.verify import clean_temporaries, quarantine, verify_group

__all__ = [
    "LAYERS",
    "SCHEMA_VERSION",
    "STATISTICS",
    "STEPS",
    "Claim",
    "Failure",
    "FileRecord",
    "Inventory",
    "Manifest",
    "ResultsFolder",
    "build_table",
    "claim",
    "clean_temporaries",
    "clear_failures",
    "committed_runs",
    "exclusive",
    "open_results",
    "publish_group",
    "quarantine",
    "read_failures",
    "record_failure",
    "runs_table",
    "set_aside_damage",
    "shared",
    "verify_group",
]
