"""The keys of a run, derived from its seed for named purposes."""

import jax
from jaxtyping import PRNGKeyArray

KERNEL, BIAS, ORDER, SCHEME, DROPOUT, AUGMENTATION, PROBE = 0, 1, 2, 3, 4, 5, 6
# Not those of a law's draw: the source of the same seed began with that.
CONTROL_KERNEL, CONTROL_BIAS = 7, 8


def purpose_key(seed: jax.Array, purpose: int) -> PRNGKeyArray:
    """Returns the key of a run's `seed` for one of the purposes above."""
    return jax.random.fold_in(jax.random.key(seed), purpose)
