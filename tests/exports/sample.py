"""Results of small groups, whose runs have a seed among their fields."""

from initlab.store.folder import open_results
from initlab.store.publish import publish_group
from initlab.store.schema import runs_table

from ..store.sample import sample_tables


def publish(path, group_id="group-a", run_ids=("run-1", "run-2"), *, draw=0, **fields):
    """Publishes a group whose numbers are those of the generator `draw`."""
    open_results(path, experiment="demo", create=True)
    tables = sample_tables(group_id, run_ids, draw, **fields)
    rows = [row | {"seed": seed} for seed, row in enumerate(tables["runs"].to_pylist())]
    tables["runs"] = runs_table(rows)
    publish_group(path, group_id, tables=tables, provenance={})
