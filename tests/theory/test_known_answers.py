"""Every known answer, entry by entry: computed here, or named with the reason why it is not."""

import math
from pathlib import Path

import numpy as np
import pytest

from initlab import theory
from initlab.theory.gaussian import expectation
from initlab.theory.pairs import pair_moments
from initlab.theory.table import table_of
from tests.theory.known_answers import (
    KNOWN,
    LEAVES,
    PRINTED,
    SHORT,
    function_of,
    tolerance,
)

TORCH_GAIN = {
    "linear": 1.0,
    "relu": math.sqrt(2),
    "leaky_relu(0.01)": math.sqrt(2 / (1 + 0.01**2)),
    "leaky_relu(0.2)": math.sqrt(2 / (1 + 0.2**2)),
    "tanh": 5 / 3,
    "sigmoid": 1.0,
    "selu": 3 / 4,
}


def moments_q1():
    for name in KNOWN["moments_q1"]:
        phi = function_of(name)
        second, first = theory.second_moment(phi, 1.0), theory.mean(phi, 1.0)
        slope, growth = theory.slope_second_moment(phi, 1.0), theory.second_moment_growth(phi, 1.0)
        exact = theory.gain(phi)
        yield (name, "E_phi2"), second
        yield (name, "E_phi"), first
        yield (name, "var_phi"), second - first**2
        yield (name, "E_dphi2"), slope
        yield (name, "dE_phi2_dq"), growth
        yield (name, "exact_gain"), exact
        yield (name, "exact_gain_sq_sigma_w2"), exact**2
        yield (name, "backward_gain_sq"), 1 / slope
        yield (name, "chi1_at_exact_gain"), exact**2 * slope
        yield (name, "chi_q_at_exact_gain"), exact**2 * growth
        yield (name, "std_ratio_gain_WRONG_for_uncentred"), 1 / math.sqrt(second - first**2)
        yield (name, "bn_grad_factor_largeB"), theory.batch_norm_gradient_factor(phi)
        if name in TORCH_GAIN:
            gain = TORCH_GAIN[name]
            yield (name, "torch_calculate_gain"), gain
            yield (name, "torch_gain_over_exact"), gain / exact
            factor = "per_layer_second_moment_factor_at_q1_with_torch_gain"
            yield (name, factor), theory.q_map(phi, 1.0, gain**2, 0.0)


# What the file calls a fixed point, and what the lab does.
STABILITY = {
    "stable": "stable",
    "marginal": "marginal",
    "marginally stable: q_l ~ 1/(a l)": "stable",
    "marginal up to exponentially small corrections (V/q-1 < 1e-12 for q<0.02); decays only once "
    "saturation is reached": "stable",
    "UNSTABLE (chi_q>1)": "unstable",
    "half-stable: small q GROWS at this sigma_w2": "half-stable",
}
CLOSED = {
    "1": 1.0,
    "pi/4": math.pi / 4,
    "1/phi'(0)^2": 1.0,  # ELU
    "2/(lambda^2(1+alpha^2))": 2 / (1.0507009873554805**2 * (1 + 1.6732632423543772**2)),
    "1/0.5^2": 4.0,
}


def critical():
    for name, block in KNOWN["critical"].items():
        phi = function_of(name)
        for key in ("sigma_b2=0.05", "sigma_b2=0"):
            points = theory.critical_points(phi, float(key.partition("=")[2]))
            assert len(points) == len(block[key]), (name, key)
            for i, (point, known) in enumerate(zip(points, block[key], strict=True)):
                path = (name, key, i)
                yield (*path, "sigma_w2"), point.weight_variance
                yield (*path, "sigma_w"), math.sqrt(point.weight_variance)
                any_q = point.stability == "marginal"
                yield (*path, "q_star"), "any q (scale invariant)" if any_q else point.q_star
                yield (*path, "chi_q"), point.chi_q
                word = known["variance_fixed_point"]
                agrees = STABILITY[word] == point.stability
                yield (*path, "variance_fixed_point"), word if agrees else point.stability
                if "closed_form" in known:
                    closed = CLOSED[known["closed_form"]]
                    agrees = closed == pytest.approx(point.weight_variance, rel=1e-12)
                    yield (*path, "closed_form"), known["closed_form"] if agrees else closed
                if "V_over_q_minus_1_at_q_1e_4" in known:
                    after = theory.q_map(phi, 1e-4, point.weight_variance, 0.0)
                    yield (*path, "V_over_q_minus_1_at_q_1e_4"), after / 1e-4 - 1


