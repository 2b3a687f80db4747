"""Trees of arrays that share a leading axis: reading and writing one entry of each."""

import jax
from jax import Array, lax


def entry[Tree](tree: Tree, index: Array | int) -> Tree:
    """Returns the tree of the entries at `index` of each array."""
    picked: Tree = jax.tree.map(
        lambda leaf: lax.dynamic_index_in_dim(leaf, index, keepdims=False), tree
    )
    return picked


def with_entry[Tree](tree: Tree, index: Array, entries: Tree) -> Tree:
    """Returns the tree with `entries` at `index` of each array; the index has to be within."""
    filled: Tree = jax.tree.map(
        lambda leaf, own: lax.dynamic_update_index_in_dim(leaf, own, index, 0), tree, entries
    )
    return filled
