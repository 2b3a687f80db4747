"""Networks whose signal grows or shrinks by a known factor, for signal_propagation."""

from initlab.analysis.profiles import BACKWARD, FORWARD

from .tables import growing, shrinking, trial
from .tables import verdicts as verdicts_of

NAME = "signal_propagation"
HELD_OUT = {"test_accuracy": 0.9, "train_accuracy": 0.95, "train_loss": 0.2}


def verdicts(path):
    return verdicts_of(NAME, path)


def signal(factor, *, depth=5, scatter=0.0, records=HELD_OUT, more=None, **fields):
    """A trial whose mean square is multiplied by `factor` a layer both ways."""
    layers = {FORWARD: growing(factor, scatter), BACKWARD: shrinking(factor, depth)}
    return trial(layers=layers | (more or {}), records=records, depth=depth, **fields)


def units(spread, positive=0.5, **fields):
    jitter = lambda seed, step, layer: spread + 0.001 * (seed - 2) + 0.01 * layer  # noqa: E731
    more = {"positive_fraction_spread": jitter, "positive_fraction": positive}
    return signal(1.0, more=more | {"preactivation_unit_mean_spread": spread}, **fields)