def half_stable_chi1_eq_chiq_eq_1():
    for name in KNOWN["half_stable_chi1_eq_chiq_eq_1"]:
        for i, point in enumerate(theory.half_stable_points(name)):
            yield (name, i, "sigma_w2"), point.weight_variance
            yield (name, i, "sigma_b2"), point.bias_variance
            yield (name, i, "q_star"), point.q_star


def unstable_points():
    for key in KNOWN["gelu_silu_unstable_point_at_sigma_b2_0.05"]:
        name, _, weight_variance = key.partition(" sigma_w2=")
        where = (name, float(weight_variance), 0.05)
        stable, unstable = theory.fixed_points(*where)
        assert (stable.stability, unstable.stability) == ("stable", "unstable")
        assert theory.q_star(*where) == stable.q
        yield (key, "stable_q"), stable.q
        yield (key, "stable_chi_1"), theory.chi_1(*where)
        yield (key, "unstable_critical_q"), unstable.q
        growth = theory.second_moment_growth(name, unstable.q)
        yield (key, "unstable_chi_q"), float(weight_variance) * growth


def points_of(name, block):
    for i, known in enumerate(KNOWN[block]):
        # The standard deviations are rounded where the variances are round, and the reverse.
        where = (name, known["sigma_w2"], known["sigma_b2"])
        yield (i, "sigma_w"), math.sqrt(known["sigma_w2"])
        yield (i, "sigma_b"), math.sqrt(known["sigma_b2"])
        yield (i, "q_star"), theory.q_star(*where)
        yield (i, "chi_1"), theory.chi_1(*where)
        yield (i, "chi_q"), theory.chi_q(*where)
        yield (i, "xi_q"), theory.xi_q(*where)
        yield (i, "c_star"), theory.c_star(*where)
        yield (i, "chi_c"), theory.chi_c(*where)
        yield (i, "xi_c"), theory.xi_c(*where)
        yield (i, "six_xi_c"), 6 * theory.xi_c(*where)
        yield (i, "xi_grad_abs"), theory.xi_gradient(*where)
        yield (i, "phase"), "chaotic" if theory.chi_1(*where) > 1 else "ordered"


def iterated(function, start, count):
    found = [start]
    for _ in range(count):
        found.append(function(found[-1]))
    return found


