"""Half the weight variances of a net's layers: the rule of thumb for rectifiers."""

import math
from collections.abc import Mapping
from typing import Any

from initlab.analysis.run_rows import weight_rows
from initlab.analysis.verdicts import weight_variance
from initlab.architectures.rows import Row
from initlab.spec.laws import RECIPE_NAMES, RecipeLaw
from initlab.spec.recipes import Place, kernel_law


def half_variances(run: Mapping[Any, Any]) -> float:
    r"""Returns the mean of log10 of half the weight variances, over weight layers but the first.

    A wide layer of rectifiers, of weights with mean zero, multiplies the variance of preactivations
    by :math:`\tfrac12 n \operatorname{Var} w`, n the fan-in. Biases, pooling, padding and sums are
    left out of account; layers side by side are averaged.

    Args:
        run: a row of `runs`.

    Returns:
        NaN for another nonlinearity than a rectifier, with batch normalization, and for a law
        without a variance here.

    References:
        He et al., Delving Deep into Rectifiers (arXiv:1502.01852), section 2.2.
    """
    if run["activation"] != "relu" or run["norm"] not in ("none", "local_response"):
        return math.nan
    by_layer: dict[int, list[float]] = {}
    numbers = {"conv": 0, "dense": 0}
    for row in weight_rows(run):
        numbers[row.kind] += 1
        found = _variance(str(run["initializer"]), row, numbers[row.kind])
        if found is None or not found > 0:
            return math.nan
        by_layer.setdefault(row.here.layer, []).append(found)
    later = [sum(found) / len(found) for layer, found in by_layer.items() if layer > 1]
    return sum(math.log10(each / 2) for each in later) / len(later)


def _variance(label: str, row: Row, number: int) -> float | None:
    """Returns the variance of a layer's weights times their fan-in."""
    shape = row.kernel_shape or ()
    if label in RECIPE_NAMES:
        place = Place("dense" if row.kind == "dense" else "conv", number, row.answers)
        label = kernel_law(RecipeLaw.model_validate({"name": label}), place).label
    fan_in = math.prod(shape[:-1])
    if label.startswith("glorot"):
        return 2 * fan_in / (fan_in + math.prod(shape) // shape[-2])
    return weight_variance(label, fan_in)
