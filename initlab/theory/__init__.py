"""What the theory of wide random networks expects, for any scalar function, in double precision."""

from initlab.theory.gaussian import (
    gain,
    mean,
    mean_growth,
    second_moment,
    second_moment_growth,
    slope_second_moment,
)

__all__ = [
    "gain",
    "mean",
    "mean_growth",
    "second_moment",
    "second_moment_growth",
    "slope_second_moment",
]
