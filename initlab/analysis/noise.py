"""How small a difference is enough: constants with noise, between copies and a random network."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from initlab.analysis.arms import kind, random_arm
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.selection import select
from initlab.analysis.symmetry import parting_steps
from initlab.analysis.training import steps_to


def noise_positions(runs: pd.DataFrame, accuracy: "pd.Series[float]") -> pd.DataFrame:
    """Returns how far each constant with noise comes from the copies to the random network.

    One row an arm of noise: `activation`, `initializer`, `noise`, `position` (an interval; 0 is
    the accuracy of the same constant without noise, 1 that of the random network), `halfway`, the
    accuracy between the two, and `ahead`, how far the noise ends above that, seed by seed.
    """
    rows = []
    for activation, of_it in runs.groupby("activation", sort=False):
        best = by_seed(random_arm(of_it), accuracy)
        for label, arm in of_it.groupby("initializer", sort=False):
            if kind(str(label)) != "noise":
                continue
            given = dict(part.split("=") for part in str(label)[7:-1].split(", "))
            same = select(of_it, initializer=f"constant(value={given['mean']})")
            least = by_seed(same, accuracy)
            range_ = (best - least).dropna()
            if range_.empty or range_.mean() <= 0:
                continue
            reached, middle = by_seed(arm, accuracy), (best + least) / 2
            position = (reached - least) / range_.mean()
            rows.append(
                {
                    "activation": activation,
                    "initializer": label,
                    "noise": float(given.get("stddev", "nan")),
                    "position": seed_interval(position.dropna()),
                    "halfway": float(middle.mean()),
                    "ahead": reached - middle,
                }
            )
    columns = ["activation", "initializer", "noise", "position", "halfway", "ahead"]
    return pd.DataFrame(rows, columns=columns)


def noise_rows(
    runs: pd.DataFrame, layers: pd.DataFrame, records: pd.DataFrame, accuracy: "pd.Series[float]"
) -> pd.DataFrame:
    """Returns how far each noise comes, and in how many steps half the way, rounded for reading."""
    rows: list[dict[str, object]] = []
    for row in noise_positions(runs, accuracy).to_dict("records"):
        arm = select(runs, activation=row["activation"], initializer=row["initializer"])
        parted = by_seed(arm, parting_steps(arm, layers))
        steps = steps_to(arm, records, accuracy=row["halfway"]).iloc[0]
        position = row["position"]
        rows.append(
            {
                "activation": row["activation"],
                "noise": row["noise"],
                "position": round(position.centre, 3),
                "low": round(position.low, 3),
                "high": round(position.high, 3),
                "steps until two ways": parted.median(),
                "seeds that go two ways": f"{len(parted)} of {steps['num_runs']}",
                "steps to half way": round(steps["value"], 1),
                "seeds that get there": f"{steps['n']} of {steps['num_runs']}",
            }
        )
    return pd.DataFrame(rows)


def steps_a_decade(steps: Mapping[float, "pd.Series[float]"]) -> "pd.Series[float]":
    """Returns how many steps more ten times less noise takes, by seed.

    Args:
        steps: size of noise to steps by seed. A size at which a seed is missing does not count;
            with fewer than two sizes left there is no slope.
    """
    table = pd.DataFrame(dict(steps)).dropna(axis="columns")
    if len(table.columns) < 2 or table.empty:
        return pd.Series(dtype="float64")
    decades = -np.log10(table.columns.to_numpy(np.float64))
    decades -= decades.mean()
    slopes: pd.Series[float] = (table * decades).sum(axis="columns") / np.sum(decades**2)
    return slopes
