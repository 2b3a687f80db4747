"""docs/initializers.md has a row for every law, and its variances are those of the code."""

import math
from pathlib import Path

import jax
import numpy as np
import pytest
from pydantic import TypeAdapter

from initlab.initializers import INITIALIZERS, fans
from initlab.spec.laws import LAW_NAMES, InitializerLaw
from initlab.theory.law_variance import CUT, law_variance

DOCUMENT = (Path(__file__).parents[2] / "docs" / "initializers.md").read_text()
ROWS = {
    cells[0].strip("`"): cells[1:]
    for line in DOCUMENT.splitlines()
    if line.startswith("| `")
    for cells in [[cell.strip() for cell in line.strip("|").split(" | ")]]
}
ARGUMENTS = {
    "constant": {"value": 0.5},
    "normal": {"stddev": 0.3},
    "truncated_normal": {"stddev": 0.3},
    "uniform": {"low": -0.2, "high": 0.2},
    "fan_in_normal": {"weight_variance": 1.5},
    "tied_halves": {"weight_variance": 1.5},
    "orthogonal": {"gain": 1.5},
    "variance_scaling": {"scale": 1.7, "mode": "fan_out"},
    "he_leaky_normal": {"negative_slope": 0.5},
    "he_leaky_uniform": {"negative_slope": 0.5},
    "caffe_xavier": {"mode": "fan_out"},
    "caffe_msra": {"mode": "fan_out"},
    "lenet_class_uniform": {"pool_area": 9},
    "siren_first": {"folded_omega": 3.0},
    "siren_hidden": {"omega": 2.0},
    "sparse": {"sparsity": 0.5},
}


def law_of(name):
    return TypeAdapter(InitializerLaw).validate_python({"name": name, **ARGUMENTS.get(name, {})})


def test_every_law_has_a_row_of_four_cells_and_no_other():
    assert set(ROWS) == set(LAW_NAMES)
    assert {len(cells) for cells in ROWS.values()} == {3}
    assert f"`cut = {CUT:.7f}`" in DOCUMENT


@pytest.mark.parametrize("name", LAW_NAMES)
@pytest.mark.parametrize("shape", [(64, 256), (256, 64), (3, 3, 16, 32)], ids=str)
def test_the_weight_variance_of_a_row_is_that_of_the_law(name, shape):
    law, (_, written, _) = law_of(name), ROWS[name]
    variance = law_variance(law, shape)
    one_tap = name == "delta_orthogonal" and len(shape) > 2  # the others are zero
    if written == "none" or one_tap:
        assert variance is None
        return
    fan_in, fan_out = fans(shape)
    known = {"fan_in": fan_in, "fan_out": fan_out, "out": shape[-1], "cut": CUT}
    known |= {"exp": math.exp, "max": max} | law.arguments()
    expected = eval(written.strip("`"), {}, known)  # noqa: S307
    assert variance * fan_in == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", [name for name in LAW_NAMES if ROWS[name][1] != "none"])
def test_the_law_of_a_row_is_drawn(name):
    law = law_of(name)
    written = ROWS[name][0]
    kernel = np.asarray(
        INITIALIZERS[name](**law.arguments())(jax.random.key(0), (256, 256)), np.float64
    )
    expected = law_variance(law, (256, 256))
    # Of 65,536 weights, of a Gaussian at most: 2.8 %. A missing correction is 22.6 %.
    assert np.mean(kernel**2) == pytest.approx(expected, rel=5 * math.sqrt(2 / kernel.size))
    if expected:
        # A cut or uniform law has an end within its reach, which its row says.
        bounded = np.abs(kernel).max() < 2.5 * math.sqrt(expected)
        assert bounded == (written.startswith("U(") or "cut" in written or name == WIDE)


WIDE = "variance_scaling"  # by default a cut Gaussian, of a row that names no distribution
