"""Where the taps of a window lie on an image, along one axis."""

from typing import NamedTuple

from initlab.architectures.sizes import Padding


class Fit(NamedTuple):
    """How often a window fits.

    Attributes:
        places: how many outputs there are.
        before: what is padded before the image.
        after: what is padded after it.
        dropped: how many of the last entries, padding included, no window meets.
    """

    places: int
    before: int
    after: int
    dropped: int


def fit(
    size: int, taps: int, *, stride: int = 1, padding: Padding = "VALID", dilation: int = 1
) -> Fit:
    """Returns how often a window fits: `(size - taps + before + after) // stride + 1` times.

    Args:
        size: entries of the image along the axis.
        taps: entries of the window.
        stride: steps between two places.
        padding: "SAME" and "VALID" as in JAX, with the odd zero of SAME at the end; "CIRCULAR" as
            in Flax, on an image that closes on itself; a number pads both ends by it.
        dilation: steps between two taps.

    Raises:
        ValueError: if the window is larger than the image with its padding.

    >>> fit(224, 7, stride=2, padding=3)
    Fit(places=112, before=3, after=3, dropped=1)
    """
    reach = (taps - 1) * dilation + 1
    before, after = _padded(size, reach, stride, padding)
    room = size + before + after - reach
    if room < 0:
        raise ValueError(
            f"`window` must fit into the image: {reach} entries of the window do not go into "
            f"{size} and {before + after} of padding. Pool or stride less before it, or give a "
            "larger image."
        )
    return Fit(room // stride + 1, before, after, room % stride)


def _padded(size: int, reach: int, stride: int, padding: Padding) -> tuple[int, int]:
    """Returns what is padded before and after an image."""
    match padding:
        case "VALID":
            return 0, 0
        case "SAME":
            places = -(-size // stride)
            total = max((places - 1) * stride + reach - size, 0)
            return total // 2, total - total // 2
        case "CIRCULAR":
            return (reach - 1) // 2, reach // 2
        case number:
            return int(number), int(number)
