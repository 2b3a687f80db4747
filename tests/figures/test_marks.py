"""What is drawn is what the table says: read off the artists."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from initlab.figures.axes import (
    layer_ticks,
    log_scale,
    power_of_ten,
    short_number,
    step_ticks,
)
from initlab.figures.depth_profile import LOWEST, plot_depth_profile
from initlab.figures.factor_map import cell_text, factor_colour, plot_factor_map
from initlab.figures.first_kernels import plot_first_kernels
from initlab.figures.layer_step_map import _blocks
from initlab.figures.style import house_style, looks

from .samples import profile, samples

TIMES = "\N{MULTIPLICATION SIGN}"


def axes():
    with house_style():
        return Figure(figsize=(3, 3)).subplots()


def test_a_profile_s_line_holds_the_table_s_numbers():
    ax = plot_depth_profile(profile(value=[1.0, 0.5, 0.25]), axes(), look=looks(["he_normal"]))
    (line,) = ax.lines
    assert line.get_xydata().tolist() == [[1, 1.0], [2, 0.5], [3, 0.25]]
    assert ax.get_yscale() == "log"


def test_the_band_reaches_from_low_to_high():
    table = profile(value=[1.0, 1.0], low=[0.5, 0.1], high=[2.0, 3.0])
    ax = plot_depth_profile(table, axes(), look=looks(["he_normal"]))
    corners = ax.collections[0].get_paths()[0].vertices.tolist()
    for corner in ([1, 0.5], [1, 2.0], [2, 0.1], [2, 3.0]):
        assert corner in corners


def test_gradients_travel_from_the_readout_on_the_left():
    table = profile("preactivation_gradient_second_moment", value=[1.0, 2.0])
    ax = plot_depth_profile(table, axes(), look=looks(["he_normal"]))
    left, right = ax.get_xlim()
    assert left > right


def test_zeros_and_divergence_are_marked_where_they_begin():
    table = profile(
        value=[1.0, np.nan, np.nan, np.nan], num_zero=[0, 3, 3, 3], num_diverged=[0, 0, 0, 2]
    )
    ax = plot_depth_profile(table, axes(), look=looks(["he_normal"]))
    marks = {line.get_marker(): line.get_xdata()[0] for line in ax.lines[1:]}
    assert marks == {"v": 2.0, "x": 4.0}


def test_seeds_are_lines_where_they_are_few():
    table = profile(value=[1.0, 2.0])
    seeds = [
        profile(value=[0.5, 1.0]).assign(seed=pd.array([seed] * 2, "Int64")) for seed in (0, 1)
    ]
    ax = plot_depth_profile(pd.concat([table, *seeds]), axes(), look=looks(["he_normal"]))
    assert len(ax.lines) == 3


def test_the_prediction_is_dashed_and_black_in_a_grey_band():
    table = profile(value=[1.0, 2.0], predicted=[1.5, 1.6])
    table = table.assign(predicted_low=[1.2, 0.8], predicted_high=[1.9, 3.2])
    ax = plot_depth_profile(table, axes(), look=looks(["he_normal"]))
    measured, predicted = ax.lines
    assert predicted.get_color() == "black"
    assert predicted.is_dashed()
    assert not measured.is_dashed()
    assert predicted.get_xydata().tolist() == [[1, 1.5], [2, 1.6]]
    *_, band = ax.collections
    (colour,) = band.get_facecolor()
    assert colour[:3].tolist() == [0, 0, 0]
    assert 0.03 < colour[3] < 0.3  # black that is let through: grey, and the lines are seen
    corners = band.get_paths()[0].vertices.tolist()
    for corner in ([1, 1.2], [1, 1.9], [2, 0.8], [2, 3.2]):
        assert corner in corners


def test_the_axis_is_cut_far_below_what_holds():
    ax = plot_depth_profile(profile(value=[1.0, 1e-60]), axes(), look=looks(["he_normal"]))
    assert ax.get_ylim()[0] == pytest.approx(LOWEST)


def test_cells_say_their_factor_and_white_is_one():
    table = pd.DataFrame(
        {
            "initializer": ["he_normal", "zeros", "ones"],
            "activation": "relu",
            "factor": [1.0, np.nan, np.nan],
            "num_diverged": [1, 0, 1],
            "fate": ["holds", "vanishes", "explodes"],
        }
    )
    ax = plot_factor_map(table, axes())
    assert {text.get_text() for text in ax.texts} == {"1.00", "gone", "none"}
    assert sorted(bool(patch.get_hatch()) for patch in ax.patches) == [False, True, True]
    assert min(factor_colour(1.0)) > 0.95
    assert factor_colour(0.25) == factor_colour(1e-30)


@pytest.mark.parametrize(
    ("factor", "text"),
    [(1.004, "1.00"), (0.0104, "0.010"), (0.00159, "0.0016"), (63.7, "64"), (2e6, "2e+06")],
)
def test_factors_are_written_shortly(factor, text):
    assert cell_text(factor) == text


def test_small_factor_has_one_digit_where_its_cell_is_narrow():
    assert cell_text(0.00079, letters=5) == "8e\N{MINUS SIGN}4"
    assert cell_text(0.00079, letters=7) == "0.00079"
    assert cell_text(0.0008, letters=6) == "8e\N{MINUS SIGN}4"
    assert cell_text(0.083, letters=5) == "0.083"


def test_factor_below_a_ten_thousandth_has_a_power_in_any_cell():
    assert cell_text(2.04e-5) == "2e\N{MINUS SIGN}5"
    assert cell_text(3e-12, letters=5) == "3e\N{MINUS SIGN}12"


def test_kernels_have_one_scale_about_zero():
    table = samples()["first_kernels"][0]
    one = table[(table["initializer"] == "he_normal") & (table["activation"] == "relu")]
    one = one[one["when"] == "before"]
    ax = plot_first_kernels(one, axes(), limit=3.0)
    image = ax.images[0]
    assert image.get_clim() == (-3.0, 3.0)
    first = one[(one["unit"] == 0) & (one["row"] == 0)].sort_values("column")["weight"]
    assert image.get_array()[0, :4].tolist() == first.tolist()
    assert image.get_array()[:, 4].mask.all()


def test_powers_of_ten_need_no_formula():
    assert [power_of_ten(10.0**power) for power in (-20, -2, -1, 0, 1, 5)] == [
        "10⁻²⁰",
        "10⁻²",
        "10⁻¹",
        "1",
        "10¹",
        "10⁵",
    ]
    assert power_of_ten(3.0) == ""
    assert power_of_ten(0.0) == "0"


@pytest.mark.parametrize("depth", [1, 2, 5, 9, 10, 20, 50, 100])
def test_ticks_of_layers_are_few_and_hold_the_first_and_the_last(depth):
    ax = axes()
    layer_ticks(ax, depth)
    ticks = list(ax.xaxis.get_majorticklocs())
    assert ticks[0] == 1
    assert ticks[-1] == depth
    assert len(ticks) <= 6


@pytest.mark.parametrize("last", [0, 1, 30, 400, 100_000])
def test_ticks_of_steps_are_few_and_start_at_zero(last):
    ticks = step_ticks(last)
    assert ticks[0] == 0
    assert ticks == sorted(set(ticks))
    assert len(ticks) <= 7
    assert all(str(tick)[0] in "01" for tick in step_ticks(last, narrow=True))


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (2e-3, 50.0, ["0.001", "0.01", "0.1", "1", "10", "100"]),
        (2e-4, 50.0, ["10⁻⁴", "10⁻²", "1", "10²"]),
        (1e-20, 2e8, ["10⁻²⁰", "10⁻¹⁰", "1"]),
    ],
)
def test_the_numbers_of_one_logarithmic_axis_are_written_alike(low, high, written):
    ax = axes()
    log_scale(ax, low, high)
    write = ax.yaxis.get_major_formatter()
    assert [write(tick) for tick in ax.yaxis.get_majorticklocs()] == written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (8.6e-23, f"8.6{TIMES}10⁻²³"),
        (2e5, f"2{TIMES}10⁵"),
        (0.00079, "0.00079"),
        (-11.0, "\N{MINUS SIGN}11"),
    ],
)
def test_numbers_in_panels_are_short(value, text):
    assert short_number(value) == text


def test_a_logarithmic_axis_ends_at_powers_of_ten():
    ax = axes()
    log_scale(ax, 3e-7, 20.0)
    assert ax.get_ylim() == pytest.approx((1e-7, 1e2))


def test_blocks_cover_exactly_the_true_cells():
    rng = np.random.default_rng(0)
    for _ in range(50):
        where = rng.random((6, 7)) < 0.4
        covered = np.zeros_like(where, dtype=int)
        for low, high, first, last in _blocks(where):
            covered[low:high, first:last] += 1
        assert (covered == where).all()


def test_one_depth_has_a_row_an_initializer_with_its_value_along():
    table, draw, alt = samples()["accuracy_rows"]
    figure = draw(table)
    assert figure.legends == []
    assert "by initializer" in alt(table)
    (ax,) = [one for one in figure.axes if one.get_title() == "relu"][:1]
    names = [text.get_text() for text in ax.get_yticklabels()]
    assert names == ["zeros", "normal 1", "Glorot uniform", "He normal"]
    he = table.query(
        "statistic == 'train_accuracy' and activation == 'relu' and initializer == 'he_normal'"
    ).iloc[0]
    row = [line for line in ax.lines if line.get_ydata()[0] == names.index("He normal")]
    assert [list(line.get_xdata()) for line in row] == [[he["low"], he["high"]], [he["value"]]]
    low, high = ax.get_ylim()
    assert low > high, "the first name stands uppermost"


def test_a_key_shows_lines_only_where_lines_are_drawn():
    samples_of = {name: samples()[name] for name in ("accuracy_by_depth", "unit_spread")}
    legends = {name: draw(table).legends[0] for name, (table, draw, _) in samples_of.items()}
    dashes = {
        name: {line.get_linestyle() for line in legend.legend_handles}
        for name, legend in legends.items()
    }
    assert dashes["accuracy_by_depth"] == {"None"}
    assert "None" not in dashes["unit_spread"]


def test_a_mean_ends_where_others_diverged_and_fewer_than_five_are_left():
    means = profile(value=[1.0, 2.0, 9.0], num_diverged=[0, 2, 4], n=[7, 5, 3])
    seed = profile(value=[1.5, 2.5, 9.5]).assign(seed=pd.array([0] * 3, "Int64"))
    ax = plot_depth_profile(pd.concat([means, seed]), axes(), look=looks(["he_normal"]))
    thin, thick = ax.lines[:2]
    assert list(thin.get_ydata()) == [1.5, 2.5, 9.5]
    np.testing.assert_equal(list(thick.get_ydata()), [1.0, 2.0, np.nan])
