"""The checks of the laws fail on the faults that they are there for."""

import dataclasses
import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.initializers import KernelShape, Layout
from tests.initializers import test_laws, test_matrices, test_structured
from tests.initializers.cases import CASES, CONVOLUTION, CUT_VARIANCE, FANS, Case

SWAPPED = Layout(in_axes=(-1,), out_axes=(-2,))
FAULTS = {
    "swapped fans": lambda law: (
        lambda key, shape, *dtype: law(key, KernelShape(shape, SWAPPED), *dtype)
    ),
    "a scale 5 % off": lambda law: lambda *given: 1.05 * law(*given),
    "an uncorrected cut": lambda law: lambda *given: math.sqrt(CUT_VARIANCE) * law(*given),
}


@dataclasses.dataclass(frozen=True)
class Faulty(Case):
    """A law that is not what it should be."""

    fault: Callable = None

    def law(self):
        return self.fault(super().law())


def cases_of(fault):
    """The laws that a fault changes."""
    for case in CASES:
        fan_in, fan_out = FANS[CONVOLUTION]
        same = case.expected(fan_in, fan_out).var() == case.expected(fan_out, fan_in).var()
        is_cut = case.name != "haiku_default" and case.kurtosis == pytest.approx(2.3655, abs=1e-3)
        # What is stated of a cut Gaussian's own parent is not corrected, nor is a shifted one.
        corrected = is_cut and case.name != "truncated_normal"
        if {"swapped fans": not same, "an uncorrected cut": corrected}.get(fault, True):
            yield case


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_law_of_independent_entries_fails(fault):
    chosen = list(cases_of(fault))
    assert len(chosen) > 5
    for case in chosen:
        fields = {field.name: getattr(case, field.name) for field in dataclasses.fields(case)}
        faulty = Faulty(**fields, fault=FAULTS[fault])
        with pytest.raises(AssertionError):
            test_laws.test_mean_and_variance_are_those_of_the_law(faulty, CONVOLUTION)
    with pytest.raises(AssertionError):
        test_laws.test_values_follow_the_law(faulty, CONVOLUTION)


def scaled(factory):
    """Multiplies what a law draws."""
    return lambda *given, **named: FAULTS["a scale 5 % off"](factory(*given, **named))


def unsigned(factory):
    """Takes Q as a decomposition gives it, whose columns have no sign of their own."""

    def law(key, shape, dtype=jnp.float32):
        return jnp.linalg.qr(jax.random.normal(key, shape, dtype))[0]

    return lambda: law


def gaussian(factory):
    """Has the variance, and nothing else."""

    def law(key, shape, dtype=jnp.float32, gain=1.0):
        deviation = gain / math.sqrt(max(math.prod(shape[:-1]), shape[-1]))
        return deviation * jax.random.normal(key, shape, dtype)

    return lambda gain=1.0: lambda key, shape, dtype=jnp.float32: law(key, shape, dtype, gain)


def beside(factory):
    """Lies one tap beside the centre."""
    return lambda *given, **named: (
        lambda key, shape, *dtype: jnp.roll(factory(*given, **named)(key, shape, *dtype), 1, axis=0)
    )


def one_less(factory):
    """Leaves one weight fewer to the first input, and to the first unit."""

    def law(made):
        def draw(key, shape, *dtype):
            kernel = made(key, shape, *dtype)
            flat = kernel.reshape(-1, shape[-1])
            row, unit = jnp.argmax(flat[0] != 0), jnp.argmax(flat[:, 0] != 0)
            return flat.at[0, row].set(0).at[unit, 0].set(0).reshape(shape)

        return draw

    return lambda *given, **named: law(factory(*given, **named))


def untied(factory):
    """Draws both halves."""

    def law(made):
        def draw(key, shape, *dtype):
            one, two = (made(one, shape, *dtype) for one in jax.random.split(key))
            return jnp.where(jnp.arange(shape[-1]) < shape[-1] // 2, one, two)

        return draw

    return lambda *given, **named: law(factory(*given, **named))


MATRICES, STRUCTURED = test_matrices, test_structured
SINGULAR = MATRICES.test_every_singular_value_of_an_orthogonal_kernel_is_the_gain
HAAR = MATRICES.test_orthogonal_matrices_are_uniform_over_the_group
TIED = MATRICES.test_the_second_half_copies_the_first
LENGTH = STRUCTURED.test_delta_orthogonal_keeps_the_length_of_an_image
CENTRE = STRUCTURED.test_delta_orthogonal_lies_at_the_centre
ZEROS = STRUCTURED.test_sparse_leaves_each_input_its_number_of_zeros
INPUTS = STRUCTURED.test_sparse_incoming_leaves_each_unit_its_number_of_inputs
HADAMARD = STRUCTURED.test_zero_hadamard_that_widens_is_the_corner_of_a_hadamard_matrix
COUNTS = STRUCTURED.test_dirac_counts_are_those_of_pytorch
CHECKS = [
    (MATRICES, "orthogonal", scaled, SINGULAR, ((64, 64), 1.0)),
    (MATRICES, "orthogonal", gaussian, SINGULAR, ((64, 64), 1.0)),
    (MATRICES, "orthogonal", unsigned, HAAR, ()),
    (MATRICES, "tied_halves", scaled, TIED, ("both", True, True, (256, 128))),
    (MATRICES, "tied_halves", untied, TIED, ("units", False, True, (256, 128))),
    (STRUCTURED, "delta_orthogonal", scaled, LENGTH, ((3, 3),)),
    (STRUCTURED, "delta_orthogonal", beside, CENTRE, ((3, 3),)),
    (STRUCTURED, "sparse", one_less, ZEROS, ((60, 40), 0.31, 13)),
    (STRUCTURED, "sparse_incoming", one_less, INPUTS, ((60, 40), 15)),
    (STRUCTURED, "zero_hadamard", scaled, HADAMARD, ((5, 8),)),
    (STRUCTURED, "dirac", beside, COUNTS, ((3, 3, 4, 6), 1)),
]


@pytest.mark.parametrize(
    ("module", "law", "fault", "check", "given"),
    CHECKS,
    ids=lambda value: getattr(value, "__name__", str(value)).rpartition(".")[2],
)
def test_a_faulty_law_with_a_structure_fails(module, law, fault, check, given, monkeypatch):
    check(*given)
    monkeypatch.setattr(module, law, fault(getattr(module, law)))
    with pytest.raises(AssertionError):
        check(*given)


def test_what_sparse_laws_keep_is_seen_to_be_off():
    check = STRUCTURED.test_what_sparse_laws_keep_is_gaussian_and_anywhere
    check(STRUCTURED.sparse(0.5, stddev=0.2), 0.2, 0.5)
    for fault in (scaled, one_less):
        with pytest.raises(AssertionError):
            check(fault(STRUCTURED.sparse)(0.5, stddev=0.2), 0.2, 0.5)
    # Where the weights lie counts too: here all of them lie in the first half.
    first_half = np.arange(40) < 20

    def law(key, shape, dtype=jnp.float32):
        return jnp.where(first_half, 0.2 * jax.random.normal(key, shape, dtype), 0.0)

    with pytest.raises(AssertionError):
        check(law, 0.2, 0.5)
