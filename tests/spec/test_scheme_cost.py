"""What schemes cost in a plan, against the products in their compiled programs."""

import jax
import pytest

from initlab.initializers import SCHEMES
from initlab.spec.cost import flops, scheme_passes
from initlab.spec.schema import RunSpec
from tests.compiled_products import compiled_product_flops
from tests.initializers.schemes.models import drawn, images, perceptron

FIELDS = {
    "lsuv": {},
    "krahenbuhl": {},
    "meta_init": {"steps": 2},
    "grad_init": {"steps": 4},
}


@pytest.mark.parametrize("name", FIELDS)
def test_passes_are_the_products_of_the_compiled_scheme(name):
    # A loop whose end is not known is counted once, as the plan counts it. The gradient needs
    # no slope of the images, so that passes are no whole numbers, and depend on the depth.
    model = perceptron(12, jax.nn.relu, 32)
    parameters, batch = drawn(model), images(64)

    def products(function, *arguments):
        return compiled_product_flops(jax.jit(function).lower(*arguments).compile())

    forward = products(lambda p, x: model.logits(p, x), parameters, batch.inputs)
    scheme = SCHEMES[name](**FIELDS[name])
    found = products(
        lambda p, b, key: scheme(model, p, b, key), parameters, batch, jax.random.key(0)
    )
    law = RunSpec.model_validate({"scheme": {"name": name, **FIELDS[name]}}).scheme
    assert scheme_passes(law) == pytest.approx(found / forward, rel=0.02)


def test_a_plan_counts_them():
    plain = flops(RunSpec.model_validate({"steps": 0}))
    with_scheme = flops(RunSpec.model_validate({"steps": 0, "scheme": "lsuv"}))
    forward = 2 * (64 * 128 + 8 * 128 * 128 + 128 * 10)
    assert with_scheme - plain == 2 * 128 * forward
