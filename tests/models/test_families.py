"""Networks of all families are what their descriptions say, traced and not compiled."""

import math

import jax
import jax.numpy as jnp
import pytest

from initlab.architectures.families import FAMILIES
from initlab.models import build_network

from ..architectures.papers import recipe_of, rows_of

PAPERS = [name for name, family in FAMILIES.items() if family.paper]
# At the small scale one of each kind; of the others only numbers differ.
CHOSEN = ["local", "textbook", "lenet", "alexnet", "zfnet", "nin", "vgg16", "googlenet"]
CHOSEN += ["squeezenet"]
CHOSEN += ["resnet20", "plain18", "resnet18", "resnet50"]


@pytest.mark.parametrize(
    ("name", "shape"), [(name, (14, 14, 3)) for name in CHOSEN] + [(name, None) for name in PAPERS]
)
def test_a_network_is_what_its_description_says(name, shape):
    compare(recipe_of(name, shape), rows_of(name, shape), name)


def test_googlenet_with_its_heads_has_the_published_number_of_parameters():
    fields = {"auxiliary_heads": True}
    rows = rows_of("googlenet", **fields)
    assert sum(row.parameters for row in rows) == 13_378_280  # Caffe's bvlc_googlenet
    compare(recipe_of("googlenet", **fields), rows, "googlenet")


def compare(recipe, rows, name):
    """Compares a network that is built, and traced, with the rows of its description."""
    shape = recipe.image_shape
    network = build_network(
        FAMILIES[name].layers(recipe), image_shape=shape, activation=jnp.tanh, dtype="float32"
    )
    # At the papers' sizes rows have the published numbers: tests/architectures/test_families.py.
    numbers = sum(math.prod(leaf.shape) for leaf in jax.tree.leaves(network.parameters))
    assert numbers == sum(row.parameters for row in rows)
    sites = [row for row in rows if row.is_site]
    assert [site.name for site in network.sites] == [row.name for row in sites]
    images = jax.ShapeDtypeStruct((2, *shape), jnp.float32)
    seen = []

    def observe(h, a):
        seen.append(h.shape[1:])
        return jnp.mean(h)[None]

    logits, observed = jax.eval_shape(
        lambda parameters, x: network.apply(parameters, x, None, observe),
        network.parameters,
        images,
    )
    assert (logits.shape, observed.shape) == ((2, recipe.classes), (len(sites), 1))
    # A repeated block is traced once.
    assert seen == [row.here.shape for row in sites if not row.copy]
