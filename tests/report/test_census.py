from initlab.report.census import take_census, warnings
from initlab.store.failures import record_failure

from .sample import load_sample, make_results, publish


def test_runs_are_counted_by_status(tmp_path):
    path = make_results(tmp_path / "demo", depths=(3,))
    publish(path, depth=5, status="diverged", diverged_at_step=1)
    record_failure(path, "group-9", error="killed by SIGKILL", attempt=1, run_ids=["run-9-0"])
    planned = ["run-3-0", "run-5-0", "run-5-1", "run-9-0", "run-7-0", "run-7-1"]
    census = take_census(load_sample(path), planned)
    assert census.by_status() == {
        "planned": 6, "completed": 1, "diverged": 2, "failed": 1, "missing": 2,
    }  # fmt: skip
    assert (census.trials, census.seeds) == (2, (1, 2))
    assert [failure.error for failure in census.failures] == ["killed by SIGKILL"]
    assert warnings(census) == [
        "Of 6 planned runs, 2 are missing: not run yet, and in no number here.",
        "1 run failed and left no measurement; “How it was run” says why.",
        "Trials have between 1 and 2 seeds each.",
    ]


def test_group_that_failed_first_and_was_committed_later_is_no_failure(tmp_path):
    path = make_results(tmp_path / "demo", depths=(3,))
    record_failure(path, "group-3", error="x", attempt=1, run_ids=["run-3-0", "run-3-1"])
    census = take_census(load_sample(path), ["run-3-0", "run-3-1"])
    assert census.failed == 0
    assert census.failures == ()
    assert warnings(census) == []


def test_plan_that_is_unknown_leaves_the_missing_unknown(results):
    census = take_census(results)
    assert census.by_status() == {
        "completed": 4, "diverged": 0, "failed": 0,
    }  # fmt: skip


def test_error_shows_the_line_that_says_what_happened(tmp_path):
    path = make_results(tmp_path / "demo", depths=())
    traceback = (
        'Traceback (most recent call last):\n  File "x"\nValueError: \x1b[31mtoo deep\x1b[0m'
    )
    record_failure(path, "group-1", error=traceback, attempt=1, run_ids=["a"])
    record_failure(path, "group-2", error="Exhausted: 2 GB\nbuffers:\n1", attempt=1, run_ids=["b"])
    first, second = take_census(load_sample(path)).failures
    assert first.error == "ValueError: too deep"
    assert second.error == "Exhausted: 2 GB"


def test_results_that_say_little_are_introduced_so(tmp_path):
    nothing = take_census(load_sample(make_results(tmp_path / "a", depths=())), ["run-3-0"])
    assert warnings(nothing) == [
        "No run has results yet, so nothing below rests on a measurement.",
        "Of 1 planned runs, 1 is missing: not run yet, and in no number here.",
    ]
    single = take_census(load_sample(make_results(tmp_path / "b", seeds=1)))
    assert warnings(single) == [
        "Each trial has one seed: what differs between seeds is unknown, and no interval can be "
        "given."
    ]
    lost = take_census(load_sample(make_results(tmp_path / "c", status="diverged")))
    assert warnings(lost) == [
        "Every one of the 4 runs with results diverged: what is shown was measured before they did."
    ]


def test_trials_with_unequal_numbers_of_seeds_are_named(tmp_path):
    path = make_results(tmp_path / "demo", depths=(3,))
    publish(path, depth=4, seeds=5)
    assert warnings(take_census(load_sample(path))) == ["Trials have between 2 and 5 seeds each."]


def test_runs_that_the_specification_does_not_declare_are_counted_apart(tmp_path):
    path = make_results(tmp_path / "demo", depths=(3,), seeds=5)
    publish(path, depth=5, seeds=5, status="diverged", diverged_at_step=1)
    census = take_census(load_sample(path), ["run-5-0"])
    assert census.by_status() == {
        "planned": 1, "completed": 0, "diverged": 1, "failed": 0, "missing": 0,
    }  # fmt: skip
    assert warnings(census) == [
        "The one run with results diverged: what is shown was measured before it did.",
        "Each trial has one seed: what differs between seeds is unknown, and no interval can be "
        "given.",
    ]
