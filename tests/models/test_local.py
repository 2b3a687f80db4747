"""A locally connected layer is a convolution whose kernel every place has a copy of."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.architectures.families import FAMILIES
from initlab.architectures.layers import Convolution
from initlab.architectures.local import Patches, local
from initlab.architectures.walk import walk
from initlab.models import build_network
from initlab.models.channels import patches

from ..architectures.papers import recipe_of

SHAPE = (4, 5, 2)
PLACES, WIDTH, TAPS = 4 * 5, 3, 3 * 3 * 2


def random(seed, *shape):
    return jnp.asarray(np.random.default_rng(seed).standard_normal(shape), jnp.float32)


def networks():
    """The two networks, and parameters of both with the same kernels at every place."""
    nets, given = [], []
    kernel, readout = random(0, 3, 3, 2, WIDTH), random(1, PLACES * WIDTH, 10)
    each = jnp.tile(kernel.reshape(1, 1, TAPS, WIDTH), (1, 1, 1, PLACES))
    for name, own in (("convnet", kernel), ("local", each)):
        recipe = recipe_of(name, SHAPE, width=WIDTH, depth=2)
        net = build_network(
            FAMILIES[name].layers(recipe), image_shape=SHAPE, activation=jnp.tanh, dtype="float32"
        )
        leaves = {own.shape: own, readout.shape: readout}
        nets.append(net)
        given.append(
            jax.tree.map(
                lambda leaf, of=leaves: of.get(leaf.shape, jnp.zeros(leaf.shape)), net.parameters
            )
        )
    return nets, given


def test_one_kernel_at_every_place_makes_a_convolution():
    nets, given = networks()
    x = random(2, 6, *SHAPE)
    shared, local_one = (net.apply(own, x)[0] for net, own in zip(nets, given, strict=True))
    # Sums of at most 60 products of normals, added in another order.
    assert local_one == pytest.approx(np.asarray(shared), rel=1e-4, abs=1e-4)


def test_the_gradient_of_a_shared_kernel_is_the_sum_of_those_of_the_places():
    nets, given = networks()
    x = random(2, 6, *SHAPE)

    def slope(net, own):
        found = jax.grad(lambda own: jnp.sum(net.apply(own, x)[0] ** 2))(own)
        return next(leaf for leaf in jax.tree.leaves(found) if leaf.ndim == 4)

    shared, each = (slope(net, own) for net, own in zip(nets, given, strict=True))
    added = each.reshape(TAPS, PLACES, WIDTH).sum(axis=1).reshape(shared.shape)
    assert added == pytest.approx(np.asarray(shared), rel=1e-3, abs=1e-2)


def test_patches_are_what_a_window_meets():
    x = random(3, 2, *SHAPE)
    found = patches(x, (3, 3)).reshape(2, 4, 5, 3, 3, 2)
    assert found[:, 2, 3] == pytest.approx(np.asarray(x[:, 1:4, 2:5]))
    assert not found[:, 0, :, 0].any()


def test_places_see_their_window_and_have_weights_of_their_own():
    recipe = recipe_of("local", SHAPE, width=WIDTH)
    grouped, readout = (row for row in walk(local(recipe), SHAPE) if row.kernel_shape)
    [shared] = walk([Convolution(WIDTH)], SHAPE)
    assert grouped.here.field == shared.here.field == (3, 3)
    assert grouped.values == shared.values
    assert grouped.products == shared.products
    assert grouped.parameters == PLACES * shared.parameters
    assert readout.kernel_shape == (PLACES * WIDTH, 10)


@pytest.mark.parametrize("window", [(2, 3), (3, 4)])
def test_a_window_without_a_middle_is_refused(window):
    with pytest.raises(ValueError) as caught:
        Patches(window)
    assert str(caught.value) == f"`window` must have odd sizes, got {window}."
