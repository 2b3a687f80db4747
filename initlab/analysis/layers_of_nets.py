"""Networks before and after training, layer by layer: linear probes, tuning to oriented bars."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from initlab.analysis.filter_arms import RANDOM, TRAINED
from initlab.analysis.layer_outputs import can_be_passed
from initlab.analysis.layer_probes import layer_probes
from initlab.analysis.oriented_bars import tuning_by_layer
from initlab.analysis.seen_images import seen_images

type Checkpoint = Callable[[str], Mapping[str, np.ndarray[Any, np.dtype[Any]]]]

PROBE, TUNING = "probe_accuracy", "bar_tuning"
EVERY = 4  # of the images of each part one is looked at
# What a net that was only drawn has in common with one that was trained from the same weights.
SAME = ("dataset", "depth", "width", "initializer", "first_window", "image_size", "seed")


def nets_to_compare(trained: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs of trained nets and of the nets that they began as, as `net` says.

    Args:
        trained: of one learning rate.
        drawn: of no steps.
    """
    keys = [name for name in SAME if name in trained]
    ended = can_be_passed(trained[trained["diverged_at_step"].isna()])
    begun = drawn.merge(ended[keys].drop_duplicates(), on=keys)
    both = ended.merge(begun[keys].drop_duplicates(), on=keys)
    return pd.concat([both.assign(net=TRAINED), begun.assign(net=RANDOM)], ignore_index=True)


def layer_numbers(nets: pd.DataFrame, checkpoint: Checkpoint) -> pd.DataFrame:
    """Returns what each layer of each net comes to: one row a run, layer and statistic.

    Args:
        nets: of `nets_to_compare`.
        checkpoint: `results.checkpoint`.

    Returns:
        `run_id`, `seed`, `net`, `layer_name`, `statistic` (`PROBE` or `TUNING`), `value`.
    """
    rows = [
        {
            "run_id": run["run_id"],
            "seed": run["seed"],
            "net": run["net"],
            "layer_name": name,
            "statistic": statistic,
            "value": value,
        }
        for _, run in nets.iterrows()
        if (kept := checkpoint(str(run["run_id"])))
        for statistic, name, value in _of_net(run, kept)
    ]
    columns = ["run_id", "seed", "net", "layer_name", "statistic", "value"]
    return pd.DataFrame(rows, columns=columns)


def _of_net(
    run: "pd.Series[Any]", kept: Mapping[str, np.ndarray[Any, np.dtype[Any]]]
) -> Iterator[tuple[str, str, float]]:
    """Yields statistic, layer and value of one net."""
    seen = seen_images(run, every=EVERY)
    for name, accuracy in layer_probes(kept, seen).items():
        yield PROBE, name, accuracy
    _, side, _, channels = seen.test.images.shape
    for name, tuning in tuning_by_layer(kept, side=side, channels=channels).items():
        known = tuning[np.isfinite(tuning)]  # the units that answer to a bar at all
        yield TUNING, name, float(known.mean()) if len(known) else math.nan


def of_layer(layers: pd.DataFrame, net: str, name: str, statistic: str) -> "pd.Series[float]":
    """Returns one value a seed of `layer_numbers`."""
    kept = layers[
        (layers["net"] == net) & (layers["layer_name"] == name) & (layers["statistic"] == statistic)
    ]
    return kept.set_index("seed")["value"].astype("float64")
