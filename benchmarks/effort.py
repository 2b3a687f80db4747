"""How much is measured: enough for figures, or just enough to see that everything runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """What a benchmark may spend.

    Attributes:
        rounds: how often each arm is timed.
        quick: whether sizes shrink until the figures mean nothing.
    """

    rounds: int = 5
    quick: bool = False

    def size(self, full: int, quick: int) -> int:
        """Returns the size to measure at."""
        return quick if self.quick else full
