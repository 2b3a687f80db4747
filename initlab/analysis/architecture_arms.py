"""Arms of architectures: whose initialization a run has, and the signal by weight layer."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.paper_plans import NAMES
from initlab.architectures.families import FAMILIES

PUBLISHED = "published"
READ_OTHERWISE = "read otherwise"
CARRIED = "carried over"
HE = "He normal"
HE_BATCH = "He normal, batch norm"
TEXT, PICTURE, CODE = "tutorial's text", "tutorial's picture", "tutorial's code"
ARMS = (PUBLISHED, READ_OTHERWISE, CARRIED, TEXT, PICTURE, CODE, HE, HE_BATCH)
TUTORIAL = {
    TEXT: "lenet_uniform",
    PICTURE: "lenet_demo_uniform",
    CODE: "lenet_tutorial_recipe",
}
# The law that a model's paper, or its authors' code, gives; and how else that was read.
OF_PAPERS = {
    "lenet": "lenet_paper_uniform",
    "alexnet": "alexnet_recipe",
    "zfnet": "zfnet_normal",
    "nin": "nin_normal",
    "vgg11": "vgg_normal",
    "vgg16": "vgg_normal",
    "googlenet": "googlenet_recipe",
    "resnet18": "caffe_msra",
}
OTHERWISE = {
    "alexnet": "bvlc_alexnet_recipe",
    "zfnet": "zfnet_constant",
    "vgg11": "vgg_port_normal",
    "vgg16": "vgg_port_normal",
}
# The deviations of laws that do not know the fan-in.
DEVIATIONS = {"alexnet": 0.01, "zfnet": 0.01, "nin": 0.05, "vgg11": 0.1, "vgg16": 0.1}
SETTING = ["model", "arm"]


def with_arms(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs of models that papers give, each with its `arm` and `net`, a model's name.

    Runs of laws that are no arm are left out.
    """
    runs = runs.reset_index(drop=True)
    arms = pd.Series([_arm(run) for run in runs.to_dict("records")], runs.index, dtype="object")
    kept = runs.assign(arm=arms, net=runs["model"].map(NAMES))
    kept = kept[kept["arm"].notna() & kept["net"].notna()]
    rank = {arm: place for place, arm in enumerate(ARMS)}
    place = {name: number for number, name in enumerate(NAMES.values())}
    keys = pd.DataFrame({"net": kept["net"].map(place), "arm": kept["arm"].map(rank)})
    order = keys.sort_values(["net", "arm"], kind="stable").index
    return kept.loc[order].reset_index(drop=True)


def _arm(run: Mapping[Any, Any]) -> str | None:
    """Returns the arm of a run; None of none."""
    model, label, norm = (str(run[name]) for name in ("model", "initializer", "norm"))
    if model not in OF_PAPERS:
        return None
    family = FAMILIES[model]
    if label == "he_normal":
        return HE_BATCH if norm == "batch" else HE
    if norm != family.norm:
        return None
    if label == OF_PAPERS[model]:
        return PUBLISHED
    if label == OTHERWISE.get(model):
        return READ_OTHERWISE
    if model == "lenet":
        return next((arm for arm, law in TUTORIAL.items() if law == label), None)
    return CARRIED if _is_carried_over(model, label, int(run["width"])) else None


def _is_carried_over(model: str, label: str, width: int) -> bool:
    """Tells whether a deviation is the paper's times the root by which its net is wider."""
    paper = FAMILIES[model].paper
    if model not in DEVIATIONS or paper is None or not label.startswith("normal(stddev="):
        return False
    wanted = DEVIATIONS[model] * math.sqrt(paper.width / width)
    given = float(label.removeprefix("normal(stddev=").removesuffix(")"))
    return math.isclose(given, wanted, rel_tol=0.01)


def chosen(runs: pd.DataFrame, score: "pd.Series[float]") -> pd.DataFrame:
    """Returns the runs of each net's and arm's best learning rate.

    Args:
        runs: of `with_arms`.
        score: validation accuracy at the end, by run id; a diverged run is a guess.
    """
    return best_trials(runs, score, SETTING)


def by_weight_layer(layers: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows at preactivations of weight layers, one a run, step and layer.

    Where several lie side by side, as in an inception module, their mean squares and variances are
    averaged. `site` is the layer's place among them.
    """
    names = layers["layer_name"].astype(str)
    rows = layers[names.str.startswith(("conv", "dense", "readout"))]
    numbers = [name for name in rows.columns if rows[name].dtype == np.float64]
    found = rows.groupby(["run_id", "step", "layer"], sort=False)[numbers].mean().reset_index()
    return found.assign(site=found["layer"] - 1, layer_name="weights")


def log_change(layers: pd.DataFrame, statistic: str) -> "pd.Series[float]":
    """Returns log10 of a statistic at the readout over that at the first layer, a layer on, by run.

    Zero over anything is minus infinity; of a run with a row that is no number it is NaN.

    Args:
        layers: of `by_weight_layer`, one step.
        statistic: a column that grows by factors.
    """
    rows = layers.sort_values("layer")
    first = rows.drop_duplicates("run_id").set_index("run_id")
    last = rows.drop_duplicates("run_id", keep="last").set_index("run_id").loc[first.index]
    between = (last["layer"] - first["layer"]).to_numpy(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = last[statistic].to_numpy(np.float64) / first[statistic].to_numpy(np.float64)
        return pd.Series(np.log10(ratio) / between, index=first.index)


def once(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs with one learning rate of each: before training none is different."""
    return runs.drop_duplicates([*SETTING, "seed"]).reset_index(drop=True)
