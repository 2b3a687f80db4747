"""What models are put together from: sequences, sums, concatenations, blocks that are repeated."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax
from jax.ad_checkpoint import checkpoint_name

from initlab.models.passing import Activate, Pass
from initlab.models.visiting import visited

type Make = Callable[[nnx.Rngs], nnx.Module]
KEPT = "output of a weight layer"


class Member(NamedTuple):
    """One layer of a sequence.

    Attributes:
        name: the attribute that holds it.
        make: makes it; None where it is the nonlinearity alone.
        is_site: whether a tap sits at its output.
        activation: the nonlinearity that follows, if one does.
    """

    name: str
    make: Make | None
    is_site: bool = False
    activation: Activate | None = None


class Through(nnx.Module):
    """A layer that is called with the pass too: others are inside of it, or it needs to know."""


class Series(Through):
    """Layers that follow one another.

    Args:
        members: the layers in their order.
        rngs: keys of the parameters' first values, which the lab replaces by its own.
    """

    def __init__(self, members: Sequence[Member], rngs: nnx.Rngs) -> None:
        self.plan = tuple(member._replace(make=None) for member in members)
        for member in members:
            if member.make is not None:
                setattr(self, member.name, member.make(rngs))

    def __call__(self, x: Array, passing: Pass) -> Array:
        """Returns what the layers make of `x` one after another."""
        for member in self.plan:
            h = _through(getattr(self, member.name, None), x, passing)
            if member.is_site:
                x = passing.site(h, member.activation)
            else:
                x = h if member.activation is None else member.activation(h)
        return x


def _through(layer: Any, x: Array, passing: Pass) -> Array:
    """Returns a layer's output; what a weight layer returns is what is stored for the way back."""
    if layer is None:
        return x
    if not isinstance(layer, nnx.Linear | nnx.Conv):
        found: Array = layer(x, passing) if isinstance(layer, Through) else layer(x)
        return found
    if isinstance(layer, nnx.Linear):
        x = x.reshape(len(x), -1)
    if passing.visit is None:
        h: Array = layer(x)
    else:
        h, own = visited(layer, x, passing.visit)
        passing.visits.append(own[None])
    kept: Array = checkpoint_name(h, KEPT)
    return kept


class Sum(Through):
    """What a shortcut makes of the input, plus `factor` times what a branch makes of it."""

    def __init__(self, branch: Make, shortcut: Make, factor: float, rngs: nnx.Rngs) -> None:
        self.branch: Any = branch(rngs)
        self.shortcut: Any = shortcut(rngs)
        self.factor = factor

    def __call__(self, x: Array, passing: Pass) -> Array:
        """Returns the sum."""
        branch: Array = self.branch(x, passing)
        shortcut: Array = self.shortcut(x, passing)
        scaled = branch if self.factor == 1 else self.factor * branch
        total: Array = shortcut + scaled
        return total


class Concatenated(Through):
    """The channels of branches, one after another."""

    def __init__(self, branches: Sequence[Make], rngs: nnx.Rngs) -> None:
        self.number = len(branches)
        for index, make in enumerate(branches, start=1):
            setattr(self, f"branch_{index}", make(rngs))

    def __call__(self, x: Array, passing: Pass) -> Array:
        """Returns all channels."""
        branches = [getattr(self, f"branch_{index + 1}") for index in range(self.number)]
        return jnp.concatenate([branch(x, passing) for branch in branches], axis=-1)


class Beside(Through):
    """A head that answers too; its input goes on as it is.

    Args:
        branch: makes the head.
        weight: the factor of its loss.
        rngs: keys of the parameters' first values.
    """

    def __init__(self, branch: Make, weight: float, rngs: nnx.Rngs) -> None:
        self.branch: Any = branch(rngs)
        self.weight = weight

    def __call__(self, x: Array, passing: Pass) -> Array:
        """Returns `x`."""
        passing.answers.append((self.weight, self.branch(x, passing)))
        return x


class Repeated(Through):
    """A block several times, scanned: compiled once; parameters have a leading axis.

    On the way back nothing but the outputs of weight layers was stored; what is cheap is computed
    again.

    Args:
        block: makes the block.
        number: how often it comes.
        sites: taps in one block.
        rngs: keys of the parameters' first values.
    """

    def __init__(self, block: Make, number: int, sites: int, rngs: nnx.Rngs) -> None:
        stacked: Any = nnx.vmap(block)
        self.block = stacked(rngs.split(number))
        self.number = number
        self.sites = sites

    def __call__(self, x: Array, passing: Pass) -> Array:
        """Returns the last block's output."""
        structure, stacked = nnx.split(self.block)
        slots = passing.next_slots(self.sites * self.number)
        if slots is not None:
            slots = slots.reshape(self.number, self.sites, -1)
        key = passing.next_key()
        keys = None if key is None else jax.random.split(key, self.number)
        given, held = passing.next_statistics(), passing.next_held()
        keep = jax.checkpoint_policies.save_only_these_names(KEPT)

        @partial(jax.checkpoint, policy=keep, prevent_cse=False)
        def one(x: Array, own: Any) -> tuple[Array, Any]:
            parameters, slots, given, key, held = own
            block: Any = nnx.merge(structure, parameters)
            inside = Pass(slots, passing.observe, given, key, passing.visit, held)
            x = block(x, inside)
            changed = None if passing.visit is None else nnx.state(block)
            return x, (inside.seen, inside.found, inside.visits, changed)

        x, (seen, found, visits, changed) = lax.scan(one, x, (stacked, slots, given, keys, held))
        if seen is not None:
            passing.saw(seen.reshape(-1, seen.shape[-1]))
        passing.found.append(found)
        if visits:
            joined = jnp.concatenate(visits, axis=1)
            passing.visits.append(joined.reshape(-1, *joined.shape[2:]))
        if changed is not None:
            nnx.update(self.block, changed)
        return x
