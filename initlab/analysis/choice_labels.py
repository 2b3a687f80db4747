"""What figures call choices of layers, and the order in which they show them."""

import re
from collections.abc import Callable
from typing import Any

import pandas as pd

POOLS = {"max": "max", "average": "average", "norm": "L2 norm", "none": "no pooling"}
PHOTOGRAPHS = "photographs"


def pooling_label(run: "pd.Series[Any]") -> str:
    """Returns what figures call a kind of pooling."""
    return POOLS.get(str(run["choice"]), str(run["choice"]))


def kernel_label(run: "pd.Series[Any]") -> str:
    """Returns what figures call a kernel size."""
    return f"{run['choice']} by {run['choice']}"


def padding_label(run: "pd.Series[Any]") -> str:
    """Returns what figures call a padding at a depth."""
    return f"depth {run['depth']}, {'padded' if run['choice'] == 'same' else 'not padded'}"


def augmentation_label(run: "pd.Series[Any]") -> str:
    """Returns what figures call an augmentation of a data set."""
    laws = re.sub(r"\([^)]*\)", "", str(run["choice"])).replace("_", " ").split(", ")
    name = "no change" if laws == ["none"] else laws[0]
    name = f"these {len(laws)} together" if len(laws) > 1 else name
    return f"{name}, {PHOTOGRAPHS}" if run["dataset"] == "photo_patches" else name


def images_label(run: "pd.Series[Any]") -> str:
    """Returns what figures call a number of training images."""
    return f"no change, {1 - float(str(run['choice'])):.0%} of the images"


def dropout_label(run: "pd.Series[Any]") -> str:
    """Returns what figures call a rate of dropout."""
    return f"dropout {float(str(run['choice'])):g}"


LABELS: dict[str, Callable[["pd.Series[Any]"], str]] = {
    "pooling": pooling_label,
    "kernel_size": kernel_label,
    "padding": padding_label,
    "augmentation": augmentation_label,
    "validation_fraction": images_label,
    "dropout": dropout_label,
}


def labelled(own: pd.DataFrame, label: Callable[["pd.Series[Any]"], str]) -> pd.DataFrame:
    """Returns the runs with what figures call their choice, in the order that those show."""
    labels = [label(run) for _, run in own.iterrows()]
    ranked = sorted(range(len(labels)), key=lambda index: _rank(labels[index]))
    ordered = own.assign(label=pd.Series(labels, own.index, dtype=object)).iloc[ranked]
    return ordered.reset_index(drop=True)


def _rank(label: str) -> tuple[bool, int, str]:
    """Returns the key by which choices are sorted: what changes nothing first, photographs last.

    Kinds of pooling come in the order of `POOLS`.
    """
    kinds = list(POOLS.values())
    if label in kinds:
        return False, kinds.index(label), label
    place = 0 if label.startswith("no change") else 2 if label.endswith("together") else 1
    return PHOTOGRAPHS in label, place, label
