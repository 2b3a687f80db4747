"""What the sizes of a layer may be."""

from typing import Literal

type Sizes = tuple[int, ...]
type Padding = Literal["SAME", "VALID", "CIRCULAR"] | int

PADDINGS = ("SAME", "VALID", "CIRCULAR")


def require_number(name: str, value: int) -> None:
    """Raises `ValueError` unless `value` is a whole number above zero."""
    if not value > 0 or value != int(value):
        raise ValueError(f"`{name}` must be positive, got {value}.")


def require_window(window: Sizes, padding: Padding, **steps: Sizes) -> None:
    """Raises unless a window, its steps and its padding are such."""
    if not window or min(window) < 1:
        raise ValueError(f"`window` must have positive sizes, got {window}.")
    for name, sizes in steps.items():
        if sizes and (len(sizes) != len(window) or min(sizes) < 1):
            raise ValueError(
                f"`{name}` must be positive, one for each axis of the window {window}, got {sizes}."
            )
    if isinstance(padding, str) and padding not in PADDINGS:
        raise ValueError(
            f"`padding` must be a number or one of {', '.join(PADDINGS)}, got {padding!r}."
        )
    if not isinstance(padding, str) and padding < 0:
        raise ValueError(f"`padding` must not be negative, got {padding}.")


def require_divisor(groups: int, inputs: int, outputs: int) -> None:
    """Raises unless the groups of a convolution divide its channels on both sides."""
    if inputs % groups or outputs % groups:
        raise ValueError(
            f"`groups` must divide the {inputs} input and the {outputs} output channels, got "
            f"{groups}: give a width of which both are multiples of {groups}."
        )
