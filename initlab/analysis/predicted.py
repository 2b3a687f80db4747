"""What theory expects of depth profiles, beside them, with the band of the seeds' mean."""

import numpy as np
import pandas as pd

from initlab.analysis.over_seeds import means
from initlab.analysis.profiles import BACKWARD, FORWARD, VARIANCES
from initlab.analysis.selection import trial_fields

# Weights of zero mean make means of zero: what is expected of a variance is the mean square.
SQUARES = {
    VARIANCES["forward"]: FORWARD,
    VARIANCES["backward"]: BACKWARD,
}
REACH = 1.96  # standard errors, of a band that holds 95 % of normal means


def with_predictions(
    table: pd.DataFrame, runs: pd.DataFrame, predictions: pd.DataFrame
) -> pd.DataFrame:
    """Returns a table of `depth_profiles` of one statistic with what theory expects of it.

    Of a variance that is the mean square: predictions are of weights and biases of zero mean, and
    the squared mean of a layer is in expectation less than one part in its width of it.

    The geometric mean over seeds lies, where theory holds, between the typical network, half the
    squared scatter below the mean in the logarithm, and the mean itself: the band reaches 1.96
    standard errors beyond both. Gradients are predicted relative to the last site's, and are
    given the measured mean there.

    Returns:
        The table with `predicted`, `predicted_low`, `predicted_high`; without them where there are
        no predictions. Null where theory has no number, in rows of single seeds, and, of the band,
        where it has no scatter.
    """
    drawn = str(table["statistic"].iloc[0]) if len(table) else ""
    statistic = SQUARES.get(drawn, drawn)
    if predictions.empty or statistic not in predictions:
        return table
    fields = [name for name in trial_fields(runs) if name in table]
    trials = runs[[*fields, "trial_id"]].drop_duplicates()
    scatter = f"{statistic}_scatter"
    expected = predictions[["trial_id", "site", statistic, scatter]].merge(trials, on="trial_id")
    expected = expected.rename(columns={statistic: "predicted", scatter: "scatter"})
    beside = table.merge(expected.drop(columns="trial_id"), on=[*fields, "site"], how="left")
    beside.loc[beside["seed"].notna(), ["predicted", "scatter"]] = np.nan
    if "gradient" in statistic:
        mean = means(beside)
        last = mean.loc[mean["layer"] == mean["depth"], [*fields, "value"]]
        ends = beside[fields].merge(last, on=fields, how="left")["value"]
        beside["predicted"] *= ends.to_numpy()
    error = beside["scatter"] / np.sqrt(beside["n"])
    typical = beside["predicted"] * np.exp(-(beside["scatter"] ** 2) / 2)
    beside["predicted_low"] = typical * np.exp(-REACH * error)
    beside["predicted_high"] = beside["predicted"] * np.exp(REACH * error)
    return beside.drop(columns="scatter")
