"""Results of small groups, whose runs have a seed among their fields."""

import pyarrow as pa

from initlab.store.folder import open_results
from initlab.store.publish import publish_group
from initlab.store.schema import runs_table

from ..store.sample import sample_tables


def publish(
    path,
    group_id="group-a",
    run_ids=("run-1", "run-2"),
    *,
    draw=0,
    experiment="demo",
    layer_name=None,
    **fields,
):
    """Publishes a group whose numbers are those of the generator `draw`, its layers named so."""
    open_results(path, experiment=experiment, create=True)
    tables = sample_tables(group_id, run_ids, draw, **fields)
    rows = [row | {"seed": seed} for seed, row in enumerate(tables["runs"].to_pylist())]
    tables["runs"] = runs_table(rows)
    if layer_name is not None:
        layers = tables["layers"]
        place = layers.schema.get_field_index("layer_name")
        names = pa.array([layer_name] * len(layers), pa.string())
        tables["layers"] = layers.set_column(place, layers.schema.field(place), names)
    publish_group(path, group_id, tables=tables, provenance={})
