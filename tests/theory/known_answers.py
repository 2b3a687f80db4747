"""The known answers: numbers of the literature and of an independent quadrature, by their path.

The file's `meta` says how they were computed. A number's tolerance is 1e-9 relative or 1e-12
absolute, or half a unit of the last digit of a column that is printed with few.
"""

import json
import math
from pathlib import Path

import jax

KNOWN = json.loads(Path(__file__).with_name("known_answers.json").read_text())


def leaky_relu(slope):
    def leaky(x):
        return jax.nn.leaky_relu(x, negative_slope=slope)

    return leaky


def erf_scaled(x):
    return jax.scipy.special.erf(math.sqrt(math.pi) / 2 * x)


# The file's names of functions that are not the lab's.
FUNCTIONS = {"linear": "identity", "erf_scaled": erf_scaled} | {
    f"leaky_relu({slope})": leaky_relu(slope) for slope in (0.01, 0.1, 0.2, 0.25, 0.3)
}


def function_of(name):
    """Returns what the lab knows a function of the file by."""
    return FUNCTIONS.get(name, name)


def leaves(node, path=()):
    """Yields each number, text or null of a JSON document with its path."""
    if isinstance(node, dict | list):
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, inner in items:
            yield from leaves(inner, (*path, key))
    else:
        yield path, node


def digits(number):
    """Returns how many significant digits a number is printed with."""
    mantissa = repr(float(number)).partition("e")[0].replace(".", "").replace("-", "")
    return len(mantissa.strip("0"))


LEAVES = dict(leaves(KNOWN))
# Columns printed with fewer than ten digits; every other number has to be right to 1e-9.
SHORT = {
    ("critical", "V_over_q_minus_1_at_q_1e_4"),
    ("selu", "J_dmean_dvar"),
    ("selu", "J_dvar_dvar"),
    ("selu", "spectral_norm"),
    ("jacobian_singular_values", "theory_var"),
    ("cs231n_10_layer_mean_field_prediction", "layer_std"),
    ("cs231n_10_layer_mean_field_prediction", "layer_mean"),
}


def column_of(path):
    """Returns what numbers printed alike share: the block and the last key that is text."""
    return path[0], next(key for key in reversed(path) if isinstance(key, str))


def printed_digits(column):
    """Returns the digits of a column: trailing zeros are not printed, so its longest number's."""
    return max(digits(value) for path, value in LEAVES.items() if column_of(path) == column)


PRINTED = {column: printed_digits(column) for column in SHORT}


def tolerance(path):
    """Returns by how much the number at a path may be missed."""
    value = abs(LEAVES[path])
    unit = 0.0
    if value and column_of(path) in SHORT:
        unit = 10.0 ** (math.floor(math.log10(value)) + 1 - PRINTED[column_of(path)])
    # The half of the last unit, and what adding it in float64 rounds.
    return max(1e-9 * value, 1e-12, unit / 2 * (1 + 1e-9))
