"""Known answers on initializers: the cut Gaussian, the fans of libraries, the LeNet bounds."""

import math
import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.integrate
import scipy.stats
from flax import nnx

from initlab.initializers import (
    Layout,
    caffe_xavier,
    fan_in_normal,
    fans,
    haiku_default,
    he_leaky_uniform,
    he_normal,
    lenet_class_uniform,
    lenet_demo_uniform,
    lenet_uniform,
    random_walk,
    truncated_normal,
)
from initlab.initializers.variance_scaling import TRUNCATED_STDDEV
from tests.initializers.cases import CUT_KURTOSIS, CUT_VARIANCE
from tests.theory.known_answers import KNOWN, LEAVES

CUT = KNOWN["truncated_normal"]
FANS = KNOWN["fan_conventions"]
LENET = KNOWN["lenet_tutorial"]
SIGNATURES = KNOWN["bug_signatures_per_layer_second_moment_factor"]
SIZES = {"kh": 3, "kw": 5, "Cin": 12, "Cout": 8, "g": 4, "s": 2, "mult": 2}


def drawn(law, shape=(500, 2000)):
    return np.asarray(law(jax.random.key(0), shape), np.float64)


def test_the_cut_gaussian_has_the_known_moments():
    cut = scipy.stats.truncnorm(-2, 2)
    variance, excess = cut.stats("vk")
    assert TRUNCATED_STDDEV == pytest.approx(CUT["std_pm2"], rel=1e-15)
    assert CUT["ref_constant"] == CUT["std_pm2"]
    assert variance == pytest.approx(CUT["var_pm2"], rel=1e-9)
    assert excess + 3 == pytest.approx(CUT["kurtosis_pm2"], rel=1e-9)
    assert CUT_VARIANCE == pytest.approx(CUT["var_pm2"], rel=1e-11)
    assert CUT_KURTOSIS == pytest.approx(CUT["kurtosis_pm2"], rel=1e-6)


def test_the_draw_has_the_known_moments():
    kernel = drawn(truncated_normal(1.0))
    # Of a million values: the variance to 5 sqrt(1.3655 / n), 0.6 %.
    error = 5 * math.sqrt((CUT["kurtosis_pm2"] - 1) / kernel.size)
    assert kernel.var() == pytest.approx(CUT["var_pm2"], rel=error)
    # The fourth moment's own variance needs the eighth: both by quadrature.
    fourth, eighth = (scipy.stats.truncnorm(-2, 2).expect(lambda x, n=n: x**n) for n in (4, 8))
    error = 5 * math.sqrt((eighth - fourth**2) / kernel.size)
    expected = CUT["kurtosis_pm2"] * CUT["var_pm2"] ** 2
    assert fourth == pytest.approx(expected, rel=1e-8)
    assert np.mean(kernel**4) == pytest.approx(expected, abs=error)


def test_the_complex_constant_of_jax_is_not_the_deviation_of_its_law():
    # r^2 of a complex unit Gaussian is exponential; cut at r = 2.
    note = CUT["complex_note"]
    mass, _ = scipy.integrate.quad(lambda t: math.exp(-t), 0, 4)
    cut_before_dividing, _ = scipy.integrate.quad(lambda t: t * math.exp(-t), 0, 4)
    second = cut_before_dividing / mass
    assert note["correct_second_moment"] == pytest.approx(second, rel=1e-11)
    assert note["correct_std"] == pytest.approx(math.sqrt(second), rel=1e-11)
    assert CUT["complex_std_mod2"] == pytest.approx(math.sqrt(second), rel=1e-14)
    constant = note["jax_constant"]
    assert CUT["ref_complex"] == constant
    assert note["jax_constant_squared"] == pytest.approx(constant**2, rel=1e-11)
    assert note["one_minus_5exp_minus4"] == pytest.approx(cut_before_dividing, rel=1e-11)
    assert constant**2 == pytest.approx(cut_before_dividing, rel=1e-11)
    realised = note["realised_over_requested_variance"]
    assert realised == pytest.approx(second / constant**2, rel=1e-11)
    # The simulation of four million draws: r^2 has variance below one.
    assert note["MC_4e6_second_moment"] == pytest.approx(second, abs=5 / math.sqrt(4e6))
    # The fault is there in the JAX at hand: relative standard error of 1e6 draws is below 0.1 %.
    law = jax.nn.initializers.variance_scaling(
        1.0, "fan_in", "truncated_normal", dtype=jnp.complex64
    )
    kernel = np.asarray(law(jax.random.key(0), (500, 2000)))
    assert 500 * np.mean(np.abs(kernel) ** 2) == pytest.approx(realised, rel=0.005)


