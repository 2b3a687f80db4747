"""Every window that a family has gives, in a compiled loop, the numbers that JAX gives outside."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from benchmarks.convolutions import VARIANTS

# One of each form, those of all families among them: tests/test_benchmarks.py holds that.
FORMS = list({variant.form: variant for variant in VARIANTS}.values())
CHANNELS, BATCH = 4, 2


def arrays(form):
    """Returns images of an even and an odd side, two batches of them, and a kernel."""
    rng = np.random.default_rng(0)
    images = rng.standard_normal((2, BATCH, 16, 19, CHANNELS))
    shape = (form.window, form.window, CHANNELS // form.groups, CHANNELS)
    kernel = rng.standard_normal(shape if form.kind == "convolution" else (1,))
    return jnp.asarray(images, jnp.float32), jnp.asarray(kernel, jnp.float32)


@pytest.mark.parametrize("variant", FORMS, ids=[variant.form.name for variant in FORMS])
def test_values_and_gradients_in_a_loop_are_the_native_ones_outside(variant):
    images, kernel = arrays(variant.form)
    shape = jax.eval_shape(variant.native, images[0], kernel).shape
    slopes = jax.random.normal(jax.random.key(1), (len(images), *shape))

    def passes(operation, x, slope):
        value, pull_back = jax.vjp(operation, x, kernel)
        return value, *pull_back(slope)

    @jax.jit
    def in_a_loop(images, slopes):
        return lax.scan(lambda _, own: (None, passes(variant.ours, *own)), None, (images, slopes))[
            1
        ]

    @jax.jit
    def outside(x, slope):
        return passes(variant.native, x, slope)

    found = in_a_loop(images, slopes)
    for index in range(len(images)):
        expected = outside(images[index], slopes[index])
        for own, other in zip((part[index] for part in found), expected, strict=True):
            # Sums of at most 2 x 16 x 19 products, in whatever order: float32's rounding of each.
            assert own.shape == other.shape
            assert np.max(np.abs(own - other)) <= 608 * 2**-24 * np.max(np.abs(other))
