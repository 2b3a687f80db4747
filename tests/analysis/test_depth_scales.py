import math

import pandas as pd
import pytest

from initlab import theory
from initlab.analysis.depth_scales import critical_point, depth_scales, signed_rate

from .literal_tables import runs_table

DEPTH = 60


def expected(activation, variances, bias_variance):
    """Runs of fan-in normal kernels, and what theory expects of each of their layers."""
    runs, rows = [], []
    for variance in variances:
        label = f"fan_in_normal(weight_variance={variance})"
        runs.append(
            {"activation": activation, "initializer": label, "width": 96, "trial_id": label}
        )
        sites = theory.predict_dense(
            activation,
            depth=DEPTH,
            weight_variance=variance,
            bias_variance=bias_variance,
            input_correlation=0.48,
        )
        rows += [site._asdict() | {"trial_id": label, "site": site.layer - 1} for site in sites]
    return runs_table(*runs, depth=DEPTH), pd.DataFrame(rows)


def test_scales_are_those_of_the_fixed_point():
    variances = (1.0, 1.5, 4.0)
    scales = depth_scales(*expected("tanh", variances, 0.05))
    assert scales["weight_variance"].tolist() == list(variances)
    # Sixty layers are 30 times xi_q and, above the critical point, eight times xi_c; steps of c
    # have seven digits where they are read.
    exact = [theory.xi_c("tanh", variance, 0.05) for variance in variances]
    assert scales["xi"].tolist() == pytest.approx(exact, rel=1e-5)
    factors = [theory.chi_1("tanh", variance, 0.05) for variance in variances]
    # From the middle layer on q is within exp(-30 / 1.8) of its fixed point.
    assert scales["gradient_factor"].tolist() == pytest.approx(factors, rel=5e-8)
    assert (signed_rate(scales) > 0).tolist() == [False, False, True]


def test_scale_of_relu_without_biases_is_that_of_its_gradient():
    scales = depth_scales(*expected("relu", (1.5, 2.0, 2.2), 0.0))
    rates = [-math.log(4 / 3), 0.0, math.log(1.1)]
    assert signed_rate(scales).tolist() == pytest.approx(rates)
    assert scales["xi"].tolist() == pytest.approx([-1 / rates[0], math.inf, 1 / rates[2]])
    assert critical_point(scales) == pytest.approx(2.0, rel=1e-9)


def test_critical_point_lies_between_the_columns_around_it():
    scales = depth_scales(*expected("tanh", (1.65, 1.9), 0.05))
    # The curve of ln chi_1 against ln v is a line to a few hundredths over a seventh of its length.
    exact = theory.critical_weight_variance("tanh", 0.05)
    assert critical_point(scales) == pytest.approx(exact, rel=3e-3)
    assert math.isnan(critical_point(scales[scales["weight_variance"] < 1.7]))


def test_variances_of_filters_are_times_their_fan_in():
    runs, predictions = expected("tanh", (1.5,), 0.05)
    label = f"normal(stddev={math.sqrt(1.5 / (9 * 16))})"
    of_filters = runs.assign(model="convnet", width=16, initializer=label)
    (scale,) = depth_scales(of_filters, predictions).to_dict("records")
    assert scale["weight_variance"] == pytest.approx(1.5)
    assert depth_scales(of_filters.assign(model="vgg11"), predictions).empty


def test_laws_and_trials_without_numbers_have_no_scale():
    runs, predictions = expected("tanh", (1.5,), 0.05)
    unknown = runs.assign(initializer="uniform(high=1, low=0)")
    assert depth_scales(unknown, predictions).empty
    assert depth_scales(runs, predictions.iloc[:0]).empty
