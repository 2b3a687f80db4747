"""What is known of a layer's output, and of the gradient that comes back to it."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from initlab.architectures.sizes import Sizes
from initlab.theory.function import Phi

type Places = Float[np.ndarray, " place"]
type Pairs = Float[np.ndarray, "place place"]
type Link = Callable[[Gradient], Gradient]


class Gaussian(NamedTuple):
    """Gaussian variables of mean zero at each place, alike and independent over the channels.

    Attributes:
        same: covariance of the variables of one input at two places.
        other: the same for two different inputs.
    """

    same: Pairs
    other: Pairs


@dataclass(frozen=True)
class Signal:
    """A layer's output, in expectation over networks; what theory has no number for is NaN.

    Attributes:
        channels: number of channels, or of units.
        size: places along each axis; none for units.
        mean: mean over the channels, at each place.
        same: mean over the channels of the product of two places' values, for one input.
        other: the same for two different inputs.
        gaussian: the Gaussian variables that the values are a function of, where there are any.
        phi: that function; None where the values are the variables themselves, or nothing of them.
        square_covariance: covariance of the squares of one channel's values at two places over
            the square of `level`; one over `channels` of it is how their mean scatters.
        modes: how each of the independent fluctuations of networks of finite width moves the mean
            square at each place, in standard deviations and over `level`.
        notes: why something has no number.
        filled: share of the channels that are not zero for certain.
        kept: share of the scatter of a mean square of independent Gaussian variables that these do
            not have, for their weights keep lengths.
    """

    channels: int
    size: Sizes
    mean: Places
    same: Pairs
    other: Pairs
    gaussian: Gaussian | None
    phi: Phi | None
    square_covariance: Pairs
    modes: Float[np.ndarray, "place mode"]
    notes: tuple[str, ...] = ()
    filled: float = 1.0
    kept: float = 0.0

    @property
    def places(self) -> int:
        """The number of places."""
        return math.prod(self.size)

    @property
    def second(self) -> Places:
        """The mean square at each place."""
        return np.diagonal(self.same)

    @property
    def level(self) -> float:
        """The mean over the places of the mean square."""
        return float(self.second.mean())

    @property
    def relative(self) -> Places:
        """The mean square at each place over `level`; NaN without a signal."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.second / self.level)

    def without_scatter(self, note: str, **changes: Any) -> "Signal":
        """Returns the signal with these changes, one network's scatter being unknown from here."""
        lost = np.full_like(changes.get("same", self.same), np.nan)
        return replace(
            self,
            notes=noted(self.notes, note),
            square_covariance=lost,
            modes=lost[:, :1],
            **changes,
        )

    def without_numbers(self, note: str, size: Sizes | None = None) -> "Signal":
        """Returns a signal of this size, by default the same, of which nothing is known."""
        size = self.size if size is None else size
        lost = np.full((math.prod(size),) * 2, np.nan)
        return self.without_scatter(
            note, size=size, mean=lost[0], same=lost, other=lost, gaussian=None, phi=None
        )


@dataclass(frozen=True)
class Gradient:
    """The loss's gradient at a layer's output, in expectation over networks.

    Attributes:
        second: mean square over the channels, at each place.
        independent: whether the gradients of two places are uncorrelated.
        slope: mean square of the slope of an activation that the gradient reaches next, at each
            place, where it is not that of every value: a maximum chooses.
        spread: variance of the logarithm of one network's mean square, but for what the layer's own
            units add and what `modes` move.
        kurtosis: mean fourth power of one unit's gradient over its mean square's square, which the
            layer's own units scatter by; 1 where the mean square is given.
        kept: what that scatter is less, times the number of units, for weights keep lengths.
        modes: how each of the independent fluctuations of the forward pass moves the logarithm of
            the mean square, by the slopes that the gradient has met.
        notes: why something has no number.
    """

    second: Places
    independent: bool = True
    slope: Places | None = None
    spread: float = 0.0
    kurtosis: float = 1.0
    kept: float = 0.0
    modes: Float[np.ndarray, " mode"] = field(default_factory=lambda: np.zeros(0))
    notes: tuple[str, ...] = ()

    def own_spread(self, channels: int) -> float:
        """Returns that variance with what the layer's own units add."""
        return self.spread + math.log1p(max(self.kurtosis - 1 - self.kept, 0.0) / channels)

    def total_spread(self, channels: int) -> float:
        """Returns the variance of the logarithm of one network's mean square."""
        return self.own_spread(channels) + float(self.modes @ self.modes)

    def without_scatter(self, note: str) -> "Gradient":
        """Returns the gradient without what is known of one network's scatter."""
        return replace(self, spread=math.nan, notes=noted(self.notes, note))

    def lost(self, note: str, places: int) -> "Gradient":
        """Returns a gradient of which nothing is known."""
        return Gradient(
            np.full(places, np.nan),
            self.independent,
            spread=math.nan,
            notes=noted(self.notes, note),
        )


def noted(notes: tuple[str, ...], *more: str) -> tuple[str, ...]:
    """Returns notes with more of them, each once."""
    return tuple(dict.fromkeys((*notes, *more)))


def signal_of_gaussian(
    signal: Signal,
    gaussian: Gaussian,
    modes: Float[np.ndarray, "place mode"],
    kept: float = 0.0,
    **changes: Any,
) -> Signal:
    """Returns `signal` with its values being Gaussian variables, and with these changes.

    Args:
        signal: what they are made of.
        gaussian: the variables.
        modes: as of the signal that is returned.
        kept: likewise.
        **changes: further fields.
    """
    second = np.diagonal(gaussian.same)
    with np.errstate(invalid="ignore"):
        relative = gaussian.same / second.mean()
    return replace(
        signal,
        mean=np.zeros_like(second),
        same=gaussian.same,
        other=gaussian.other,
        gaussian=gaussian,
        phi=None,
        square_covariance=2
        * (1 - kept)
        * relative**2
        * (1 + carried(modes, np.diagonal(relative))),
        modes=modes,
        filled=1.0,
        kept=kept,
        **changes,
    )


def carried(modes: Float[np.ndarray, "place mode"], relative: Places) -> Pairs:
    """Returns the relative covariance over networks of the mean squares at two places.

    Args:
        modes: as of a signal.
        relative: the same signal's.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((modes @ modes.T) / np.multiply.outer(relative, relative))


def share(part: float, whole: float) -> float:
    """Returns what part of a level comes from another, NaN without a signal."""
    return part / whole if whole else math.nan
