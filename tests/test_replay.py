"""One run of a sweep run again: the same bits, or what differs."""

import tomllib

import numpy as np
import pandas as pd
import pytest

from initlab import replay
from initlab.spec.sweep import parse_sweep
from initlab.store.folder import open_results
from initlab.store.query import load_results
from initlab.worker import work

from .cli.terminal import initlab, inside

TOML = """question = "Is it the same?"
seeds = 2
[base]
width = 8
steps = 2
batch_size = 16
[axes]
depth = [2]
[[cases]]
loss = "mse"
learning_rate = 1e6
steps = 9
depth = 4
[measure]
keep = ["histograms", "checkpoint"]
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A folder with an experiment, and its results: two runs that were trained together."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "experiments" / "demo").mkdir(parents=True)
    (folder / "experiments" / "demo" / "sweep.toml").write_text(TOML)
    results = open_results(folder / "results" / "demo", experiment="demo", create=True).path
    assert work(demo(), results, lambda event: None) == 0
    return folder


@pytest.fixture(scope="module")
def again():
    """What came of each run that was run again, by id."""
    return {}


@pytest.fixture
def remembering(again, monkeypatch, tmp_path_factory):
    """Each run is run again once, however often what comes of it is compared."""
    run_again = replay._again

    def remembered(sweep, folder, orders):
        (run,) = sweep.runs
        if run.run_id not in again:
            again[run.run_id] = run_again(sweep, tmp_path_factory.mktemp("again"), orders)
        return again[run.run_id]

    monkeypatch.setattr(replay, "_again", remembered)


def demo():
    return parse_sweep(tomllib.loads(TOML), name="demo", source="demo")


def test_a_run_alone_has_the_bits_that_it_had_among_others(lab, remembering):
    sweep, recorded = demo(), load_results(lab / "results" / "demo")
    found = replay.replay(sweep, sweep.runs[1], recorded)
    assert (found.faults, found.elsewhere) == ((), ())
    assert found.numbers > 100


def test_a_run_that_diverged_diverges_again_in_the_same_place(lab, remembering):
    sweep, recorded = demo(), load_results(lab / "results" / "demo")
    diverging = sweep.runs[-1]
    row = recorded.runs.set_index("run_id").loc[diverging.run_id]
    assert row["status"] == "diverged"
    found = replay.replay(sweep, diverging, recorded)
    assert (found.faults, found.elsewhere) == ((), ())


@pytest.mark.parametrize(
    ("name", "column", "value", "told"),
    [
        ("runs", "status", "completed", "runs: 1 of 1 values of status differ, the first at "),
        ("runs", "diverged_at_step", 0, "runs: 1 of 1 numbers of diverged_at_step differ, the fi"),
        ("layers", "layer_name", "other", "layers: "),
        ("predictions", "batch_correlation", 0.3, "predictions: "),
    ],
)
def test_an_outcome_a_name_or_a_prediction_that_differs_is_told(
    lab, remembering, monkeypatch, name, column, value, told
):
    sweep, recorded = demo(), load_results(lab / "results" / "demo")
    real = replay._rows

    def rows(results, table, run_id, place):
        found = real(results, table, run_id, place)
        return found.assign(**{column: value}) if table == name and results is recorded else found

    monkeypatch.setattr(replay, "_rows", rows)
    (fault,) = replay.replay(sweep, sweep.runs[-1], recorded).faults
    assert fault.startswith(told)
    assert f" of {column} differ, " in fault


def test_a_kept_array_that_differs_is_told():
    old = {"kernel": np.array([1.0, np.nan]), "bias": np.zeros(2)}
    assert list(replay._array_differences("arrays", old, dict(old))) == []
    moved = {"kernel": np.array([1.0, 0.0]), "scale": np.zeros(2)}
    assert list(replay._array_differences("arrays", old, moved)) == [
        "arrays: bias is there only as recorded",
        "arrays: kernel has other bits",
        "arrays: scale is there only run again",
    ]
    wide = {"kernel": np.zeros((2, 1)), "bias": np.zeros(2, np.float32)}
    assert list(replay._array_differences("checkpoint", old, wide)) == [
        "checkpoint: bias has another shape or type run again",
        "checkpoint: kernel has another shape or type run again",
    ]


def test_a_mean_that_cancelled_is_held_to_what_it_is_the_mean_of():
    old = pd.DataFrame(
        {"preactivation_mean": [1e-9, 0.5], "preactivation_second_moment": [4.0, 4.0],
         "train_loss": [1e-9, 1.0]},
        index=pd.Index([0, 1], name="step"),
    )  # fmt: skip
    # Half of 2^7 eps of a root mean square of 2; a loss has nothing to cancel.
    near = old.assign(preactivation_mean=[1e-9 + replay.CANCELLED, 0.5])
    assert list(replay._differences("layers", old, near, 1e-3)) == []
    assert len(list(replay._differences("layers", old, near, 0.0))) == 1
    far = old.assign(preactivation_mean=[1e-9 + 3 * replay.CANCELLED, 0.5])
    assert len(list(replay._differences("layers", old, far, 1e-3))) == 1
    lost = old.assign(train_loss=[1e-9 + replay.CANCELLED, 1.0])
    assert len(list(replay._differences("steps", old, lost, 1e-3))) == 1


def test_a_bit_that_differs_is_told_with_its_place(lab, remembering, monkeypatch):
    sweep, recorded = demo(), load_results(lab / "results" / "demo")
    real = replay._rows

    def rows(results, name, run_id, place):
        table = real(results, name, run_id, place)
        if results is recorded or name != "steps":
            return table
        loss = table["train_loss"].astype("float32")
        return table.assign(
            train_loss=np.nextafter(loss, np.float32(9)).where(loss.index == 1, loss)
        )

    monkeypatch.setattr(replay, "_rows", rows)
    (fault,) = replay.replay(sweep, sweep.runs[1], recorded).faults
    assert fault.startswith("steps: 1 of 3 numbers of train_loss differ, the first at 1: ")


def test_elsewhere_the_statistics_of_step_0_are_compared(lab, remembering, monkeypatch):
    sweep, recorded = demo(), load_results(lab / "results" / "demo")
    here = replay.environment()
    monkeypatch.setattr(replay, "environment", lambda: here | {"jax_version": "9.9"})
    found = replay.replay(sweep, sweep.runs[0], recorded)
    assert found.elsewhere == (f"jax version was {here['jax_version']}, and is 9.9",)
    assert found.faults == ()
    assert 0 < found.numbers < replay_numbers(sweep, recorded) / 2


def replay_numbers(sweep, recorded):
    run_id = sweep.runs[0].run_id
    return sum(
        replay._rows(recorded, name, run_id, place).size for name, place in replay._PLACES.items()
    )


@pytest.mark.parametrize(
    ("new", "tolerance", "differs"),
    [
        (1.0, 0.0, False),
        (np.nextafter(np.float32(1), 2), 0.0, True),
        (1.0009, 1e-3, False),
        (1.0011, 1e-3, True),
        (np.nan, 1e-3, True),
        (np.inf, 1e-3, True),
        (-1.0, 1e-3, True),
    ],
)
def test_a_number_may_differ_by_no_more_than_the_tolerance(new, tolerance, differs):
    index = pd.Index([0, 1], name="step")
    old = pd.DataFrame({"loss": [1.0, np.nan], "zero": [0.0, np.inf]}, index=index)
    found = list(replay._differences("steps", old, old.assign(loss=[new, np.nan]), tolerance))
    assert bool(found) == differs
    assert all(
        one.startswith("steps: 1 of 2 numbers of loss differ, the first at 0") for one in found
    )


def test_rows_that_are_missing_are_told():
    old = pd.DataFrame({"loss": [1.0, 2.0]}, index=pd.Index([0, 1], name="step"))
    assert list(replay._differences("steps", old, old.iloc[:1], 0.0)) == [
        "steps: has 2 rows, and run again 1"
    ]


def test_the_command_finds_the_run_and_says_what_came_of_it(lab, monkeypatch):
    monkeypatch.chdir(lab)
    run_id = demo().runs[0].run_id
    out = inside("replay", run_id)
    assert out.startswith(f"{run_id}: ")
    assert out.endswith(" numbers the same, compared to the last bit\n")


def test_a_run_that_nobody_has_is_bad_usage(lab):
    code, out, errors = initlab("replay", "0" * 16, folder=lab)
    assert (code, out) == (2, "")
    assert errors == (
        f"initlab: no results folder in results holds a run '{'0' * 16}'. Name the folder with "
        "--results DIR; the table `runs` has the ids.\n"
    )


def test_a_run_that_is_declared_no_more_is_bad_usage(lab):
    run_id = demo().runs[1].run_id
    code, _, errors = initlab("replay", run_id, "--seeds", "1", folder=lab)
    assert code == 2
    assert errors.startswith(f"initlab: demo declares no run '{run_id}' now: give the --set")
