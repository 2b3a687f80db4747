"""What figures call choices of layers, and the order in which they show them."""

import re
from collections.abc import Callable
from typing import Any

import pandas as pd

POOLS = {"max": "max", "average": "average", "norm": "L2 norm", "none": "no pooling"}


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
    return f"{name}, photographs" if run["dataset"] == "photo_patches" else name


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
    pools = list(POOLS.values())
    place = [pools.index(one) if one in pools else len(one.split(" together")) for one in labels]
    return (
        own.assign(label=pd.Series(labels, own.index, dtype=object), place=place)
        .sort_values(["place", "setting", "label"], kind="stable", ignore_index=True)
        .drop(columns="place")
    )
