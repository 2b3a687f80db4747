"""The tap hands back the statistics of the very gradient that a full buffer would hold."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.measure.tap import gradient_tap


def loss(weights, slots, extra, x):
    h = x
    for index, weight in enumerate(weights):
        h = gradient_tap(h @ weight + extra[index], None if slots is None else slots[index])
        h = jnp.tanh(h)
    return jnp.mean(h**2)


@pytest.fixture
def net():
    rng = np.random.default_rng(0)
    weights = [jnp.asarray(rng.standard_normal((6, 6)), jnp.float32) / 2 for _ in range(3)]
    x = jnp.asarray(rng.standard_normal((5, 6)), jnp.float32)
    return weights, [jnp.zeros((5, 6)) for _ in weights], x


def test_statistics_are_those_of_the_gradient_in_a_buffer(net):
    weights, extra, x = net
    slots = jnp.ones((3, 2))
    statistics = jax.grad(loss, argnums=1)(weights, slots, extra, x)
    buffers = jax.grad(loss, argnums=2)(weights, None, extra, x)
    for row, buffer in zip(np.asarray(statistics), buffers, strict=True):
        wide = np.asarray(buffer, np.float64)
        assert row == pytest.approx([wide.std(), np.sqrt((wide**2).mean())], rel=1e-5)


def test_parameter_gradients_are_untouched_bit_for_bit(net):
    weights, extra, x = net
    with_taps = jax.grad(loss)(weights, jnp.ones((3, 2)), extra, x)
    without = jax.grad(loss)(weights, None, extra, x)
    for one, other in zip(with_taps, without, strict=True):
        assert np.array_equal(one, other)


def test_a_slot_of_zeros_asks_for_nothing(net):
    weights, extra, x = net
    statistics = jax.grad(loss, argnums=1)(weights, jnp.zeros((3, 2)), extra, x)
    assert np.array_equal(statistics, np.zeros((3, 2)))


def test_the_compiled_gradient_holds_no_buffer_of_the_taps(net):
    weights, extra, x = net
    wide = [jnp.zeros((512, 512)) for _ in weights]
    x = jnp.zeros((256, 512))
    extra = [jnp.zeros((256, 512)) for _ in weights]

    def temporary(slots, argnums):
        compiled = jax.jit(jax.grad(loss, argnums=argnums)).lower(wide, slots, extra, x).compile()
        return compiled.memory_analysis().temp_size_in_bytes

    plain, tapped = temporary(None, 0), temporary(jnp.ones((3, 2)), (0, 1))
    assert tapped <= 1.02 * plain
