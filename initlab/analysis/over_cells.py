"""Arms of a sweep compared over all of its cells at once, such as initializers over depths."""

import numpy as np
import pandas as pd

from initlab.analysis.selection import trial_fields
from initlab.analysis.stratified import stratified_interval

COLUMNS = ("cells", "seeds", "value", "low", "high")
_RANDOM = 0  # of the draws: a table says the same whenever it is made


def compare_arms(
    runs: pd.DataFrame, values: "pd.Series[float]", arm: str = "initializer"
) -> pd.DataFrame:
    """Returns the interquartile mean of each arm over the cells that all arms have.

    A cell is what tells trials apart besides the arm. Cells are resampled by themselves, as if
    their seeds shared nothing.

    Args:
        runs: the runs that count.
        values: by run id; those that diverged need one too, as of a guess, or they are left out.
        arm: the field whose values are compared.

    Returns:
        A row an arm: `arm`, `cells`, `seeds` (of the cell that has fewest), `value`, `low` and
        `high` (NaN below five seeds); none where there is one arm, or fewer than two cells in
        common.
    """
    cell = [name for name in trial_fields(runs) if name not in (arm, "readout_initializer")]
    known = runs.assign(value=runs["run_id"].map(values).astype("float64")).dropna(subset="value")
    arms = known[arm].nunique()
    if not cell or arms < 2:
        return pd.DataFrame(columns=[arm, *COLUMNS])
    shared = known.groupby(cell, dropna=False)[arm].transform("nunique") == arms
    rows = []
    for label, of_it in known[shared].groupby(arm, sort=False):
        cells = [np.asarray(one) for _, one in of_it.groupby(cell, dropna=False)["value"]]
        centre, low, high, n, _ = stratified_interval(cells, rng=np.random.default_rng(_RANDOM))
        if len(cells) > 1:
            rows.append((label, len(cells), n, centre, low, high))
    return pd.DataFrame(rows, columns=[arm, *COLUMNS])
