"""Weight layers in a row with a nonlinearity between them, the ones of equal shape scanned."""

from typing import Any

import jax
from flax import nnx
from jax import Array, lax

from initlab.measure.tap import gradient_tap
from initlab.models.layers import scan_layers
from initlab.models.network import Parameters
from initlab.models.parts import Make
from initlab.models.passing import Activate, Pass
from initlab.models.visiting import visited


class PlainNet(nnx.Module):
    """A first layer, hidden layers of one shape, and a dense readout; `depth` counts them all.

    The parameters of the hidden layers from the second on are stacked on a leading axis, and the
    forward pass scans over it, so that the time to compile does not grow with depth.

    Args:
        first: makes the first layer, absent at depth 1.
        hidden: makes one of the layers after it, absent at depth 2.
        readout: makes the layer of the logits, which sees its inputs flattened.
        depth: number of weight layers, at least 1.
        activation: the nonlinearity.
        rngs: keys of the parameters' first values, which the lab replaces by its own.
    """

    def __init__(
        self,
        *,
        first: Make,
        hidden: Make,
        readout: Make,
        depth: int,
        activation: Activate,
        rngs: nnx.Rngs,
    ) -> None:
        self.activation = activation
        self.first: Any = first(rngs) if depth > 1 else None
        stacked: Any = nnx.vmap(hidden)
        self.hidden = stacked(rngs.split(depth - 2)) if depth > 2 else None
        self.readout: Any = readout(rngs)

    def __call__(self, images: Array, passing: Pass | None = None) -> Array:
        """Returns the logits `(batch, outputs)`."""
        passing = passing or Pass()
        x = images.reshape(len(images), -1) if isinstance(self.first, nnx.Linear) else images
        if passing.visit is not None:
            return self._visited(x, passing)
        if self.first is not None:
            h = passing.tapped(self.first(x))
            if self.hidden is not None:
                h = self._hidden_layers(h, passing)
            x = self.activation(h)
            passing.see(h, x)
        logits = passing.tapped(self.readout(x.reshape(len(x), -1)))
        passing.see(logits, None)
        return logits

    def _hidden_layers(self, h: Array, passing: Pass) -> Array:
        """Returns the last hidden preactivations from the first.

        Preactivations are what is kept: the backward pass computes the activations again, one
        cheap pass each, where storing them too would double what a step writes to memory.
        """
        structure, stacked = nnx.split(self.hidden)

        def layer(
            h: Array, layer_slice: tuple[Parameters, Array | None]
        ) -> tuple[Array, Array | None]:
            parameters, slot = layer_slice
            own: Any = nnx.merge(structure, parameters)
            a = self.activation(h)
            seen = None if passing.observe is None else passing.observe(h, a)
            return gradient_tap(own(a), slot), seen

        slots = passing.next_slots(len(jax.tree.leaves(stacked)[0]))
        h, many = scan_layers(layer, h, (stacked, slots))
        passing.saw(many)
        return h

    def _visited(self, x: Array, passing: Pass) -> Array:
        """Returns the logits; each layer is changed as `x` reaches it."""
        visit: Any = passing.visit
        if self.first is not None:
            h, own = visited(self.first, x, visit)
            passing.visits.append(own[None])
            if self.hidden is not None:
                structure, stacked = nnx.split(self.hidden)

                def layer(h: Array, parameters: Parameters) -> tuple[Array, Any]:
                    one: Any = nnx.merge(structure, parameters)
                    h, own = visited(one, self.activation(h), visit)
                    return h, (nnx.state(one), own)

                h, (stacked, many) = lax.scan(layer, h, stacked)
                nnx.update(self.hidden, stacked)
                passing.visits.append(many)
            x = self.activation(h)
        logits, last = visited(self.readout, x.reshape(len(x), -1), visit)
        passing.visits.append(last[None])
        return logits