def closed_forms_and_iterates():
    block = KNOWN["closed_forms_and_iterates"]
    for key in block["relu_c_map"]:
        yield ("relu_c_map", key), theory.c_map("relu", float(key), 1.0, 2.0, 0.0)
    relu = iterated(lambda c: theory.c_map("relu", c, 3.0, 2.0, 0.0), 0.0, 2000)
    for key in block["relu_c_iterates_from_c0=0"]:
        yield ("relu_c_iterates_from_c0=0", key), relu[int(key)]
    for key in block["relu_l2_times_1_minus_c_l"]:
        yield ("relu_l2_times_1_minus_c_l", key), int(key) ** 2 * (1 - relu[int(key)])
    # Near 1 a layer takes k e^1.5 off e = 1 - c, from which e nears 4 / (k l)^2.
    e = 2.0**-33
    taken = (e - 2 * pair_moments(table_of("relu"), 1.0, 1 - e).deficit) / e**1.5
    yield ("relu_9pi2_over_2",), 4 / taken**2
    tanh = iterated(lambda q: theory.q_map("tanh", q, 1.0, 0.0), 1.0, 2000)
    sine = iterated(lambda q: theory.q_map("sin", q, 1.0, 0.0), 1.0, 2000)
    tanh_key = "tanh_q_iterates_sigma_w2=1_sigma_b=0_q0=1"
    for key in block[tanh_key]:
        yield (tanh_key, key), tanh[int(key)]
    for key in block["tanh_2_l_q_l"]:
        yield ("tanh_2_l_q_l", key), 2 * int(key) * tanh[int(key)]
    for key in block["sin_q_iterates"]:
        yield ("sin_q_iterates", key), sine[int(key)]
    yield ("sin_l_q_l_at_2000",), 2000 * sine[2000]
    for key in ("erf_E2_closed_form_(2/pi)asin(2q/(1+2q))_q=1", "erf_quadrature"):
        yield (key,), theory.second_moment("erf", 1.0)
    for key in ("gelu_E2_closed_form_q=1_neural_tangents", "gelu_quadrature"):
        yield (key,), theory.second_moment("gelu", 1.0)
    yield ("sin_E2_closed",), theory.second_moment("sin", 1.0)
    for key in ("gelu_E1_closed_1/(2 sqrt(pi))", "gelu_quadrature_E1"):
        yield (key,), theory.mean("gelu", 1.0)
    half_stable = theory.half_stable_points("gelu")[0]
    yield ("gelu_half_stable_qstar_closed_(3+sqrt17)/2",), half_stable.q_star


def selu():
    # Above zero a line of slope lambda; far below -alpha lambda.
    values, _ = table_of("selu").function(np.array([1.0, -60.0]))
    yield ("lambda01",), values[0]
    yield ("alpha_lambda",), -values[1]
    yield ("alpha01",), -values[1] / values[0]
    first, second = theory.mean("selu", 1.0), theory.second_moment("selu", 1.0)
    mean_growth = theory.mean_growth("selu", 1.0)
    variance_growth = theory.second_moment_growth("selu", 1.0) - 2 * first * mean_growth
    yield ("fixed_point_mean_var", 0), first
    yield ("fixed_point_mean_var", 1), second - first**2 - 1
    yield ("J_dmean_dvar",), mean_growth
    yield ("J_dvar_dvar",), variance_growth
    # The incoming mean is multiplied by the mean of the weights, which is zero.
    yield ("spectral_norm",), math.hypot(mean_growth, variance_growth)
    yield ("chi_1",), theory.chi_1("selu", 1.0, 0.0)
    yield ("critical_sigma_w2_at_q0",), theory.critical_weight_variance("selu", 0.0)


def sigmoid_tanh_equivalence():
    weight_variance = theory.critical_weight_variance("sigmoid", 0.0)
    as_tanh = (weight_variance / 16, weight_variance / 16)
    yield ("critical_sigma_w2_sb0",), weight_variance
    yield ("equiv_tanh_sw2",), as_tanh[0]
    yield ("equiv_tanh_sb2",), as_tanh[1]
    yield ("check_chi1",), theory.chi_1("tanh", *as_tanh)
    yield ("check_q",), theory.q_star("tanh", *as_tanh)
    yield ("q_over_4",), theory.q_star("sigmoid", weight_variance, 0.0) / 4
    chi = theory.chi_1("sigmoid", 16.0, 0.0)
    assert theory.chi_1("tanh", 1.0, 1.0) == pytest.approx(chi, rel=1e-12)
    yield ("lenet_tutorial_4x_glorot",), f"sw2=16 -> tanh (1,1): chi1={chi:.12f}"


def finite_width():
    for key in KNOWN["finite_width"]["Var_M_L_over_M0_sq"]:
        depth, width = (int(part.partition("=")[2]) for part in key.split(","))
        scatter = theory.relative_scatter("relu", [width] * depth, 2.0, 0.0)
        yield ("Var_M_L_over_M0_sq", key), scatter[-1]
    scatter = theory.relative_scatter("relu", [100] * 10, 2.0, 0.0, q=7.0)
    yield ("MC_check_n100_L10", "theory_var"), scatter[-1]


