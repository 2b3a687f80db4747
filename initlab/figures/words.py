"""Words for statistics, and sentences for whom cannot see a figure."""

import math
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from initlab.analysis.names import activation_order, initializer_order, short_names
from initlab.analysis.numbers import number

STATISTICS: dict[str, str] = {
    "preactivation_mean": "mean preactivation",
    "preactivation_variance": "variance of preactivations",
    "preactivation_second_moment": "mean square of preactivations",
    "activation_mean": "mean activation",
    "activation_variance": "variance of activations",
    "activation_second_moment": "mean square of activations",
    "batch_correlation": "correlation of two inputs",
    "dead_fraction": "share of dead units",
    "saturated_fraction": "share of saturated entries",
    "preactivation_gradient_variance": "variance of gradients",
    "preactivation_gradient_second_moment": "mean square of gradients",
    "kernel_variance": "variance of the weights",
    "kernel_gradient_variance": "variance of the weights' gradients",
    "update_to_weight_ratio": "update relative to the weights",
    "duplicate_unit_fraction": "share of duplicate units",
    "unit_cosine": "cosine between units",
    "kernel_evenness": "least over greatest weight",
    "effective_rank": "effective rank of activations",
    "kernel_gradient_rank": "effective rank of gradients",
    "preactivation_unit_mean_spread": "spread of the units' means",
    "preactivation_unit_variance_spread": "spread of the units' variances",
    "positive_fraction": "share of positive preactivations",
    "positive_fraction_spread": "spread of the units' shares",
    "train_loss": "training loss",
    "train_accuracy": "training accuracy",
    "test_loss": "test loss",
    "test_accuracy": "test accuracy",
    "dropped_accuracy": "test accuracy with dropout acting",
    "shifted_accuracy": "test accuracy of moved images",
    "removed_accuracy": "test accuracy without some units",
    "validation_loss": "validation loss",
    "validation_accuracy": "validation accuracy",
    "steps_to_accuracy": "steps to a training accuracy",
    "half_squared_error": "half squared error",
    "gradient_norm": "norm of the gradient",
    "edge_detection": "edges told from other places",
    "edge_correlation": "correlation with the gradient",
    "orientation_selectivity": "orientation selectivity",
    "frequency_selectivity": "frequency selectivity",
    "gabor_similarity": "similarity to a Gabor filter",
    "mean_frequency": "mean frequency, cycles a pixel",
    "colour_selectivity": "colour selectivity",
    "colour_spread": "spread of colour selectivity",
    "relative_movement": "movement over length",
    "cosine_to_start": "cosine with the start",
    "greatest_match": "greatest correlation with the X",
    "found_there": "greatest answer at the very place",
    "answer_elsewhere": "answer to noise over that to the shape",
    "probe_accuracy": "test accuracy of a linear probe",
    "bar_tuning": "tuning to oriented bars",
    "prediction_entropy": "entropy of predictions",
}


def statistics_of(table: pd.DataFrame) -> list[str]:
    """Returns the statistics that a table holds, in the order of `STATISTICS`."""
    held = set(table["statistic"].unique())
    return [name for name in STATISTICS if name in held]


def statistic_name(name: str, unit: str = "unit") -> str:
    """Returns a statistic's name in plain words; `unit` is what a layer's units are called."""
    return STATISTICS.get(name, name.replace("_", " ")).replace("unit", unit)


def span(values: "pd.Series[float]") -> str:
    """Returns the range of the finite values: `from 0.1 to 2`."""
    finite = values[values.notna() & ~values.isin([math.inf, -math.inf])]
    if finite.empty:
        return "without a value"
    return f"from {number(float(finite.min()))} to {number(float(finite.max()))}"


def ranges(table: pd.DataFrame, unit: str = "unit") -> str:
    """Returns a table's statistics with the range of each: `test loss (from 0.1 to 2)`."""
    return listed(
        [
            f"{statistic_name(str(name), unit)} ({span(values)})"
            for name, values in table.groupby("statistic")["value"]
        ]
    )


def listed(words: Sequence[object]) -> str:
    """Returns words as a sentence lists them: `a, b and c`."""
    texts = [str(word) for word in words]
    comma = "; " if any("," in text for text in texts) else ", "
    return texts[0] if len(texts) == 1 else f"{comma.join(texts[:-1])} and {texts[-1]}"


def extreme(table: pd.DataFrame, column: str, *, least: bool = False) -> dict[Hashable, Any]:
    """Returns the row whose `column` is greatest, or least."""
    ordered = table.sort_values(column, ascending=least, kind="stable")
    return ordered.iloc[:1].to_dict("records")[0]


def groups(table: pd.DataFrame, by: str = "initializer") -> str:
    """Returns which lines, activations and depths a table holds."""
    labels = sorted((str(label) for label in table[by].unique()), key=initializer_order)
    names = list(short_names(labels).values()) if by == "initializer" else labels
    parts = [f"{by.replace('_', ' ')} {listed(names)}"]
    if "activation" in table:
        activations = sorted(map(str, table["activation"].unique()), key=activation_order)
        parts.append(f"activation {listed(activations)}")
    if "depth" in table:
        parts.append(f"depth {listed(sorted(table['depth'].unique()))}")
    return "; ".join(parts)


def seeds(table: pd.DataFrame) -> str:
    """Returns over how many seeds a table of means goes, and what its interval is."""
    most, least = int(table["num_runs"].max()), int(table["num_runs"].min())
    count = f"{most} seeds" if most == least else f"{least} to {most} seeds"
    if table["low"].notna().any():
        return f"mean over {count} with 95 % interval"
    return f"mean over {count} and the single seeds, without interval"
