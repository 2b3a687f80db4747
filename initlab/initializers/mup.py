"""The maximal update parametrization: how variances and learning rates go with the fans."""

from typing import Literal, NamedTuple, get_args

from initlab.initializers.fans import fans

MupKind = Literal["input", "hidden", "output"]
MupOptimizer = Literal["sgd", "adam"]


class MupScaling(NamedTuple):
    """What the constants of one parameter array, tuned at any width, are multiplied by.

    Attributes:
        variance: of the weights, before training.
        learning_rate: of the array's own updates.
    """

    variance: float
    learning_rate: float


def mup(kind: MupKind, optimizer: MupOptimizer, shape: tuple[int, ...]) -> MupScaling:
    r"""Returns the scaling of one parameter array by its fans.

    | array | variance | learning rate, SGD | learning rate, Adam |
    |---|---|---|---|
    | `input`: first kernel, every bias | :math:`1/\text{fan\_in}` | :math:`\text{fan\_out}` | 1 |
    | `hidden`: both fans are widths | :math:`1/\text{fan\_in}` | 1 | :math:`1/\text{fan\_in}` |
    | `output`: the last kernel | :math:`1/\text{fan\_in}^2` | :math:`1/\text{fan\_in}` | as SGD |

    With these the change of every preactivation in a step, and so the best learning rate, does
    not depend on the width; with one learning rate for all arrays it grows with it. The table
    holds up to a constant an array and a power of the width that the three columns may trade:
    compare two widths by the quotient of their scalings.

    Args:
        kind: which of the three an array is.
        optimizer: `"sgd"`, with or without momentum, or `"adam"`.
        shape: `(*window, in, out)`, or `(out,)` for a bias, whose fan-in is 1.

    Raises:
        ValueError: if `kind` or `optimizer` is unknown, or a bias is not an `input`.

    References:
        Yang et al., Tensor Programs V: Tuning Large Neural Networks via Zero-Shot Hyperparameter
        Transfer (arXiv:2203.03466), table 3.

    Example:
        >>> mup("hidden", "adam", (256, 256))
        MupScaling(variance=0.00390625, learning_rate=0.00390625)
    """
    if kind not in get_args(MupKind):
        raise ValueError(f"`kind` must be one of {', '.join(get_args(MupKind))}, got {kind!r}.")
    if optimizer not in get_args(MupOptimizer):
        accepted = ", ".join(get_args(MupOptimizer))
        raise ValueError(f"`optimizer` must be one of {accepted}, got {optimizer!r}.")
    if len(shape) == 1 and kind != "input":
        raise ValueError(f"`kind` of a bias of shape {shape} must be 'input', got {kind!r}.")
    fan_in, fan_out = fans(shape) if len(shape) > 1 else (1, shape[0])
    if kind == "input":
        return MupScaling(1.0 / fan_in, float(fan_out) if optimizer == "sgd" else 1.0)
    if kind == "hidden":
        return MupScaling(1.0 / fan_in, 1.0 if optimizer == "sgd" else 1.0 / fan_in)
    return MupScaling(1.0 / fan_in**2, 1.0 / fan_in)