def batchnorm():
    factor = theory.batch_norm_gradient_factor("relu")
    closed = factor == pytest.approx(math.pi / (math.pi - 1), rel=1e-12)
    yield ("relu_largeB",), "pi/(pi-1)" if closed else factor
    yield ("relu_largeB_value",), factor
    yield ("sqrt_value",), math.sqrt(factor)


def jacobian_singular_values():
    block = KNOWN["jacobian_singular_values"]
    point = {"tanh": (block["tanh_point"]["sigma_w2"], 0.05)}
    point |= {"linear": (1.0, 0.0), "relu": (2.0, 0.0)}
    # The moments were computed at the q that is printed, with eight digits.
    printed = block["tanh_point"]["q_star"]
    yield ("tanh_point", "q_star"), round(theory.q_star("tanh", *point["tanh"]), 8)
    yield ("tanh_mu1",), theory.slope_second_moment("tanh", printed)
    yield ("tanh_mu2",), expectation(table_of("tanh"), printed, "slope_fourth")
    for key in block["cases"]:
        name, law = key.split(", ")
        where = point[name]
        found = theory.jacobian_moments(
            function_of(name), *where, 6, orthogonal=law == "orthogonal"
        )
        assert found.mean == pytest.approx(1, rel=1e-7)
        yield ("cases", key, "theory_var"), found.relative_variance


def grown(depth, scale):
    """Returns what sums of rectified He layers make of a mean square of 1."""
    block = theory.Residual((theory.Activation("relu"), theory.Dense(8, 2.0)), scale=scale)
    layers = [theory.Dense(8, 1.0), *[block] * depth]
    return theory.predict_network(layers, theory.white_inputs(8))[-1].second_moment


def residual():
    key = "alpha=1/sqrt(L): (1+1/L)^L"
    for depth in KNOWN["residual"][key]:
        yield (key, depth), grown(int(depth), 1 / math.sqrt(int(depth)))
    yield ("skipinit alpha=0 / fixup / rezero",), grown(50, 0.0)
    doubled = grown(10, 1.0) == pytest.approx(2**10, rel=1e-12)
    yield ("plain_preact_he: q_{l+1}=q_l+q_l",), "2^L" if doubled else "another"


def pooling():
    for key in KNOWN["pooling"]:
        found = theory.max_pool_moments(int(key.split()[2]))
        yield (key, "mean"), found.mean
        yield (key, "second_moment"), found.second_moment
        yield (key, "var"), found.variance


def padded(kernel, size):
    """Returns what zero padding leaves of a convolution's mean square on white images."""
    layer = theory.Convolution(8, 1.0, window=(kernel, kernel))
    return theory.predict_network([layer], theory.white_inputs(1, (size, size)))[0].second_moment


def zero_padding():
    for key in KNOWN["zero_padding_same_variance_factor"]:
        kernel, size = (int(part.partition("=")[2]) for part in key.split(","))
        yield (key,), padded(kernel, size)


