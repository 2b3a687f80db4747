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
from initlab.spec.schema import RunSpec
from initlab.spec.schemes import NoScheme

_FEW = 0.05  # of the trials, at most, are told apart from the product
_MODELS = {"mlp": "multilayer perceptrons", "convnet": "plain convolutional networks"}
_OPTIMIZERS = {"sgd": "SGD", "momentum": "SGD with momentum", "adam": "Adam"}
_LOSSES = {"cross_entropy": "the cross-entropy", "mse": "half the summed squared error"}
_INPUTS = {
    "standardized": "standardized by mean and deviation of the training part",
    "centred": "centred at the training part's mean",
    "unit": "scaled to 0 to 1",
    "raw": "as they are",
}
# Of each field that has no sentence of its own, what it is.
_NOUNS = {
    "scale": "sizes of the networks",
    "norm": "normalization",
    "residual": "residual branches",
    "kernel_size": "taps of a convolution along each axis",
    "padding": "padding of convolutions",
    "after_pooling": "after the first pooling",
    "dropout": "share of hidden activations dropped in training",
    "first_window": "taps of the first convolution along each axis",
    "removed_layers": "last layers that are a new head",
    "frozen_layers": "first layers kept as they begin",
    "head_learning_rate_multiplier": "learning rate of the head multiplied by",
    "scheme": "scheme before step 0",
    "probes": "asked of trained networks besides",
    "gradient_clip": "gradient norms clipped at",
    "warmup_steps": "steps of warm-up",
    "validation_fraction": "share of the training images held out for validation",
    "matmul_precision": "precision of matrix products",
}
_LAYERS = {
    "first_initializer": "the first layer",
    "readout_initializer": "the readout",
    "head_initializer": "the head",
}
_SENTENCES = {
    "model", "depth", "width", "activation", "dataset", "classes", "image_size", "inputs",
    "initializer", "bias_initializer", *_LAYERS, "optimizer", "momentum", "adam_beta1",
    "adam_beta2", "adam_epsilon", "learning_rate", "learning_rate_schedule", "batch_size",
    "steps", "loss", "target", "dtype",
}  # fmt: skip
_UNSAID = {"seed", "measure"}  # a trial's own repetitions, and what alters no run
_NEEDED = {
    "model", "depth", "width", "activation", "dataset", "inputs", "initializer", "batch_size",
    "bias_initializer", "readout_initializer", "optimizer", "learning_rate", "loss", "dtype",
}  # fmt: skip


