"""The range of values in a layer's weights, before and after training."""

import numpy as np
import pandas as pd

from initlab.analysis.findings import Listing
from initlab.analysis.names import short_name
from initlab.analysis.selection import in_order, select, trial_fields
from initlab.store.query import Results

KERNEL = ("kernel_min", "kernel_max", "kernel_mean", "kernel_variance")
RANGES = (
    "Range of values in each layer's weights, before and after training, by initializer: least and "
    "greatest over all seeds, mean and standard deviation. The shallowest networks, of depth "
    "{depth}, with every activation; a diverged run has no after."
)


def weight_ranges(runs: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """Returns least, greatest, mean and deviation of every layer's weights, before and after.

    Before is step 0; after is a run's last step, which a diverged run never reaches.

    Returns:
        One row a trial, layer and `when` (`before`, `after`): the trial's fields, `layer`, `when`,
        `least` and `greatest` over all seeds, `mean` (of the layer's means), `deviation` (root of
        the mean variance about them), `n` (runs), `num_runs`, `num_diverged`.
    """
    fields = trial_fields(runs)
    spec = runs[[*dict.fromkeys([*fields, "run_id", "steps", "diverged_at_step"])]]
    rows = layers[["run_id", "step", "layer", *KERNEL]].dropna().merge(spec, on="run_id")
    finished = rows["diverged_at_step"].isna() & (rows["step"] == rows["steps"])
    parts = [rows[rows["step"] == 0].assign(when="before"), rows[finished].assign(when="after")]
    groups = pd.concat(parts).groupby([*fields, "layer", "when"], sort=False, dropna=False)
    table = groups.agg(
        least=("kernel_min", "min"),
        greatest=("kernel_max", "max"),
        mean=("kernel_mean", "mean"),
        deviation=("kernel_variance", "mean"),
        n=("run_id", "nunique"),
    ).reset_index()
    table["deviation"] = np.sqrt(table["deviation"])
    counts = spec.groupby(fields, sort=False, dropna=False).agg(
        num_runs=("run_id", "nunique"), num_diverged=("diverged_at_step", "count")
    )
    whole = counts.merge(pd.DataFrame({"when": ["before", "after"]}), how="cross")
    whole[fields] = counts.index.repeat(2).to_frame(index=False)
    whole = whole.merge(rows[[*fields, "layer"]].drop_duplicates(), on=fields)
    table = whole.merge(table, on=[*fields, "layer", "when"], how="left")
    table["n"] = table["n"].fillna(0).astype(int)
    columns = ["layer", "when", "least", "greatest", "mean", "deviation", "n"]
    table = table[[*fields, *columns, "num_runs", "num_diverged"]]
    table["when"] = pd.Categorical(table["when"], ["before", "after"])
    return in_order(table, ["layer", "when"]).astype({"when": "str"})


def printed_ranges(ranges: pd.DataFrame) -> pd.DataFrame:
    """Returns a table of `weight_ranges` as it is read: short names, three digits."""
    numbers = ["least", "greatest", "mean", "deviation"]
    return ranges.rename(columns={"num_runs": "runs", "num_diverged": "diverged"}).assign(
        initializer=ranges["initializer"].map(short_name),
        **{name: ranges[name].map(lambda value: float(f"{value:.3g}")) for name in numbers},
    )


def shallow_listing(results: Results, grid: pd.DataFrame) -> list[Listing]:
    """Returns the table of ranges of the shallowest networks, to be printed."""
    if grid.empty:
        return []
    depth = int(grid["depth"].min())
    runs = select(grid, depth=depth)
    columns = ["run_id", "step", "layer", "site", *KERNEL]
    layers = results.read_layers(columns, run_ids=list(runs["run_id"]))
    return [
        Listing("weights", RANGES.format(depth=depth), printed_ranges(weight_ranges(runs, layers)))
    ]