def bug_signatures():
    def relu(weight_variance):
        return theory.q_map("relu", 1.0, weight_variance, 0.0)

    def leaky(weight_variance):
        return theory.q_map(function_of("leaky_relu(0.2)"), 1.0, weight_variance, 0.0)

    yield ("he_normal + relu (correct)",), relu(2.0)
    yield ("he variance used as fan_out when fan_out=2*fan_in",), relu(2.0 / 2)
    yield ("he_uniform with bound sqrt(2/fan_in) instead of sqrt(6/fan_in)",), relu(2 / 3)
    yield ("glorot (n_in=n_out) + relu",), relu(1.0)
    yield ("lecun_normal + relu",), relu(1.0)
    yield ("pytorch default U(+-1/sqrt(fan_in)) + relu (weights only)",), relu(1 / 3)
    yield ("pytorch default + tanh, linear regime",), theory.chi_1("tanh", 1 / 3, 0.0)
    text = "deeplearning.net text U(+-1/fan_in), linear regime, factor = 1/(3 fan_in)"
    for fan_in in (25, 500, 800):
        yield (text, f"fan_in={fan_in}"), theory.chi_1("tanh", 1 / (3 * fan_in), 0.0)
    yield ("variance-matching gain 1/std(relu)=1.712859 instead of sqrt2",), relu(1.712859**2)
    yield ("he gain on leaky_relu(0.2)",), leaky(2.0)
    yield ("torch leaky_relu default slope 0.01 gain on slope 0.2",), leaky(2 / 1.0001)
    at_one = (
        ("tanh, at q=1 (1.0 would be preserved)", "5/3", 5 / 3),
        ("selu at q=1", "0.75", 0.75),
    )
    for key, printed, gain in (*at_one, ("sigmoid at q=1", "1", 1.0)):
        name = key.split(",")[0].split()[0]
        yield (f"torch gain {printed} on {key}",), theory.q_map(name, 1.0, gain**2, 0.0)


def cs231n():
    scales = {"0.01*randn": 500 * 0.01**2, "1.0*randn": 500.0, "randn/sqrt(n)": 1.0}
    scales["randn/sqrt(n/2)"] = 2.0
    for key in KNOWN["cs231n_10_layer_mean_field_prediction"]:
        scale, name = key.removesuffix(")").split(" (")
        q = scales[scale]  # the inputs are standard normal
        for i in range(10):
            first, second = theory.mean(name, q), theory.second_moment(name, q)
            yield (key, "layer_std", i), math.sqrt(second - first**2)
            yield (key, "layer_mean", i), first
            q = scales[scale] * second


BLOCKS = {
    "moments_q1": moments_q1,
    "critical": critical,
    "half_stable_chi1_eq_chiq_eq_1": half_stable_chi1_eq_chiq_eq_1,
    "gelu_silu_unstable_point_at_sigma_b2_0.05": unstable_points,
    "tanh_grid": lambda: points_of("tanh", "tanh_grid"),
    "tanh_schoenholz_line_sigma_b2_0.05": lambda: points_of(
        "tanh", "tanh_schoenholz_line_sigma_b2_0.05"
    ),
    "erf_points": lambda: points_of("erf", "erf_points"),
    "closed_forms_and_iterates": closed_forms_and_iterates,
    "selu": selu,
    "sigmoid_tanh_equivalence": sigmoid_tanh_equivalence,
    "finite_width": finite_width,
    "batchnorm": batchnorm,
    "jacobian_singular_values": jacobian_singular_values,
    "residual": residual,
    "pooling": pooling,
    "zero_padding_same_variance_factor": zero_padding,
    "bug_signatures_per_layer_second_moment_factor": bug_signatures,
    "cs231n_10_layer_mean_field_prediction": cs231n,
}

# Two entries of the file are wrong in their sixth digit, and a series says what they are.
WRONG = {
    ("critical", "elu", "sigma_b2=0", 0, "V_over_q_minus_1_at_q_1e_4"): -0.00789213708180053,
    ("critical", "selu", "sigma_b2=0", 0, "V_over_q_minus_1_at_q_1e_4"): -0.0116303099734193,
}

