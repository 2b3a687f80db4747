"""Arms of transfer: what a run took from a checkpoint, what it froze, on how many images."""

import re
from typing import Any, NamedTuple

import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.data_part import training_images
from initlab.analysis.selection import select

SCRATCH, OTHER, SAME = "scratch", "other classes", "same classes"
AS_LEARNED = "none"  # the control of weights that stand as they were learned
CONTROLS = {"moment_matched": "matched", "shuffled": "shuffled", "orthogonal": "orthogonal"}
SETTING = ["dataset", "images", "source", "control", "copied", "left_out", "frozen", "depth"]
_LAYERS = re.compile(r"layers=([\d+]+)")
_CLASSES = re.compile(r"classes=([\d+]+)")
_CONTROL = re.compile(r"control=(\w+)")


class Arm(NamedTuple):
    """What a run took and froze, on how many images.

    Attributes:
        images: how many train.
        source: `SCRATCH`, or whether the checkpoint learned `OTHER` or the `SAME` classes.
        control: what was done to its weights, a key of `CONTROLS`, or `AS_LEARNED`.
        copied: layers out of the checkpoint.
        left_out: whether one between them is missing.
        frozen: layers.
        arm: a name.
    """

    images: int
    source: str
    control: str
    copied: int
    left_out: bool
    frozen: int
    arm: str


def with_arms(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs with what each took, and its name: their columns, and those of `Arm`."""
    found = [_arm(run) for run in runs.to_dict("records")]
    return pd.concat(
        [runs.reset_index(drop=True), pd.DataFrame(found, columns=Arm._fields)], axis="columns"
    )


def chosen(runs: pd.DataFrame, score: "pd.Series[float]") -> pd.DataFrame:
    """Returns the runs of each arm's best learning rate.

    Args:
        runs: of `with_arms`.
        score: validation accuracy at the end, by run id; a diverged run is a guess.
    """
    return best_trials(runs, score, SETTING)


def as_learned(own: pd.DataFrame) -> pd.DataFrame:
    """Returns the arms but for the controls, whose weights are those that were learned, if any."""
    return select(own, control=AS_LEARNED)


def whole(own: pd.DataFrame) -> pd.DataFrame:
    """Returns the arms that are whole nets, of which all but the readout may be pretrained.

    Those of a part of a pretrained net have fewer layers, those of Yosinski's curve took fewer.
    """
    deepest = own["depth"] == own["depth"].max()
    nets: pd.DataFrame = own[deepest & own["source"].isin((SCRATCH, OTHER))]
    return nets


def fine_tuned(own: pd.DataFrame) -> pd.DataFrame:
    """Returns the whole nets from the other classes: all but the readout taken, n layers frozen."""
    kept = select(whole(own), source=OTHER)
    found: pd.DataFrame = kept[kept["copied"] == kept["depth"] - 1]
    return found


def _arm(run: dict[Any, Any]) -> Arm:
    """Returns what one run took, and its name."""
    label, depth = str(run["initializer"]), int(run["depth"])
    frozen, removed = (_number(run.get(name)) for name in ("frozen_layers", "removed_layers"))
    images = training_images(run)
    if not label.startswith("pretrained("):
        name = f"random, {frozen} frozen" if frozen else "from scratch"
        return Arm(images, SCRATCH, AS_LEARNED, 0, False, frozen, name)
    layers, learned, control = (one.search(label) for one in (_LAYERS, _CLASSES, _CONTROL))
    asked = [int(one) for one in layers[1].split("+")] if layers else []
    listed = len(asked) > 1
    wanted = len(asked) if listed else asked[0] if asked else depth
    copied = min(wanted, depth - removed)
    left_out = listed and max(asked) > len(asked)
    source = SAME if learned and learned[1] == run.get("classes") else OTHER
    if frozen == copied == depth - 1 and source == OTHER:
        last = asked[-1] if asked and (listed or removed == 0) else copied
        name = f"linear on layer {last}" + (", one left out" if left_out else "")
    elif copied < depth - 1 or source == SAME:
        name = f"{copied} of {source}" + (", frozen" if frozen else "")
    else:
        name = f"fine-tuned, {frozen} frozen" if frozen else "fine-tuned"
    done = control[1] if control else AS_LEARNED
    name += f", {CONTROLS[done]}" if done != AS_LEARNED else ""
    return Arm(images, source, done, copied, left_out, frozen, name)


def _number(value: Any) -> int:
    """Returns a number of layers; a run that says nothing of it has none."""
    return 0 if value is None or pd.isna(value) else int(value)
