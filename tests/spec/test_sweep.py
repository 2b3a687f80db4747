"""Which runs a sweep declares, and in what order."""

import pytest

from initlab.spec.sweep import parse_sweep


def runs(**content):
    return parse_sweep({"question": "?", "seeds": 1} | content, name="demo", source="demo").runs


def depths_and_widths(**content):
    return [(run.depth, run.width) for run in runs(**content)]


def test_a_number_of_seeds_counts_from_zero():
    assert [run.seed for run in runs(seeds=3)] == [0, 1, 2]
    assert [run.seed for run in runs(seeds=[7, 3])] == [7, 3]
    assert [run.seed for run in parse_sweep({"question": "?"}, name="", source="").runs] == [
        *range(5)
    ]


def test_axes_make_their_product_the_last_one_fastest_and_seeds_within():
    declared = runs(axes={"depth": [5, 2], "width": [8, 4]}, seeds=2)
    found = [(run.depth, run.width, run.seed) for run in declared]
    assert found == [(d, w, s) for d in (5, 2) for w in (8, 4) for s in (0, 1)]


def test_a_zip_is_one_axis():
    zipped = [{"depth": [1, 2], "width": [8, 4]}]
    assert depths_and_widths(zip=zipped) == [(1, 8), (2, 4)]
    assert depths_and_widths(zip=[{"width": [8, 4]}], axes={"depth": [1, 2]}) == [
        (1, 8),
        (1, 4),
        (2, 8),
        (2, 4),
    ]


def test_cases_are_added_whole_and_override_the_base():
    base = {"width": 3}
    assert depths_and_widths(base=base, cases=[{"depth": 2}, {"depth": 4, "width": 5}]) == [
        (2, 3),
        (4, 5),
    ]
    assert depths_and_widths(base=base, axes={"depth": [1]}, cases=[{"depth": 2}]) == [
        (1, 3),
        (2, 3),
    ]


def test_each_grid_is_one_more_product_whose_fields_override_the_base():
    base = {"width": 3}
    grids = [{"depth": [2, 3], "width": [4, 5]}, {"depth": [7]}]
    assert depths_and_widths(base=base, grids=grids) == [(2, 4), (2, 5), (3, 4), (3, 5), (7, 3)]
    assert depths_and_widths(base=base, axes={"depth": [1]}, grids=grids[1:]) == [(1, 3), (7, 3)]
    assert depths_and_widths(base=base, grids=grids[1:], cases=[{"depth": 9}]) == [(7, 3), (9, 3)]
    left = depths_and_widths(base=base, grids=grids, exclude=[{"depth": 3, "width": 4}])
    assert left == [(2, 4), (2, 5), (3, 5), (7, 3)]


def test_no_axes_and_no_cases_make_one_trial():
    assert depths_and_widths(base={"depth": 2, "width": 3}) == [(2, 3)]


def test_exclude_leaves_out_what_matches_in_every_field():
    axes = {"depth": [1, 2], "width": [3, 4]}
    excluded = [{"depth": 1, "width": 4}, {"depth": 9}]
    assert depths_and_widths(axes=axes, exclude=excluded) == [(1, 3), (2, 3), (2, 4)]


@pytest.mark.parametrize(
    ("field", "values", "excluded"),
    [
        ("initializer", ["zeros", "ones"], {"name": "ones"}),
        ("initializer", ["zeros", {"name": "orthogonal"}], {"name": "orthogonal", "gain": 1}),
        ("activation", ["relu", "tanh"], "tanh"),
        ("learning_rate", [0.1, 1.0], 1),
        ("gradient_clip", ["none", 1], 1.0),
        ("readout_initializer", ["same", "zeros"], "zeros"),
    ],
)
def test_exclude_compares_values_however_they_are_written(field, values, excluded):
    (left,) = runs(axes={field: values}, exclude=[{field: excluded}])
    (wanted,) = runs(base={field: values[0]})
    assert left.run_id == wanted.run_id


def test_exclude_knows_the_defaults():
    axes = {"depth": [1, 2]}
    assert len(runs(axes=axes, exclude=[{"initializer": "he_normal", "depth": 1}])) == 1


def test_an_excluded_trial_may_be_impossible():
    axes = {"dataset": ["digits", "fashion"], "batch_size": [64, 2_000]}
    excluded = [{"dataset": "digits", "batch_size": 2_000}]
    assert len(runs(axes=axes, exclude=excluded)) == 3


def test_a_sweep_names_what_it_varies():
    content = {
        "question": "?",
        "axes": {"depth": [1], "width": [2]},
        "zip": [{"steps": [3, 4], "learning_rate": [0.1, 0.2]}],
        "grids": [{"inputs": ["raw"]}],
        "cases": [{"depth": 5, "loss": "mse"}],
    }
    found = parse_sweep(content, name="demo", source="demo").axes
    assert found == ("depth", "width", "steps", "learning_rate", "inputs", "loss")