SENTENCE = "says in words how the file was made, or what stands beside it"
EMPTY = "says of the empty list beside it, which is compared, that it is empty"
GIVEN = "where the entries beside it are computed at"
# What is held by a test of its own: its file in tests/ and its name.
DRIFT = "theory/test_sampled_answers.py::test_the_drawn_networks_decay_as_the_typical_one"
SCATTER = "theory/test_sampled_answers.py::test_the_drawn_networks_scatter_as_the_law_says"
NORMALIZED = "theory/test_sampled_answers.py::test_every_sample_is_held_against_its_law"
SPECTRA = (
    "theory/test_sampled_answers.py::test_spectra_of_drawn_jacobians_are_those_of_the_known_"
    "simulation"
)
CUT = "initializers/test_known_answers.py::test_the_cut_gaussian_has_the_known_moments"
FANS = "initializers/test_known_answers.py::test_fans_of_a_grouped_convolution_are_the_known_ones"
BOUNDS = (
    "initializers/test_known_answers.py::test_the_three_formulas_of_the_lenet_tutorial_have_the_"
    "known_bounds"
)
MISTAKES = "initializers/test_known_answers.py::test_mistakes_have_their_known_signatures"
SYMMETRY = "measure/test_known_symmetry.py::test_every_known_fact_is_held_here"
SIGNATURES = "bug_signatures_per_layer_second_moment_factor"
ELSEWHERE = {
    ("meta",): SENTENCE,
    ("critical", "linear", "note_sigma_b2=0.05"): EMPTY,
    ("critical", "relu", "note_sigma_b2=0.05"): EMPTY,
    **{
        ("critical", f"leaky_relu({slope})", "note_sigma_b2=0.05"): EMPTY
        for slope in (0.01, 0.1, 0.2, 0.25, 0.3)
    },
    ("critical", "sigmoid", "note"): "the block sigmoid_tanh_equivalence has these numbers",
    (
        "critical",
        "softplus",
        "note",
    ): "theory/test_meanfield.py::test_softplus_is_critical_at_no_bias_variance",
    (
        "gelu_silu_unstable_point_at_sigma_b2_0.05",
        "gelu sigma_w2=2.30251951",
        "note",
    ): "theory/test_meanfield.py::test_gelu_leaves_an_unstable_point_on_both_sides",
    **{
        (block, i, key): reason
        for block in ("tanh_grid", "tanh_schoenholz_line_sigma_b2_0.05", "erf_points")
        for i, point in enumerate(KNOWN[block])
        for key, reason in (
            ("sigma_w2", GIVEN),
            ("sigma_b2", GIVEN),
            ("tensor_vs_hermite_abs_diff", "how far two quadratures of the file's own differ"),
        )
        if key in point
    },
    (
        "relu_correlation_map_derivative",
    ): "theory/test_meanfield.py::test_relu_s_c_map_has_the_known_slope",
    (
        "sigmoid_tanh_equivalence",
        "map",
    ): "theory/test_meanfield.py::test_a_sigmoid_network_is_a_tanh_network",
    ("truncated_normal",): CUT,
    ("truncated_normal", "complex_std_mod2"): (
        "initializers/test_known_answers.py::test_the_complex_constant_of_jax_is_not_the_deviation_"
        "of_its_law"
    ),
    (
        "finite_width",
        "exact_second_moment_law",
    ): "theory/test_layer_factors.py::test_scatter_is_that_of_the_exact_law_and_of_a_simulation",
    ("finite_width", "MC_check_n100_L10", "samples"): SCATTER,
    ("finite_width", "MC_check_n100_L10", "mean"): SCATTER,
    ("finite_width", "MC_check_n100_L10", "var"): SCATTER,
    ("finite_width", "MC_check_n100_L10", "mean_log"): DRIFT,
    (
        "batchnorm",
        "general_largeB",
    ): "theory/test_predict_network.py::test_known_factors_are_those_of_the_walk",
    ("batchnorm", "MC"): NORMALIZED,
    (
        "batchnorm",
        "first_layer_note",
    ): "theory/test_predict_network.py::test_known_factors_are_those_of_the_walk",
    (
        "batchnorm",
        "linear_finite_B",
    ): "theory/test_layer_factors.py::test_batch_norm_makes_gradients_grow",
    ("jacobian_singular_values", "formula"): SPECTRA,
    ("jacobian_singular_values", "tanh_point", "sigma_w2"): GIVEN,
    ("jacobian_singular_values", "tanh_point", "sigma_b2"): GIVEN,
    ("jacobian_singular_values", "monte_carlo"): SPECTRA,
    **{
        ("jacobian_singular_values", "cases", case, key): SPECTRA
        for case in KNOWN["jacobian_singular_values"]["cases"]
        for key in ("MC_mean", "MC_var")
    },
    ("residual", "BN branch: Var(x_l)=1+l, so branch fraction 1/(l+1)"): (
        "theory/test_predict_network.py::test_blocks_with_batch_normalization_grow_like_their_"
        "number"
    ),
    ("fan_conventions",): FANS,
    ("lenet_tutorial",): BOUNDS,
    ("constant_init_symmetry",): SYMMETRY,
    (SIGNATURES, "he with truncation at 2 sd and NO 0.8796 correction"): MISTAKES,
    (SIGNATURES, "std used where variance is expected is shape dependent"): "null: no number",
    (SIGNATURES, "brainstorm RandomWalk g*randn/N instead of /sqrt(N), linear"): MISTAKES,
}


