"""The optimizers, from optax, with their numbers as arrays of the run."""

from collections.abc import Mapping
from typing import Literal

import jax.numpy as jnp
import optax
from jax import Array

Kind = Literal["sgd", "momentum", "adam"]
ScheduleKind = Literal["constant", "cosine", "linear"]


def make_optimizer(
    kind: Kind, numbers: Mapping[str, Array], *, clipped: bool, decayed: bool
) -> optax.GradientTransformation:
    """Returns the transformation from gradients to updates, the learning rate still to be applied.

    Args:
        kind: `sgd`, `momentum` (heavy ball, not Nesterov's) or `adam`.
        numbers: scalars of one run, traced or not: `momentum`; `adam_beta1`, `adam_beta2`,
            `adam_epsilon`; `gradient_clip`, the bound on the gradient's global norm;
            `weight_decay`, added to the gradient for `sgd` and `momentum`, to the update of
            `adam` (decoupled, Loshchilov and Hutter, arXiv:1711.05101).
        clipped: whether the gradient is clipped at all.
        decayed: whether weights decay at all.
    """
    parts = []
    if clipped:
        parts.append(optax.clip_by_global_norm(numbers["gradient_clip"]))
    decay = optax.add_decayed_weights(numbers["weight_decay"]) if decayed else None
    if kind == "adam":
        parts.append(
            optax.scale_by_adam(
                b1=numbers["adam_beta1"], b2=numbers["adam_beta2"], eps=numbers["adam_epsilon"]
            )
        )
        parts += [decay] if decay else []
    else:
        parts += [decay] if decay else []
        parts += [optax.trace(decay=numbers["momentum"])] if kind == "momentum" else []
    return optax.chain(*parts) if parts else optax.identity()


def learning_rate_at(
    step: Array, kind: ScheduleKind, learning_rate: Array, warmup_steps: Array, steps: int
) -> Array:
    """Returns the learning rate of an update: a linear warm-up, then constant, cosine or linear.

    Args:
        step: number of updates made before, from 0.
        kind: what follows the warm-up; `cosine` and `linear` end at 0 after `steps` updates.
        learning_rate: the highest rate.
        warmup_steps: updates until the highest rate is reached; 0 for none.
        steps: number of updates of the run.
    """
    warmup = jnp.minimum(1.0, (step + 1) / jnp.maximum(warmup_steps + 1, 1))
    if kind == "constant":
        return learning_rate * warmup
    left = jnp.maximum(steps - warmup_steps, 1)
    progress = jnp.clip((step - warmup_steps) / left, 0.0, 1.0)
    factor = 1.0 - progress if kind == "linear" else 0.5 * (1.0 + jnp.cos(jnp.pi * progress))
    return learning_rate * warmup * factor
