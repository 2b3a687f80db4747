"""Laws that begin with filters made by hand, and the kernels that can hold them."""

from typing import Annotated, Literal

from pydantic import Field

from initlab.spec.law import Law, Positive

Spare = Literal["random", "repeat"]
Form = Literal["binary", "mean_removed"]


class HandMade(Law):
    """Filters of norm `gain`; where a layer has more, `spare` says what they are."""

    gain: Positive = 1.0
    spare: Spare = "random"

    def fault(self, kernel_shape: tuple[int, ...]) -> str | None:
        """Returns why the filters do not fit into a kernel, or None where they do."""
        return window_fault(self.name, kernel_shape)


class DerivativeBank(HandMade):
    """A derivative in several directions."""

    name: Literal["sobel", "prewitt", "laplacian"]


class GaborBank(HandMade):
    """Waves under a Gaussian, `cycles` of them in a window."""

    name: Literal["gabor"]
    cycles: Positive = 1.25
    orientations: Annotated[int, Field(ge=1)] = 8

    def fault(self, kernel_shape: tuple[int, ...]) -> str | None:
        """Returns why the filters do not fit into a kernel, or None where they do."""
        found = super().fault(kernel_shape)
        if found or self.cycles < kernel_shape[0] / 2:
            return found
        return (
            f"`cycles` must be below half of the window's {kernel_shape[0]}, got {self.cycles}, "
            f"for a kernel of shape {kernel_shape}"
        )


class PatternBank(HandMade):
    """A shape in ones on zeros, or with its mean removed."""

    name: Literal["curve_detector", "x_detector"]
    form: Form = "mean_removed"


def window_fault(name: str, kernel_shape: tuple[int, ...]) -> str | None:
    """Returns why a kernel has no window for filters made by hand, or None where it has one.

    >>> window_fault("sobel", (3, 3, 1, 8))
    >>> window_fault("sobel", (64, 10))
    '`sobel` needs a kernel with a square window of odd size from 3 on, got shape (64, 10)'
    """
    *window, _, _ = kernel_shape if len(kernel_shape) > 1 else (0, 0)
    fits = len(window) == 2 and window[0] == window[1] >= 3 and window[0] % 2 == 1
    if fits:
        return None
    return (
        f"`{name}` needs a kernel with a square window of odd size from 3 on, "
        f"got shape {kernel_shape}"
    )