def is_elsewhere(path):
    return any(path[: len(prefix)] == prefix for prefix in ELSEWHERE)


@pytest.fixture(scope="module", params=BLOCKS)
def computed(request):
    found = {(request.param, *path): value for path, value in BLOCKS[request.param]()}
    return request.param, found


def test_entries_of_a_block_are_what_is_known(computed):
    block, found = computed
    unknown = set(found) - set(LEAVES)
    assert not unknown, f"computed, and not in the file: {sorted(map(str, unknown))}"
    missing = [p for p in LEAVES if p[0] == block and p not in found and not is_elsewhere(p)]
    assert not missing, f"neither computed nor named elsewhere: {missing}"
    wrong = [
        (path, got, LEAVES[path])
        for path, got in found.items()
        if (got != LEAVES[path] if isinstance(got, str) else not close(got, path))
    ]
    assert not wrong


def close(got, path):
    if path in WRONG:
        return got == pytest.approx(WRONG[path], rel=1e-9)
    return abs(got - LEAVES[path]) <= tolerance(path)


def test_entries_that_are_wrong_are_so_by_a_series():
    # (exp(x) - 1)^2 = sum of (2^n - 2) / n! x^n, over the moments of the negative half of a normal.
    q, alpha, scale = 1e-4, 1.6732632423543772, 1.0507009873554805
    negative = math.fsum(
        (2.0**n - 2) / math.factorial(n) * (-math.sqrt(2 * q)) ** n * math.gamma((n + 1) / 2)
        for n in range(2, 20)
    ) / (2 * math.sqrt(math.pi))
    elu, selu = WRONG
    assert (q / 2 + negative) / q - 1 == pytest.approx(WRONG[elu], rel=1e-12)
    weight_variance = 2 / (scale**2 * (1 + alpha**2))
    second = scale**2 * (q / 2 + alpha**2 * negative)
    assert weight_variance * second / q - 1 == pytest.approx(WRONG[selu], rel=1e-12)
    for path in WRONG:
        assert abs(WRONG[path] - LEAVES[path]) > tolerance(path)


def test_no_entry_is_in_no_list():
    assert not [path for path in LEAVES if path[0] not in BLOCKS and not is_elsewhere(path)]


def test_what_is_named_elsewhere_is_there_and_not_computed_here():
    for prefix in ELSEWHERE:
        assert any(path[: len(prefix)] == prefix for path in LEAVES), prefix


def test_a_test_that_holds_an_entry_is_there():
    folder = Path(__file__).parent.parent
    named = {reason for reason in ELSEWHERE.values() if "::" in reason}
    assert len(named) > 10
    for reason in named:
        file, name = reason.split("::")
        assert f"\ndef {name}(" in (folder / file).read_text(), reason


def test_columns_that_are_trusted_less_are_printed_with_fewer_digits():
    assert set(PRINTED) == SHORT
    assert max(PRINTED.values()) < 10
    assert min(PRINTED.values()) >= 6
