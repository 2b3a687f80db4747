"""Checks of the numbers that a law is made from, NaN and infinity refused by each."""

import math


def require_finite(name: str, value: float) -> None:
    """Raises `ValueError` unless `value` is a finite number."""
    if not math.isfinite(value):
        raise ValueError(f"`{name}` must be finite, got {value}.")


def require_positive(name: str, value: float) -> None:
    """Raises `ValueError` unless `value` is finite and above zero."""
    if not value > 0:
        raise ValueError(f"`{name}` must be positive, got {value}.")
    require_finite(name, value)


def require_not_negative(name: str, value: float) -> None:
    """Raises `ValueError` unless `value` is finite and at least zero."""
    if not value >= 0:
        raise ValueError(f"`{name}` must not be negative, got {value}.")
    require_finite(name, value)
