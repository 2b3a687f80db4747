"""Residual blocks in their variants: how a branch is kept from growing what it is added to."""

import math
from dataclasses import replace

from initlab.architectures.layers import Activation, Convolution, Dense, Layer, Norm, Residual
from initlab.architectures.recipe import Recipe
from initlab.architectures.scalars import Multiplier, Offset


def summed(
    recipe: Recipe, inside: tuple[Layer, ...], shortcut: tuple[Layer, ...], *, sums: int
) -> tuple[Layer, ...]:
    r"""Returns a residual block in the variant of `recipe.residual`.

    - "plain": the nonlinearity of :math:`x + f(x)`.
    - "scaled": of :math:`x + f(x) / \sqrt{L}`, L the number of sums.
    - "zero_gamma": plain, the last normalization's scale zero before training.
    - "skip_init": of :math:`x + \alpha f(x)`, :math:`\alpha` trained from zero.
    - "rezero": :math:`x + \alpha \varphi(f(x))` and no nonlinearity after it, likewise.
    - "fixup": the branch's last convolution zero before training, the others :math:`L^{-1/(2m-2)}`
      of what is drawn, m convolutions to a branch; a trained number is added before each of
      them and at the end, and another, one at first, multiplies. Biases after them are their own.

    Args:
        recipe: tells the variant.
        inside: convolutions, each with normalization and nonlinearity.
        shortcut: layers; none is the identity.
        sums: L.

    References:
        Goyal et al., Accurate, large minibatch SGD, 2017, arXiv:1706.02677 (zero gamma).
        De and Smith, Batch normalization biases residual blocks, 2020, arXiv:2002.10444 (SkipInit).
        Bachlechner et al., ReZero is all you need, 2020, arXiv:2003.04887.
        Zhang, Dauphin and Ma, Fixup initialization, 2019, arXiv:1901.09321.
    """
    *branch, last = inside
    match recipe.residual:
        case "scaled":
            return (Residual(tuple(branch), shortcut, 1 / math.sqrt(sums)), last)
        case "zero_gamma" if isinstance(branch[-1], Norm):
            zero = replace(branch[-1], first_scale=0.0)
            return (Residual((*branch[:-1], zero), shortcut), last)
        case "skip_init":
            return (Residual((*branch, Multiplier(0.0)), shortcut), last)
        case "rezero":
            return (Residual((*inside, Multiplier(0.0)), shortcut),)
        case "fixup":
            return (Residual(_fixed_up(tuple(branch), sums), shortcut), last)
    return (Residual(tuple(branch), shortcut), last)


def readout(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns the readout of a residual net: zero before training where Fixup has it so."""
    if recipe.residual == "fixup":
        return (Offset(), Dense(recipe.classes, first_scale=0.0))
    return (Dense(recipe.classes),)


def _fixed_up(branch: tuple[Layer, ...], sums: int) -> tuple[Layer, ...]:
    """Returns a branch as Fixup has it."""
    number = sum(isinstance(layer, Convolution) for layer in branch)
    factor = sums ** (-1 / (2 * number - 2))
    found: list[Layer] = []
    for layer in branch:
        if isinstance(layer, Convolution):
            number -= 1
            scaled = replace(layer, first_scale=factor if number else 0.0)
            found += [Offset(), scaled]
        elif isinstance(layer, Activation):
            found.append(layer)
    return (*found, Multiplier(), Offset())