def said(name):
    """What the file says of a layer: its library's fan-in, and formulas in parentheses."""
    formula = r"[\w*/^]+"
    text = FANS[name].replace("^", "**")
    return {
        key: eval(value, {}, SIZES)  # noqa: S307
        for key, value in re.findall(rf"(fan_in|fan_out|true)(?:: |=)({formula})", text)
    } | {"text": text}


def test_fans_of_a_grouped_convolution_are_the_known_ones():
    known = said("jax/flax conv (kh,kw,Cin/g,Cout)")
    shape = (3, 5, 12 // 4, 8)
    assert fans(shape) == (known["fan_in"], known["fan_out"])
    assert fans(shape, Layout(groups=4)) == (known["fan_in"], known["true"])


def test_fans_of_a_depthwise_convolution_are_the_known_ones():
    known = said("keras Depthwise (kh,kw,Cin,mult)")
    shape = (3, 5, 12, 2)
    assert fans(shape)[0] == known["fan_in"]
    assert fans(shape, Layout(in_axes=(), stack_axes=(-2,)))[0] == known["true"]


def test_fans_of_a_transposed_convolution_are_the_known_ones():
    name = "flax ConvTranspose transpose_kernel=False (kh,kw,Cin,Cout)"
    known = said(name)
    mean = eval(re.search(r"stride s = (\S+)", known["text"])[1], {}, SIZES)  # noqa: S307
    assert fans((3, 5, 12, 8))[0] == known["fan_in"]
    assert fans((3, 5, 12, 8), Layout(strides=(2, 2), transposed=True))[0] == mean
    swapped = Layout(in_axes=(-1,), out_axes=(-2,), strides=(2, 2), transposed=True)
    # Both store (kh, kw, Cout, Cin); reading it as (*window, in, out) takes Cout for the inputs.
    for name in (
        "flax ConvTranspose transpose_kernel=True (kh,kw,Cout,Cin)",
        "keras ConvTranspose (kh,kw,Cout,Cin)",
    ):
        assert name.endswith("(kh,kw,Cout,Cin)")
        assert name in FANS
        assert fans((3, 5, 8, 12)) == (3 * 5 * 8, 3 * 5 * 12)
        assert fans((3, 5, 8, 12), swapped) == (mean, 3 * 5 * 8)


def test_flax_takes_the_outputs_of_a_transposed_kernel_for_its_inputs():
    layer = nnx.ConvTranspose(256, 64, (3, 3), transpose_kernel=True, rngs=nnx.Rngs(0))
    kernel = np.asarray(layer.kernel[...], np.float64)
    assert kernel.shape == (3, 3, 64, 256)
    error = 5 * math.sqrt((CUT_KURTOSIS - 1) / kernel.size)
    assert kernel.var() == pytest.approx(1 / fans(kernel.shape)[0], rel=error)


@pytest.mark.parametrize("library", ["haiku tests", "keras test"])
def test_fans_by_axes_are_those_of_the_libraries_own_tests(library):
    for case, expected in FANS[library].items():
        lists = [
            tuple(map(int, re.findall(r"\d+", one))) for one in re.findall(r"[\[(].*?[\])]", case)
        ]
        shape, *axes = lists
        if len(shape) < 2:
            continue  # Haiku gives a bias fans; here it has none, see test_fans.py.
        in_axes = axes[0] if axes else (len(shape) - 2,)
        rest = tuple(axis for axis in range(len(shape)) if axis not in in_axes)
        out_axes = axes[1] if len(axes) > 1 else rest if axes else (len(shape) - 1,)
        if library == "haiku tests" and axes:
            assert fans(shape, Layout(in_axes, rest)) == tuple(expected)
        else:
            assert fans(shape, Layout(in_axes, out_axes)) == tuple(expected)


def test_the_three_formulas_of_the_lenet_tutorial_have_the_known_bounds():
    assert LENET["text_bound"] == "1/fan_in"
    assert LENET["demo_bound"] == "1/sqrt(fan_in)=1/sqrt(243)"
    assert LENET["class_bound"] == "sqrt(6/(fan_in+fan_out)), fan_out=Cout*kh*kw//prod(poolsize)"
    bounds = {(9, 9, 3, 2): (lenet_demo_uniform(), 1 / math.sqrt(243))}
    for name, layer in LENET["layers"].items():
        num_outputs, num_inputs, *window = map(int, re.findall(r"\d+", name.partition("(")[2]))
        shape = (*window, num_inputs, num_outputs)
        if window:
            assert fans(shape)[0] == layer["fan_in"]
            assert fans(shape)[1] // 4 == layer["fan_out"]
            bounds[shape] = (lenet_class_uniform(), layer["bound"])
        else:
            # The tutorial stores a dense kernel as (in, out).
            bounds[800, 500] = (lenet_class_uniform(pool_area=1), layer["bound"])
    for shape, (law, bound) in bounds.items():
        keys = jax.random.split(jax.random.key(0), 4 * 10**6 // math.prod(shape) + 1)
        largest = float(
            jnp.abs(
                jax.lax.map(lambda key, law=law, shape=shape: law(key, shape), keys[:4000])
            ).max()
        )
        # The largest of n uniform draws misses the bound by 1/n: here by less than 1 %.
        assert 0.99 * bound < largest <= bound * (1 + 1e-6), shape


def factor_of(law, width, weight_of_phi=0.5):
    """Second moment after a ReLU layer over that before, from the kernel's realised variance."""
    kernel = drawn(law, (width, 10**6 // width))
    return weight_of_phi * width * np.mean(kernel**2)


def test_mistakes_have_their_known_signatures():
    # Of a million entries a variance is known to 5 sqrt(2 / n), 0.7 %, or better.
    close = dict(rel=5 * math.sqrt(2 / 10**6))
    uncorrected = truncated_normal(math.sqrt(2 / 500))
    name = "he with truncation at 2 sd and NO 0.8796 correction"
    assert factor_of(uncorrected, 500) == pytest.approx(SIGNATURES[name], **close)
    assert 2 * factor_of(haiku_default(), 500) == pytest.approx(SIGNATURES[name], **close)
    assert factor_of(he_normal(), 500) == pytest.approx(
        SIGNATURES["he_normal + relu (correct)"], **close
    )
    name = "pytorch default U(+-1/sqrt(fan_in)) + relu (weights only)"
    assert factor_of(he_leaky_uniform(math.sqrt(5)), 500) == pytest.approx(
        SIGNATURES[name], **close
    )
    assert factor_of(caffe_xavier(), 500) == pytest.approx(
        SIGNATURES["lecun_normal + relu"], **close
    )
    name = "deeplearning.net text U(+-1/fan_in), linear regime, factor = 1/(3 fan_in)"
    for fan_in in (25, 500, 800):
        known = SIGNATURES[name][f"fan_in={fan_in}"]
        assert factor_of(lenet_uniform(), fan_in, 1.0) == pytest.approx(known, **close)


def test_a_random_walk_is_not_scaled_by_the_width_twice():
    name = "brainstorm RandomWalk g*randn/N instead of /sqrt(N), linear"
    assert SIGNATURES[name] == "g^2/N"
    gain_squared = math.exp(1 / 500)
    factor = factor_of(random_walk("linear"), 500, 1.0)
    assert factor == pytest.approx(gain_squared, rel=5 * math.sqrt(2 / 10**6))
    assert factor > 400 * gain_squared / 500


def test_selu_is_to_be_drawn_with_variance_one():
    factor = factor_of(fan_in_normal(1.0), 500, KNOWN["moments_q1"]["selu"]["E_phi2"])
    assert factor == pytest.approx(1.0, rel=5 * math.sqrt(2 / 10**6))


def test_every_entry_of_these_blocks_is_read_here():
    read = {"truncated_normal", "fan_conventions", "lenet_tutorial"}
    assert {path[0] for path in LEAVES if path[0] in read} == read
    assert set(CUT) == {
        *("std_pm2", "var_pm2", "kurtosis_pm2", "ref_constant"),
        *("complex_std_mod2", "ref_complex", "complex_note"),
    }
    assert len(FANS) == 7
    assert len(LENET) == 4
