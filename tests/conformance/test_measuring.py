"""A cell tells the faults that matter from chance, and counts fans as the layers do."""

import numpy as np
import pytest

from initlab.initializers import Layout, fans
from scripts.conformance import layers
from scripts.conformance.laws import CUT, GAUSSIAN, UNIFORM, even, fixed, glorot, he
from scripts.conformance.measuring import Cell, measure
from scripts.conformance.published import cut, gaussian, symmetric
from scripts.conformance.table import word

TRANSPOSED = Layout(strides=(2, 2), transposed=True)
HE = (2 / 128) ** 0.5
CORRECTION = 0.8796256610342398


@pytest.mark.parametrize(
    ("layer", "shape", "layout"),
    [
        (layers.DENSE, (128, 256), Layout()),
        (layers.CONVOLUTION, (3, 3, 128, 256), Layout()),
        (layers.GROUPED, (3, 3, 32, 256), Layout(groups=4)),
        (layers.DEPTHWISE, (3, 3, 1, 2048), Layout(groups=128)),
        (layers.TRANSPOSED, (3, 3, 128, 256), TRANSPOSED),
        (layers.SWAPPED, (3, 3, 128, 256), TRANSPOSED),
    ],
    ids=lambda value: value.name if isinstance(value, layers.Layer) else None,
)
def test_fans_are_those_that_the_laboratory_counts(layer, shape, layout):
    assert (layer.fan_in, layer.fan_out) == fans(shape, layout)


def cell(draw, law):
    return measure(lambda seed: draw(np.random.default_rng(seed)), law, layers.DENSE)


@pytest.mark.parametrize(
    ("draw", "law"),
    [
        (gaussian(HE), he(GAUSSIAN)),
        (symmetric(3**0.5 * HE), he(UNIFORM)),
        (cut(HE / CORRECTION), he(CUT)),
        (gaussian((2 / 384) ** 0.5), glorot(GAUSSIAN)),
        (lambda rng: rng.uniform(0.0, 0.1, (128, 256)), even(0.0, 0.1)),
    ],
)
def test_what_follows_its_law_does_not_depart(draw, law):
    assert not cell(draw, law).departs


@pytest.mark.parametrize(
    ("draw", "law", "factor"),
    [
        (gaussian(1.05 * HE), he(GAUSSIAN), 1.1025),
        (cut(0.95 * HE / CORRECTION), he(CUT), 0.9025),
        (cut(HE), he(CUT), 0.773741303550),
        (gaussian((2 / 256) ** 0.5), he(GAUSSIAN), 0.5),
        (gaussian(HE), glorot(GAUSSIAN), 3.0),
        (lambda rng: rng.uniform(0.0, 0.1, (128, 256)), even(-0.05, 0.05), 4.0),
        (lambda rng: np.full((128, 256), np.nan), fixed(1.0, GAUSSIAN), np.nan),
    ],
)
def test_an_error_of_scale_a_wrong_fan_and_a_missing_correction_depart(draw, law, factor):
    found = cell(draw, law)
    assert found.departs
    # Five standard errors at the kurtosis of the law, as for a cell that conforms; the uniform
    # draws about a wrong mean scatter more, but by less than a Gaussian would.
    assert found.factor == pytest.approx(factor, rel=0.01, nan_ok=True)


def test_the_tolerance_is_that_of_the_number_of_weights():
    # 2^19 Gaussian weights: 5 sqrt(2 / 2^19).
    assert cell(gaussian(HE), he(GAUSSIAN)).tolerance == pytest.approx(0.009766, abs=1e-6)


def test_a_cell_is_written_with_its_tolerance_or_marked():
    assert word(Cell(1.00312, 0.0098)) == "1.0031 ± 0.0098"
    assert word(Cell(0.24961, 0.0076)) == "**departs: x 0.2496**"
    assert word(None) == ""
