"""Maps, fixed points and depth scales against closed forms, identities and iteration."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab import theory
from initlab.theory import pairs
from initlab.theory.closed_pairs import closed_moments
from initlab.theory.critical import stable_point
from initlab.theory.pairs import pair_moments
from initlab.theory.table import table_of

CORRELATIONS = (-1.0, -0.99, -0.5, 0.0, 1e-9, 0.3, 0.5, 0.9, 0.9999, 1 - 1e-8, 1.0)


def shifted_relu(x):
    return jnp.maximum(x - 1.0, 0)


@pytest.mark.parametrize("c", CORRELATIONS)
@pytest.mark.parametrize("q", [1e-6, 1.0, 100.0, 1e5])
@pytest.mark.parametrize("closed", [True, False])
def test_pairs_have_the_moments_of_closed_forms(q, c, closed, monkeypatch):
    if not closed and abs(c) < 1:
        monkeypatch.setattr(pairs, "closed_moments", lambda *arguments: None)
    found = pair_moments(table_of("relu"), q, c)
    arc = math.acos(c)
    product = q * (math.sqrt(1 - c * c) + c * (math.pi - arc)) / (2 * math.pi)
    assert found.product == pytest.approx(product, rel=1e-11, abs=1e-13 * q)
    assert found.slope_product == pytest.approx((1 - arc / math.pi) / 2, rel=1e-10, abs=1e-12)
    found = pair_moments(table_of("erf"), q, c)
    product = 2 / math.pi * math.asin(2 * q * c / (1 + 2 * q))
    assert found.product == pytest.approx(product, rel=1e-11, abs=1e-13)
    slope = 4 / math.pi / math.sqrt((1 + 2 * q) ** 2 - (2 * q * c) ** 2)
    assert found.slope_product == pytest.approx(slope, rel=1e-9)


@pytest.mark.parametrize("c", [-0.7, 0.1, 0.8, 0.9999])
@pytest.mark.parametrize(
    ("phi", "q"), [("gelu", 1e22), ("elu", 1e22), ("tanh", 1e-12), ("selu", 1e-22)]
)
def test_two_lines_are_what_the_quadrature_finds(phi, q, c, monkeypatch):
    closed = pair_moments(table_of(phi), q, c)
    assert closed_moments(table_of(phi), q, c) is not None
    monkeypatch.setattr(pairs, "closed_moments", lambda *arguments: None)
    assert closed == pytest.approx(pair_moments(table_of(phi), q, c), rel=1e-9, abs=1e-12 * q)


@pytest.mark.parametrize(("phi", "q"), [("gelu", 1e8), ("elu", 1e8), ("tanh", 1e-8)])
def test_what_bends_at_its_scale_is_not_taken_for_two_lines(phi, q):
    assert closed_moments(table_of(phi), q, 0.5) is None


@pytest.mark.parametrize("e", [3e-13, 1e-14, 5e-16])
def test_next_to_one_the_deficit_is_that_of_the_slope(e):
    c, q = 1 - e, 2.0
    gap = 1 - c
    found = pair_moments(table_of("sin"), q, c)
    exact = (-math.expm1(-q * gap) + math.exp(-2 * q) * math.expm1(q * gap)) / 2
    assert found.deficit == pytest.approx(exact, rel=1e-10)
    # Two kinks at 1 and -1, by which the slopes part: E[phi'^2] less P(u1 inside, u2 outside).
    found = pair_moments(table_of("hard_tanh"), q, c)
    inside = math.erf(1 / math.sqrt(2 * q))
    parted = 2 * math.sqrt(gap * q / math.pi) * math.exp(-1 / (2 * q)) / math.sqrt(2 * math.pi * q)
    assert found.slope_product == pytest.approx(inside - parted, rel=1e-11)
    across = q * theory.slope_second_moment("sigmoid", q) * gap
    assert pair_moments(table_of("sigmoid"), q, c).deficit == pytest.approx(across, rel=1e-10)


def test_what_a_pair_may_be_wrong_by_is_small_where_the_forms_meet():
    for phi in ("sigmoid", "hard_tanh", shifted_relu):
        below, above = (pair_moments(table_of(phi), 2.0, 1 - e) for e in (0.9e-12, 1.1e-12))
        gaps = 1 - (1 - 0.9e-12), 1 - (1 - 1.1e-12)
        assert below.deficit / gaps[0] == pytest.approx(above.deficit / gaps[1], rel=1e-7)


@pytest.mark.parametrize("e", [1e-2, 1e-4, 1e-6, 1e-8, 1e-10])
def test_the_deficit_keeps_its_digits_near_one(e):
    # sin: (exp(-q (1 - c)) - exp(-q (1 + c))) / 2, so the deficit is -expm1(-q e) (1 + ...) / 2.
    c, q = 1 - e, 2.0
    gap = 1 - c
    exact = (-math.expm1(-q * gap) + math.exp(-2 * q) * math.expm1(q * gap)) / 2
    assert pair_moments(table_of("sin"), q, c).deficit == pytest.approx(exact, rel=1e-9)
    # A kink: 1 - f(c) = 2 sqrt(2) / (3 pi) gap^1.5 short of the gap, to first order.
    deficit = 2 * pair_moments(table_of("relu"), 1.0, c).deficit
    if e <= 1e-6:
        short = 2 * math.sqrt(2) / (3 * math.pi) * gap**1.5
        assert deficit == pytest.approx(gap - short, rel=1e-8)


@pytest.mark.parametrize("c", [-0.6, 0.2, 0.9, 0.999])
@pytest.mark.parametrize("phi", ["tanh", "selu", "hard_tanh", "gelu", shifted_relu, "softplus"])
def test_slope_of_the_c_map_is_the_product_of_slopes(phi, c):
    q, h = 1.7, 1e-4
    near = [theory.c_map(phi, c + k * h, q, 1.3, 0.1) for k in (-2, -1, 1, 2)]
    slope = (near[0] - 8 * near[1] + 8 * near[2] - near[3]) / (12 * h)
    after = theory.q_map(phi, q, 1.3, 0.1)
    expected = 1.3 * q / after * pair_moments(table_of(phi), q, c).slope_product
    # The third power of the kink's share of h / (1 - c), and rounding over h.
    assert slope == pytest.approx(expected, rel=1e-5 if c > 0.99 else 1e-9, abs=1e-10)


def test_relu_s_c_map_has_the_known_slope():
    for c in (-0.9, 0.0, 0.7):
        slope = 2 * pair_moments(table_of("relu"), 1.0, c).slope_product
        assert slope == pytest.approx(1 - math.acos(c) / math.pi, rel=1e-12)


@pytest.mark.parametrize("variances", [(1.0, 0.0), (16.0, 0.3), (60.0, 2.0), (103.0, 0.0)])
def test_a_sigmoid_network_is_a_tanh_network(variances):
    weight, bias = variances
    tanh = (weight / 16, weight / 16 + bias / 4)
    q = theory.q_star("sigmoid", *variances)
    assert q == pytest.approx(4 * theory.q_star("tanh", *tanh), rel=1e-11)
    for function in (theory.chi_1, theory.chi_q, theory.c_star, theory.xi_c):
        expected = function("tanh", *tanh)
        assert function("sigmoid", *variances) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("variances", [(1.5, 0.05), (1.9, 0.0), (0.9, 0.2)])
@pytest.mark.parametrize("phi", ["tanh", "hard_tanh", "elu", "sin"])
def test_iteration_ends_at_the_fixed_points(phi, variances):
    q, c = 1.0, 0.3
    star = theory.q_star(phi, *variances)
    for _ in range(500):
        q = theory.q_map(phi, q, *variances)
    assert q == pytest.approx(star, rel=1e-8)
    if star > 0:
        for _ in range(40):
            c, before = theory.c_map(phi, c, star, *variances), c
        slope = theory.chi_c(phi, *variances)
        # What is left after one more step of a linear approach.
        left = abs(c - before) * slope / (1 - slope)
        assert c == pytest.approx(theory.c_star(phi, *variances), abs=2 * left + 1e-9)


def test_fixed_points_are_found_with_their_stability():
    assert theory.fixed_points("tanh", 1.0, 0.0) == [(0.0, "stable")]
    assert theory.fixed_points("tanh", 0.5, 0.0) == [(0.0, "stable")]
    assert theory.fixed_points("gelu", 4.0, 0.0) == [(0.0, "half-stable")]
    assert theory.fixed_points("relu", 2.0, 0.0) == [(0.0, "marginal"), (1.0, "marginal")]
    assert theory.fixed_points("relu", 2.0, 0.1) == []
    zero, away = theory.fixed_points("tanh", 2.0, 0.0)
    assert (zero, away.stability) == ((0.0, "unstable"), "stable")
    below, above = theory.fixed_points(lambda x: x**3, 0.1, 0.0)
    assert (below, above.stability) == ((0.0, "stable"), "unstable")
    # 0.1 * 15 q^3 = q
    assert above.q == pytest.approx(math.sqrt(1 / 1.5), rel=1e-12)


def test_a_half_stable_fixed_point_is_found():
    point = theory.half_stable_points("gelu")[0]
    found = theory.fixed_points("gelu", point.weight_variance, point.bias_variance)
    touched = [one for one in found if one.stability == "half-stable"]
    assert len(touched) == 1
    # A double zero is known to the root of what its function is.
    assert touched[0].q == pytest.approx(point.q_star, rel=1e-4)


def test_q_star_is_stable_zero_or_infinite():
    assert theory.q_star("relu", 1.0, 0.05) == pytest.approx(0.1, rel=1e-12)
    assert theory.q_star("relu", 1.0, 0.0) == 0.0
    assert theory.q_star("relu", 2.0, 0.0) == 1.0
    assert theory.q_star("relu", 2.5, 0.0) == math.inf
    assert theory.q_star("relu", 2.0, 0.05) == math.inf
    assert theory.q_star("gelu", 4.0, 0.0) == math.inf
    assert theory.q_star("tanh", 1.0, 0.0) == 0.0
    assert theory.q_star("relu", 2 * (1 - 1e-6), 0.5) == pytest.approx(5e5, rel=1e-9)
    assert theory.q_star("relu", 2 * (1 - 1e-9), 0.5) == pytest.approx(5e8, rel=1e-6)
    assert theory.q_star("tanh", 2.0, 1e9) == pytest.approx(1e9 + 2, rel=1e-9)
    assert theory.q_star("tanh", 1 + 1e-6, 0.0) == pytest.approx(5e-7, rel=1e-5)
    assert theory.q_star("identity", 0.5, 1e-30) == pytest.approx(2e-30, rel=1e-12)


def test_chi_is_told_at_zero_and_at_infinity():
    assert theory.chi_1("tanh", 0.5, 0.0) == theory.chi_q("tanh", 0.5, 0.0) == 0.5
    assert theory.chi_1("relu", 3.0, 0.0) == theory.chi_q("relu", 3.0, 0.0) == 1.5
    assert theory.c_star("relu", 3.0, 0.0) == 1.0
    assert theory.xi_c("relu", 1.5, 0.0) == pytest.approx(-1 / math.log(0.75), rel=1e-12)
    assert theory.xi_gradient("relu", 3.0, 0.0) == pytest.approx(1 / math.log(1.5), rel=1e-12)
    assert theory.xi_c("relu", 2.0, 0.0) == theory.xi_q("relu", 2.0, 0.0) == math.inf
    with pytest.raises(ValueError) as caught:
        theory.chi_1(lambda x: x**3, 0.1, 3.0)
    assert "q grows without bound, and the slope of `<lambda>` does not settle" in str(caught.value)


@pytest.mark.parametrize("above", [1e-2, 1e-4, 1e-6, 1e-9])
def test_c_star_nears_one_as_the_point_turns_critical(above):
    # The c map is 1 - chi e + b e^2 near c = 1, so that e* = (chi - 1) / b; at the slope's 2 b e.
    critical = theory.critical_weight_variance("tanh", 0.05)
    star = theory.c_star("tanh", critical + above, 0.05)
    chi = theory.chi_1("tanh", critical + above, 0.05)
    assert 1 - star == pytest.approx((chi - 1) / 0.162, rel=0.02, abs=2e-9)


def test_critical_points_are_told_apart():
    with pytest.raises(ValueError) as caught:
        theory.critical_weight_variance("gelu", 0.05)
    assert str(caught.value).startswith(
        "`gelu` has no stable critical point at bias variance 0.05, only weight variance "
        "2.30251951 with q = 0.722035767, which is unstable (chi_q = 1.08511): q drifts away"
    )
    with pytest.raises(ValueError) as caught:
        theory.critical_weight_variance("softplus", 0.05)
    assert str(caught.value).startswith("`softplus` has no critical point at bias variance 0.05")
    # scipy's adaptive quadrature of the closed forms of GELU and its slope.
    assert theory.critical_weight_variance("gelu", 0.3) == pytest.approx(1.95615862832, abs=5e-11)
    # By a quadrature of its own, as the file known_answers.json.
    assert theory.critical_weight_variance("silu", 0.8) == pytest.approx(1.96983220, abs=5e-9)
    line = {2e-5: 1.04991163, 1e-3: 1.18918959, 0.01: 1.42420529, 0.09: 1.94765463}
    for bias, weight in line.items():
        assert theory.critical_weight_variance("tanh", bias) == pytest.approx(weight, abs=5e-9)
    deviations = {
        0.05: 1.12253900,
        0.2: 1.30414584,
        0.5: 1.54967391,
        1.0: 1.85558910,
        5.0: 3.33368847,
    }
    for bias, weight in deviations.items():
        found = math.sqrt(theory.critical_weight_variance("tanh", bias**2))
        assert found == pytest.approx(weight, abs=5e-9)
    [elu] = theory.critical_points("elu", 0.1**2)
    assert math.sqrt(elu.weight_variance) == pytest.approx(1.17614847, abs=5e-9)
    assert elu.q_star == pytest.approx(0.43782923, abs=5e-9)


def test_gradients_of_tanh_grow_at_the_gain_of_the_common_tables():
    where = ("tanh", (5 / 3) ** 2, 0.0)
    assert theory.q_star(*where) == pytest.approx(1.17848049, abs=5e-9)
    assert theory.chi_1(*where) == pytest.approx(1.20983132, abs=5e-9)


def test_softplus_is_critical_at_no_bias_variance():
    # Where chi_1 = 1 the bias variance that holds q there is below zero, at every q.
    for q in 10.0 ** np.arange(-8, 3.5, 0.5):
        ratio = theory.second_moment("softplus", q) / theory.slope_second_moment("softplus", q)
        assert q - ratio < 0, q


def test_gelu_leaves_an_unstable_point_on_both_sides():
    where = ("gelu", 2.30251951, 0.05)
    _, unstable = theory.fixed_points(*where)
    assert unstable.q == pytest.approx(0.722036, abs=5e-7)
    below, above = unstable.q - 1e-6, unstable.q + 1e-6
    for _ in range(400):
        below, above = (theory.q_map("gelu", q, *where[1:]) for q in (below, above))
        if above > 1e6:
            break
    assert above > 1e6
    for _ in range(400):
        below = theory.q_map("gelu", below, *where[1:])
    assert below == pytest.approx(0.186357, abs=5e-7)


def test_a_wrong_reference_is_known_for_wrong():
    # A published table has SiLU's half-stable bias variance ten times too small.
    weight = theory.half_stable_points("silu")[0].weight_variance
    assert abs(theory.chi_1("silu", weight, 0.055514317) - 1) > 0.1
    point = theory.critical_points("silu", 0.55514317)[0]
    assert point.stability == "half-stable"
    assert point.weight_variance == pytest.approx(weight, rel=1e-6)


def test_another_function_under_the_name_of_swish_is_known_for_it():
    # Three of the tables that print that point were computed with hard swish in its place.
    point = (1.98800468, 0.55514317)
    assert abs(theory.chi_1("silu", *point) - 1) < 1e-3  # half-stable: known to the root of digits
    assert abs(theory.chi_1(jax.nn.hard_swish, *point) - 1) > 0.01


@pytest.mark.parametrize("above", [0.01, 0.1])
def test_a_critical_point_turns_stable_where_the_half_stable_one_is(above):
    half = theory.half_stable_points("gelu")[0]
    # One on each side of it: the bias variance at which a q is critical grows with q.
    [lower] = theory.critical_points("gelu", half.bias_variance - above)
    [upper] = theory.critical_points("gelu", half.bias_variance + above)
    assert (lower.stability, upper.stability) == ("unstable", "stable")
    assert lower.q_star < half.q_star < upper.q_star
    for point in (lower, upper):
        weights, q, biases = point.weight_variance, point.q_star, point.bias_variance
        assert theory.q_map("gelu", q, weights, biases) == pytest.approx(q, rel=1e-9)
        assert weights * theory.slope_second_moment("gelu", q) == pytest.approx(1, rel=1e-12)
        growth = theory.second_moment_growth("gelu", q)
        assert weights * growth == pytest.approx(point.chi_q, rel=1e-12)
    chosen = theory.critical_weight_variance("gelu", upper.bias_variance)
    assert chosen == upper.weight_variance
    assert theory.q_star("gelu", chosen, upper.bias_variance) == pytest.approx(upper.q_star)
    with pytest.raises(ValueError, match=r"no stable critical point.* `half_stable_points` tells"):
        theory.critical_weight_variance("gelu", lower.bias_variance)


def test_where_no_critical_point_turns_stable_none_is_promised():
    def soft_shrink(x):
        return jnp.sign(x) * jnp.maximum(jnp.abs(x) - 0.5, 0.0)

    assert theory.half_stable_points(soft_shrink) == []
    with pytest.raises(ValueError, match=r"has no stable critical point.*drifts away from it\.$"):
        theory.critical_weight_variance(soft_shrink, 0.05)


def test_of_several_critical_points_that_of_the_smallest_stable_q_is_chosen():
    def point(q, stability):
        return theory.CriticalPoint(1 / q, 0.1, q, 1.0, stability)

    several = [point(0.5, "unstable"), point(2.0, "stable"), point(8.0, "stable")]
    assert stable_point(several) == several[1]
    assert stable_point([several[0], point(1.0, "marginal")]).q_star == 1.0
    assert stable_point([several[0], point(3.0, "half-stable")]) is None
    assert stable_point([]) is None


def test_hard_tanh_is_critical_without_biases_though_its_map_is_flat():
    assert theory.critical_weight_variance("hard_tanh", 0.0) == 1.0
    assert theory.critical_weight_variance("relu", 0.0) == pytest.approx(2.0, rel=1e-15)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("tanh", 0.0, 0.1), "`weight_variance` must be positive, got 0.0."),
        (("tanh", 1.0, -0.1), "`bias_variance` must not be negative, got -0.1."),
        (("tanh", math.inf, 0.1), "`weight_variance` must be finite, got inf."),
    ],
)
def test_variances_out_of_range_are_refused(arguments, message):
    for function in (theory.q_star, theory.chi_1, theory.c_star, theory.xi_q):
        with pytest.raises(ValueError) as caught:
            function(*arguments)
        assert str(caught.value) == message


def test_a_correlation_out_of_range_is_refused():
    with pytest.raises(ValueError) as caught:
        theory.c_map("tanh", 1.5, 1.0, 1.0, 0.0)
    assert str(caught.value) == "`c` must lie between -1 and 1, got 1.5."
    with pytest.raises(ValueError, match="has no signal"):
        theory.c_map(lambda x: 0 * x, 0.5, 1.0, 1.0, 0.0)