def methods(source: Source, runs: pd.DataFrame) -> tuple[str, ...]:
    """Returns the sentences of a methods paragraph, as plain text.

    A field that the sweep varies is given with all its values, and one that is not at its default
    with its value; which were combined the specification says. Nothing is returned where no run
    has results, or where a field that every run has by now was not recorded.

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
    inputs = [
        f"{_few(runs, 'inputs', name)}{_INPUTS.get(name, name)}" for name in _values(runs, "inputs")
    ]
    reduced = ""
    if sides := [f"{side} by {side} pixels" for side in _values(runs, "image_size")]:
        reduced += f", {_some(runs['image_size'].notna())}reduced to {listed(sides)}"
    if parts := [name.replace("+", ", ") for name in _values(runs, "classes")]:
        of_them = f"of the classes {' or '.join(parts)} alone (numbered from 0)"
        reduced += f", {_some(runs['classes'].notna())}{of_them}"
    return f"Images are those of {listed(sets)}{reduced}, {', or '.join(inputs)}."


def _size(runs: pd.DataFrame) -> str:
    seeds = runs.groupby("trial_id").size()
    low, high = int(seeds.min()), int(seeds.max())
    n = f"{low}" if low == high else f"{low} to {high}"
    trials = "1 trial" if len(seeds) == 1 else f"{len(seeds):,d} trials"
    verb = "makes" if len(seeds) == 1 else "each make"
    return (
        f"{trials} with n = {n} {'seed' if high == 1 else 'seeds'} {verb} {len(runs):,d} "
        f"{'run' if len(runs) == 1 else 'runs'}; a seed decides parameters and batches."
    )


def _laws(runs: pd.DataFrame) -> str:
    said = f"Kernels were initialized {_by_laws(runs, 'initializer')}"
    for name, layer in _LAYERS.items():
        if name not in runs:
            continue
        own = runs[name].notna() & (runs[name] != runs["initializer"])
        if own.any():
            said += f", {_some(own)}{layer} {_by_laws(runs[own], name)}"
    return f"{said}. Biases were initialized {_by_laws(runs, 'bias_initializer')}."


def _by_laws(runs: pd.DataFrame, name: str) -> str:
    """Returns by which laws, those of few trials last: `by zeros, in 1 trial by constant 1`."""
    labels = sorted(_values(runs, name), key=initializer_order)
    laws: dict[int, list[str]] = {0: []}
    for label, short in short_names(labels).items():
        laws.setdefault(_few_trials(runs, name, label), []).append(short)
    said = [f"by {listed(laws.pop(0))}"]
    for few, those in sorted(laws.items()):
        said.append(
            f"in {counted(few, 'trial')}{' each' if len(those) > 1 else ''} by {listed(those)}"
        )
    return ("; " if any("," in text for text in said) else ", ").join(said)


def _training(runs: pd.DataFrame) -> str:
    schedules = _values(runs, "learning_rate_schedule")
    falling = f", {listed(schedules)} schedule" if set(schedules) - {"constant"} else ""
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
        own = runs[runs["optimizer"] == name]
        said = _OPTIMIZERS.get(name, name)
        if momenta := _values(own, "momentum"):
            said += f" {' or '.join(momenta)}"
        if decays := [*_values(own, "adam_beta1"), *_values(own, "adam_beta2")]:
            said += f" of decays {listed(decays)}"
        if epsilons := _values(own, "adam_epsilon"):
            said += f" and epsilon {listed(epsilons)}"
        found.append(said)
    return listed(found)


def _choices(runs: pd.DataFrame) -> Iterator[str]:
    """Yields what else was chosen, each in one sentence, in the order of a specification."""
    for name, field in RunSpec.model_fields.items():
        if name in _SENTENCES | _UNSAID or name not in runs:
            continue
        values, usual = _values(runs, name), _usual(field.default)
        if runs[name].isna().any() and usual not in values:
            values = [usual, *values]
        if values != [usual]:
            noun = _NOUNS.get(name, name.replace("_", " ")).capitalize()
            yield f"{noun}: {listed([value.replace('_', ' ') for value in values])}."
    yield "What is not named here has the default of initlab's specification."


def _usual(default: Any) -> str:
    """Returns a field's default as `runs` has it, `none` for a choice not made."""
    match default:
        case int() | float():
            return f"{default:g}"
        case str():
            return default
        case NoScheme() | ():
            return "none"
    return str(default)


def _statistics(census: Census, runs: pd.DataFrame) -> str:
    said = (
        "Where a table does not say otherwise, intervals are 95 % Student t intervals of the mean "
        f"over seeds, from {MIN_SEEDS} seeds on, of logarithms where the mean is geometric "
        "(moments, losses, factors); those of rates are Wilson's."
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
    made = source.made_with
    device = f" on {listed(source.devices)}" if source.devices else ""
    return f"Runs were made{device} with {listed(made)}." if made else f"Runs were made{device}."


def _some(chosen: "pd.Series[bool]") -> str:
    """Returns the words before what is not so in all runs."""
    return "" if chosen.all() else "in some runs "


def _few(runs: pd.DataFrame, name: str, value: str) -> str:
    """Returns the words before a value that few trials have beside one that most have, if so."""
    few = _few_trials(runs, name, value)
    return f"in {counted(few, 'trial')} apart " if few else ""


def _few_trials(runs: pd.DataFrame, name: str, value: str) -> int:
    """Returns how many trials have a value, where they are few and most have another; else 0."""
    trials = runs.drop_duplicates("trial_id")[name].value_counts()
    few = int(trials.get(value, 0))
    many = few > _FEW * len(runs["trial_id"].unique()) or few * 2 > int(trials.max())
    return 0 if many else few


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
