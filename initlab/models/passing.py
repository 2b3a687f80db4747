"""One pass of a batch through a model: what it is told, and what it notes down on the way."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from initlab.initializers.schemes.base import Visit
from initlab.measure.tap import gradient_tap

type Observe = Callable[[Array, Array | None], Array]
type Activate = Callable[[Array], Array]
type Statistics = Any  # of normalization layers, by the order of the pass


class Pass:
    """What goes with a batch from layer to layer.

    A model calls `site` at each of its sites in the order of the forward pass, and layers that
    normalize or drop ask it for what they need. It lives while a pass is traced, no longer.

    Args:
        slots: `(site, statistic)` zeros or ones; their gradients are the backward statistics.
        observe: a function of a site's preactivation and its activation, None where none follows.
        statistics: what batch normalization divides by, as a pass before it returned; None takes
            the batch's own, as in training.
        key: what dropout draws from; None drops nothing.
        held: which of the given statistics are divided by in training, beside a batch's own.
        visit: changes each weight layer by what reaches it; None leaves them as they are.

    Attributes:
        found: what normalization layers noted down.
        visits: what the visits returned.
        answers: of each auxiliary head the weight of its loss, and its logits `(batch, outputs)`.
    """

    def __init__(
        self,
        slots: Array | None = None,
        observe: Observe | None = None,
        statistics: Statistics = None,
        key: Array | None = None,
        visit: Visit | None = None,
        held: Statistics = None,
    ) -> None:
        self.slots = slots
        self.observe = observe
        self.given = statistics
        self.held = held
        self.key = key
        self.visit = visit
        self.found: list[Any] = []
        self.visits: list[Array] = []
        self.answers: list[tuple[float, Array]] = []
        self._seen: list[Array] = []
        self._sites = 0
        self._draws = 0

    def site(self, h: Array, activation: Activate | None) -> Array:
        """Returns what follows a preactivation, which is tapped and observed."""
        h = self.tapped(h)
        a = None if activation is None else activation(h)
        self.see(h, a)
        return h if a is None else a

    def tapped(self, h: Array) -> Array:
        """Returns `h` with the next gradient tap at it."""
        slots = self.next_slots(1)
        return gradient_tap(h, None if slots is None else slots[0])

    def see(self, h: Array, a: Array | None) -> None:
        """Observes a preactivation and its activation."""
        if self.observe is not None:
            self._seen.append(self.observe(h, a)[None])

    def saw(self, many: Array | None) -> None:
        """Takes in what was observed at several sites, `(site, statistic)`."""
        if many is not None:
            self._seen.append(many)

    @property
    def seen(self) -> Array | None:
        """What was observed, `(site, statistic)`."""
        return jnp.concatenate(self._seen) if self._seen else None

    def next_slots(self, number: int) -> Array | None:
        """Returns the slots of the next sites."""
        start, self._sites = self._sites, self._sites + number
        return None if self.slots is None else self.slots[start : start + number]

    def next_statistics(self) -> Statistics:
        """Returns the statistics of the next layer that has some, None where it takes its own."""
        return None if self.given is None else self.given[len(self.found)]

    def next_held(self) -> Statistics:
        """Returns whether the next layer that has statistics divides by them; None in evaluation.

        Without statistics it takes the batch's own.
        """
        return None if self.held is None else self.held[len(self.found)]

    def next_key(self) -> Array | None:
        """Returns a key of its own for the next layer that draws."""
        self._draws += 1
        return None if self.key is None else jax.random.fold_in(self.key, self._draws)
