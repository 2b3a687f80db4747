"""Layers of one trained number: what residual branches are scaled and shifted by."""

from dataclasses import dataclass

from initlab.architectures.layers import Layer


@dataclass(frozen=True)
class Multiplier(Layer):
    """One trained number that every value is multiplied by.

    Attributes:
        first: the number before training.
    """

    first: float = 1.0


@dataclass(frozen=True)
class Offset(Layer):
    """One trained number, zero before training, that is added to every value."""
