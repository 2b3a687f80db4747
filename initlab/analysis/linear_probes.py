"""What linear classifiers on the layers of networks come to: the probe `linear` as a tidy table."""

import numpy as np
import pandas as pd

from initlab.analysis.arrays import Arrays

LINEAR = "linear_accuracy"  # the array
FORMS, PLACES, KINDS = ("raw", "rectified"), ("all places", "their mean"), ("svm", "softmax")


def linear_answers(runs: pd.DataFrame, arrays: Arrays) -> pd.DataFrame:
    """Returns one row a run, hidden layer, form, choice of places and kind of classifier.

    Args:
        runs: the runs that count; those without the probe are passed over.
        arrays: `results.arrays`: a run's id to its arrays.

    Returns:
        The columns of `runs`, `layer` (from 1), `form` (of `FORMS`), `places` (of `PLACES`), `kind`
        (of `KINDS`) and `value`, the test accuracy.
    """
    parts = []
    for run_id in runs["run_id"]:
        if (kept := arrays(str(run_id)).get(LINEAR)) is None:
            continue
        layer, form, place, kind = np.indices(kept.shape).reshape(4, -1)
        parts.append(
            pd.DataFrame(
                {
                    "run_id": run_id,
                    "layer": layer + 1,
                    "form": np.array(FORMS)[form],
                    "places": np.array(PLACES)[place],
                    "kind": np.array(KINDS)[kind],
                    "value": kept.astype(np.float64).reshape(-1),
                }
            )
        )
    columns = ["run_id", "layer", "form", "places", "kind", "value"]
    found = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    return runs.merge(found, on="run_id")
