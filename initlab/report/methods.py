"""How the runs were made, as a paper's methods section says it."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from initlab.analysis.intervals import MIN_SEEDS
from initlab.analysis.names import activation_order, initializer_order, short_names
from initlab.analysis.numbers import counted
from initlab.figures.words import listed
from initlab.report.census import Census
from initlab.report.provenance import Source
from initlab.report.text import one_line
from initlab.spec.datasets import DATASETS

_MODELS = {"mlp": "multilayer perceptrons", "convnet": "plain convolutional networks"}
_OPTIMIZERS = {"sgd": "SGD", "momentum": "SGD with momentum", "adam": "Adam"}
_LOSSES = {"cross_entropy": "the cross-entropy", "mse": "half the summed squared error"}
_INPUTS = {
    "standardized": "standardized by mean and deviation of the training part",
    "centred": "centred at the training part's mean",
    "unit": "scaled to 0 to 1",
    "raw": "as they are",
}
_NOUNS = {
    "norm": "normalization",
    "residual": "residual branches",
    "scheme": "scheme before step 0",
    "augmentation": "augmentation",
    "gradient_clip": "gradient norms clipped at",
    "weight_decay": "weight decay",
    "warmup_steps": "steps of warm-up",
    "validation_fraction": "share of the training images held out for validation",
}
_NEEDED = {
    "model", "depth", "width", "activation", "dataset", "inputs", "initializer", "batch_size",
    "bias_initializer", "readout_initializer", "optimizer", "learning_rate", "loss", "dtype",
}  # fmt: skip
_UNSAID = {"none", "plain", "0", "nothing"}


def methods(source: Source, runs: pd.DataFrame) -> tuple[str, ...]:
    """Returns the sentences of a methods paragraph, as plain text.

    A field that the sweep varies is given with all its values; which were combined the
    specification says. Nothing is returned where no run has results, or where a field that every
    run has by now was not recorded.

    Args:
        source: what the report is about.
        runs: the rows of the `runs` table that the specification declares.
    """
    if runs.empty or not _NEEDED <= set(runs):
        return ()
    said = [_networks(runs), _images(runs), _size(runs), _laws(runs), _training(runs)]
    said += [*_choices(runs), _statistics(source.census, runs), _software(source)]
    return tuple(one_line(sentence) for sentence in said)


def _networks(runs: pd.DataFrame) -> str:
    models = [_MODELS.get(name, name) for name in _values(runs, "model")]
    activations = sorted(_values(runs, "activation"), key=activation_order)
    return (
        f"We trained {listed(models)} of {_noun('depth', runs)} and {_noun('width', runs)} with "
        f"{listed(activations)}."
    )


def _images(runs: pd.DataFrame) -> str:
    sets = []
    for name in _values(runs, "dataset"):
        size = DATASETS.get(name)
        counts = f" ({size.train:,d} training and {size.test:,d} test images)" if size else ""
        sets.append(name + counts)
    inputs = [_INPUTS.get(name, name) for name in _values(runs, "inputs")]
    sides = [f"{side} by {side} pixels" for side in _values(runs, "image_size") if side != "own"]
    reduced = f", reduced to {listed(sides)}" if sides else ""
    if parts := [name.replace("+", ", ") for name in _values(runs, "classes")]:
        some = "" if runs["classes"].notna().all() else "in some runs "
        reduced += f", {some}of the classes {' or '.join(parts)} alone (numbered from 0)"
    return f"Images are those of {listed(sets)}{reduced}, {', or '.join(inputs)}."


def _size(runs: pd.DataFrame) -> str:
    seeds = runs.groupby("trial_id").size()
    low, high = int(seeds.min()), int(seeds.max())
    n = f"{low}" if low == high else f"{low} to {high}"
    trials = f"{len(seeds):,d} {'trial' if len(seeds) == 1 else 'trials'}"
    return (
        f"{trials} with n = {n} {'seed' if high == 1 else 'seeds'} each make {len(runs):,d} "
        f"{'run' if len(runs) == 1 else 'runs'}; a seed decides parameters and batches."
    )


def _laws(runs: pd.DataFrame) -> str:
    kernels = _laws_named(runs, "initializer")
    said = f"Kernels were initialized by {listed(kernels)}"
    other = runs["readout_initializer"] != runs["initializer"]
    if readouts := _laws_named(runs[other], "readout_initializer"):
        said += f", in some runs the readout by {listed(readouts)}"
    return f"{said}. Biases were initialized by {listed(_laws_named(runs, 'bias_initializer'))}."


def _laws_named(runs: pd.DataFrame, name: str) -> list[str]:
    labels = sorted(_values(runs, name), key=initializer_order)
    return list(short_names(labels).values())


def _training(runs: pd.DataFrame) -> str:
    schedules = [name for name in _values(runs, "learning_rate_schedule") if name != "constant"]
    falling = f", {listed(schedules)} schedule" if schedules else ""
    losses = list(_losses(runs))
    return (
        f"Each run took {' or '.join(_values(runs, 'steps'))} steps of {_optimizers(runs)} at "
        f"{_noun('learning_rate', runs)}{falling}, on batches of "
        f"{' or '.join(_values(runs, 'batch_size'))} images, minimizing {listed(losses)}, in "
        f"{listed(_values(runs, 'dtype'))}."
    )


def _losses(runs: pd.DataFrame) -> Iterator[str]:
    """Yields what was minimized; a network of one output has a squared error of its own."""
    for name in _values(runs, "loss"):
        own = runs[runs["loss"] == name]
        numbers = own["target"].notna() if "target" in own else own["loss"].isna()
        if not numbers.all():
            yield _LOSSES.get(name, name)
        if numbers.any():
            yield "half the squared error of one output, the number of the class"


def _optimizers(runs: pd.DataFrame) -> str:
    found = []
    for name in _values(runs, "optimizer"):
        momenta = _values(runs[runs["optimizer"] == name], "momentum")
        said = _OPTIMIZERS.get(name, name)
        found.append(f"{said} {' or '.join(momenta)}" if momenta else said)
    return listed(found)


def _choices(runs: pd.DataFrame) -> Iterator[str]:
    """Yields what else was chosen, each in one sentence."""
    for name, noun in _NOUNS.items():
        values = _values(runs.fillna({name: "none"}) if name in runs else runs, name)
        if set(values) - _UNSAID:
            yield f"{noun.capitalize()}: {listed([value.replace('_', ' ') for value in values])}."


def _statistics(census: Census, runs: pd.DataFrame) -> str:
    said = (
        f"Intervals are 95 % Student t intervals of the mean over seeds, from {MIN_SEEDS} seeds "
        "on, of logarithms where the mean is geometric (moments, losses, factors); those of rates "
        "are Wilson's."
    )
    if diverged := int((runs["status"] == "diverged").sum()):
        said += (
            f" Of the runs, {diverged:,d} met a loss or gradient that is not finite; they are "
            "counted as diverged and kept."
        )
    if lost := (census.missing or 0) + census.failed:
        said += f" {counted(lost, 'more run')} that the sweep declares gave no result."
    return said


def _software(source: Source) -> str:
    made = [f"{name} {' and '.join(found)}" for name, found in source.versions.items()]
    device = f" on {listed(source.devices)}" if source.devices else ""
    return f"Runs were made{device} with {listed(made)}." if made else f"Runs were made{device}."


def _noun(name: str, runs: pd.DataFrame) -> str:
    """Returns a field with its values: `depth 5`, `depths 5 and 10`."""
    values = _values(runs, name)
    return f"{name.replace('_', ' ')}{'s' if len(values) > 1 else ''} {listed(values)}"


def _values(runs: pd.DataFrame, name: str) -> list[str]:
    """Returns a field's distinct values as text, numbers in order and names as they come."""
    if name not in runs:
        return []
    found: Iterable[Any] = runs[name].dropna().unique()
    if pd.api.types.is_numeric_dtype(runs[name]):
        return [f"{value:g}" for value in sorted(found)]
    return [str(value) for value in found]
