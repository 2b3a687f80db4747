"""Products and stacks of layers agree with what JAX itself differentiates."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from initlab.models.layers import matrix_product, scan_layers


def random(seed, *shape):
    return jnp.asarray(np.random.default_rng(seed).standard_normal(shape), jnp.float32)


@pytest.mark.parametrize("leading", [(5,), (3, 2, 4)])
def test_product_has_the_gradients_of_a_plain_product(leading):
    x, kernel, weight = random(0, *leading, 7), random(1, 7, 6), random(2, *leading, 6)
    axes = (((x.ndim - 1,), (0,)), ((), ()))

    def loss(product):
        return lambda x, kernel: jnp.sum(weight * product(x, kernel))

    ours = jax.grad(loss(lambda x, w: matrix_product(x, w, axes)), argnums=(0, 1))(x, kernel)
    plain = jax.grad(loss(jnp.matmul), argnums=(0, 1))(x, kernel)
    for one, other in zip(ours, plain, strict=True):
        # Sums of at most 24 products of normals, added in another order.
        assert one == pytest.approx(np.asarray(other), rel=1e-5, abs=1e-5)


def layer(x, own):
    kernel, bias = own
    a = jnp.tanh(x)
    return a @ kernel + bias, jnp.stack([jnp.mean(x), jnp.mean(a)])


def plain_scan(x, stacked):
    return lax.scan(layer, x, stacked)


@pytest.mark.parametrize("number", [1, 5])
def test_stack_is_a_scan_over_its_layers(number):
    x, stacked = random(0, 4, 6), (random(1, number, 6, 6), random(2, number, 6))
    ours, plain = scan_layers(layer, x, stacked), plain_scan(x, stacked)
    for one, other in zip(ours, plain, strict=True):
        assert one == pytest.approx(np.asarray(other), rel=1e-5, abs=1e-6)

    def loss(scan):
        return lambda x, stacked: jnp.sum(scan(x, stacked)[0] ** 2)

    slopes = jax.grad(loss(lambda x, s: scan_layers(layer, x, s)), argnums=(0, 1))(x, stacked)
    expected = jax.grad(loss(plain_scan), argnums=(0, 1))(x, stacked)
    for one, other in zip(jax.tree.leaves(slopes), jax.tree.leaves(expected), strict=True):
        assert one == pytest.approx(np.asarray(other), rel=1e-4, abs=1e-4)


def test_a_layer_may_hand_out_nothing():
    x, stacked = random(0, 4, 6), (random(1, 3, 6, 6), random(2, 3, 6))
    output, found = scan_layers(lambda x, own: (layer(x, own)[0], None), x, stacked)
    assert found is None
    assert output == pytest.approx(np.asarray(plain_scan(x, stacked)[0]), rel=1e-5, abs=1e-6)


def test_the_compiled_stack_keeps_one_array_a_layer():
    number, width, batch = 12, 64, 256
    stacked = (jnp.zeros((number, width, width)), jnp.zeros((number, width)))

    def loss(stacked):
        return jnp.sum(scan_layers(layer, jnp.ones((batch, width)), stacked)[0])

    compiled = jax.jit(jax.grad(loss)).lower(stacked).compile()
    kept = 4 * batch * width * (number + 1)
    # Beside them a few arrays of one layer, and the gradient, which is the result itself.
    assert compiled.memory_analysis().temp_size_in_bytes < kept + 8 * 4 * batch * width


def test_without_a_gradient_no_layer_s_input_is_kept():
    number, width, batch = 24, 64, 256
    stacked = (jnp.zeros((number, width, width)), jnp.zeros((number, width)))

    def output(stacked):
        return scan_layers(layer, jnp.ones((batch, width)), stacked)[0]

    compiled = jax.jit(output).lower(stacked).compile()
    assert compiled.memory_analysis().temp_size_in_bytes < 8 * 4 * batch * width


@pytest.mark.parametrize(
    ("axes", "precision"), [((((1,), (1,)), ((), ())), None), ((((1,), (0,)), ((), ())), "highest")]
)
def test_other_products_are_refused(axes, precision):
    with pytest.raises(ValueError) as raised:
        matrix_product(random(0, 6, 6), random(1, 6, 6), axes, precision)
    assert str(raised.value) == (
        "`matrix_product` takes dimension numbers, precision and sharding "
        f"((((1,), (0,)), ((), ())), None, None), got {(axes, precision, None)}: "
        "use `jax.lax.dot_general` for others."
    )
