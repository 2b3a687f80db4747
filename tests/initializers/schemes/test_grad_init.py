"""GradInit's claims: the gradient is within its bound, and the loss after a step falls."""

import inspect

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.initializers import SCHEMES, Batch
from initlab.initializers.schemes.grad_init import two_thirds
from tests.initializers.schemes.models import Convolutions, applied, drawn, images, perceptron

RELU, TANH = perceptron(5, jax.nn.relu), perceptron(5, jnp.tanh)


def labelled(number=60):
    """A batch whose labels can be learned from its images."""
    batch = images(number)
    return Batch(batch.inputs, jnp.argmax(batch.inputs.reshape(number, -1)[:, :10], axis=1))


def around_a_step(model, parameters, batch, optimizer, step_size):
    """The gradient's norm before a step of the optimizer, and the loss after it."""
    first, last = two_thirds(batch)

    def after(layers):
        def loss(layers, part):
            return model.loss(model.with_layers(parameters, layers), part)

        leaves, tree = jax.tree.flatten(layers)
        slopes = jax.tree.leaves(jax.grad(loss)(layers, first))
        flat = jnp.concatenate([slope.reshape(-1) for slope in slopes])
        if optimizer == "adam":
            size, directions = jnp.linalg.norm(flat, 1), [jnp.sign(slope) for slope in slopes]
        else:
            size = jnp.linalg.norm(flat)
            directions = [slope / size for slope in slopes]
        moved = [leaf - step_size * one for leaf, one in zip(leaves, directions, strict=True)]
        return size, loss(tree.unflatten(moved), last)

    size, value = jax.jit(after)(model.layers(parameters))
    return float(size), float(value)


SGD = {"optimizer": "sgd", "step_size": 0.1, "gradient_bound": 1.0}
ADAM = {"optimizer": "adam", "step_size": 0.001, "gradient_bound": 30.0}


@pytest.mark.parametrize(
    ("model", "stddev", "numbers"),
    [
        (RELU, 0.5, SGD),
        pytest.param(TANH, 0.1, ADAM, marks=pytest.mark.slow),
        pytest.param(Convolutions(jnp.tanh), 0.5, SGD, marks=pytest.mark.slow),
    ],
)
def test_the_bound_holds_and_the_loss_after_a_step_falls(model, stddev, numbers):
    batch, parameters = labelled(), drawn(model, "normal", stddev=stddev)
    how = (numbers["optimizer"], numbers["step_size"])
    scheme = SCHEMES["grad_init"](steps=200, **numbers)
    result = applied(scheme, model, parameters, batch)
    before = around_a_step(model, parameters, batch, *how)
    after = around_a_step(model, result.parameters, batch, *how)
    # Another program computes the norm again, in another order of float32 sums.
    assert after[0] <= numbers["gradient_bound"] * (1 + 1e-4)
    assert after[1] < before[1] - 0.01
    assert result.passes == 400


@pytest.mark.slow
def test_a_tighter_bound_costs_loss():
    batch, parameters = labelled(), drawn(RELU, "normal", stddev=0.3)
    values = []
    for bound in (0.8, 5.0):
        scheme = SCHEMES["grad_init"](steps=200, gradient_bound=bound)
        result = applied(scheme, RELU, parameters, batch)
        size, value = around_a_step(RELU, result.parameters, batch, "sgd", 0.1)
        assert size <= bound * (1 + 1e-4)
        values.append(value)
    assert values[1] < values[0]


def test_each_tensor_is_scaled_as_a_whole_and_no_kernel_below_the_least():
    batch, parameters = labelled(), drawn(RELU, "normal", stddev=0.5, bias=0.1)
    scheme = SCHEMES["grad_init"](steps=60, learning_rate=0.05, min_scale=0.7)
    result = applied(scheme, RELU, parameters, batch)
    old, new = RELU.layers(parameters), RELU.layers(result.parameters)
    scales = {"kernel": [], "bias": []}
    for before, after in zip(old, new, strict=True):
        for name, seen in scales.items():
            for one, other in zip(before[name], after[name], strict=True):
                seen.append(float(jnp.vdot(one, other) / jnp.vdot(one, one)))
                assert other == pytest.approx(np.asarray(seen[-1] * one), rel=1e-4, abs=1e-6)
    assert min(scales["kernel"]) == pytest.approx(0.7, rel=1e-5)
    assert len(set(scales["kernel"])) > 1
    assert any(scale != 1 for scale in scales["bias"])


def test_where_nothing_is_within_the_bound_the_least_gradient_is_kept():
    batch, parameters = labelled(), drawn(RELU, "normal", stddev=0.5)
    scheme = SCHEMES["grad_init"](steps=20, gradient_bound=1e-9)
    result = applied(scheme, RELU, parameters, batch)
    before, after = (
        around_a_step(RELU, one, batch, "sgd", 0.1)[0] for one in (parameters, result.parameters)
    )
    assert 1e-9 < after < before


@pytest.mark.parametrize(("number", "size"), [(2, 1), (3, 2), (60, 40), (128, 85)])
def test_both_parts_are_two_thirds_and_share_half(number, size):
    batch = Batch(jnp.arange(number), jnp.arange(number))
    first, last = (set(np.asarray(part.labels).tolist()) for part in two_thirds(batch))
    assert (len(first), len(last)) == (size, size)
    assert len(first & last) == 2 * size - number
    assert first | last == set(range(number))


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"steps": 0}, "`steps` must be at least 1, got 0."),
        ({"learning_rate": 0.0}, "`learning_rate` must be positive, got 0.0."),
        ({"step_size": 0.0}, "`step_size` must be positive, got 0.0."),
        ({"gradient_bound": 0.0}, "`gradient_bound` must be positive, got 0.0."),
        ({"min_scale": 0.0}, "`min_scale` must be positive, got 0.0."),
        ({"optimizer": "momentum"}, "`optimizer` must be one of sgd, adam, got 'momentum'."),
    ],
)
def test_bad_numbers_are_refused(numbers, message):
    # Unwrapped, since the type checker of the tests would refuse a word first.
    with pytest.raises(ValueError) as caught:
        inspect.unwrap(SCHEMES["grad_init"])(**numbers)
    assert str(caught.value) == message
