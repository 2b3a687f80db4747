"""Weight layers in a row with a nonlinearity between them, the ones of equal shape scanned."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from flax import nnx
from jax import Array, lax

from initlab.initializers.schemes.base import Visit
from initlab.measure.tap import gradient_tap
from initlab.models.layers import scan_layers
from initlab.models.network import Network, Observe, Parameters, Site, Stack
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
        first: Callable[[nnx.Rngs], nnx.Module],
        hidden: Callable[[nnx.Rngs], nnx.Module],
        readout: Callable[[nnx.Rngs], nnx.Module],
        depth: int,
        activation: Callable[[Array], Array],
        rngs: nnx.Rngs,
    ) -> None:
        self.activation = activation
        self.first: Any = first(rngs) if depth > 1 else None
        stacked: Any = nnx.vmap(hidden)
        self.hidden = stacked(rngs.split(depth - 2)) if depth > 2 else None
        self.readout: Any = readout(rngs)

    def prepared(self, images: Array) -> Array:
        """Returns images as the first layer takes them."""
        return images

    def __call__(
        self, images: Array, slots: Array | None = None, observe: Observe | None = None
    ) -> tuple[Array, Array | None]:
        """Returns the logits `(batch, outputs)` and the observations `(site, statistic)`."""
        x = self.prepared(images)
        seen: list[Array] = []

        def activated(h: Array) -> tuple[Array, Array | None]:
            a = self.activation(h)
            return a, None if observe is None else observe(h, a)

        if self.first is not None:
            h = gradient_tap(self.first(x), None if slots is None else slots[0])
            if self.hidden is not None:
                own_slots = None if slots is None else slots[1:-1]
                h, many = self._hidden_layers(h, own_slots, activated)
                seen += [] if many is None else [many]
            x, last = activated(h)
            seen += [] if last is None else [last[None]]
        flat = x.reshape(len(x), -1)
        logits = gradient_tap(self.readout(flat), None if slots is None else slots[-1])
        if observe is None:
            return logits, None
        return logits, jnp.concatenate([*seen, observe(logits, None)[None]])

    def _hidden_layers(
        self, h: Array, slots: Array | None, activated: Callable[[Array], Any]
    ) -> tuple[Array, Array | None]:
        """Returns the last hidden preactivations from the first, and the observations before it.

        Preactivations are what is kept: the backward pass computes the activations again, one
        cheap pass each, where storing them too would double what a step writes to memory.
        """
        structure, stacked = nnx.split(self.hidden)

        def layer(
            h: Array, layer_slice: tuple[Parameters, Array | None]
        ) -> tuple[Array, Array | None]:
            parameters, slot = layer_slice
            own: Any = nnx.merge(structure, parameters)
            a, seen = activated(h)
            return gradient_tap(own(a), slot), seen

        return scan_layers(layer, h, (stacked, slots))

    def visit(self, images: Array, visit: Visit) -> Array:
        """Changes each layer by `visit` as the images reach it; returns its arrays, by layer."""
        x = self.prepared(images)
        found = []
        if self.first is not None:
            h, own = visited(self.first, x, visit)
            found.append(own[None])
            if self.hidden is not None:
                structure, stacked = nnx.split(self.hidden)

                def layer(h: Array, parameters: Parameters) -> tuple[Array, Any]:
                    one: Any = nnx.merge(structure, parameters)
                    h, own = visited(one, self.activation(h), visit)
                    return h, (nnx.state(one), own)

                h, (stacked, many) = lax.scan(layer, h, stacked)
                nnx.update(self.hidden, stacked)
                found.append(many)
            x = self.activation(h)
        _, last = visited(self.readout, x.reshape(len(x), -1), visit)
        return jnp.concatenate([*found, last[None]])


def plain_stacks(
    first: tuple[int, ...],
    hidden: tuple[int, ...],
    readout: tuple[int, int],
    depth: int,
    places: int,
) -> tuple[Stack, ...]:
    """Returns the weight layers of a plain network in the order of the forward pass.

    Args:
        first: kernel shape of the first layer.
        hidden: of a hidden layer.
        readout: of the readout.
        depth: number of weight layers.
        places: where the layers but the readout are evaluated in an image.
    """
    stacks = []
    if depth > 1:
        stacks.append(Stack("first", 1, first, stacked=False, positions=places))
    if depth > 2:
        stacks.append(Stack("hidden", depth - 2, hidden, stacked=True, positions=places))
    stacks.append(Stack("readout", 1, readout, stacked=False))
    return tuple(stacks)


def plain_network(
    make: Callable[[], PlainNet], kind: str, stacks: tuple[Stack, ...], depth: int
) -> Network:
    """Returns a plain network taken apart, without drawing any parameter.

    Args:
        make: makes the model.
        kind: what its layers but the readout are called.
        stacks: its weight layers.
        depth: their number.
    """
    graphdef, parameters = nnx.split(nnx.eval_shape(make))
    names = [f"{kind}_{layer}" for layer in range(1, depth)] + ["readout"]
    sites = tuple(Site(layer, name) for layer, name in enumerate(names, start=1))
    return Network(graphdef, parameters, stacks, sites)
