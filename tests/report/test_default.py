import pytest

from initlab.analysis.profiles import FORWARD
from initlab.report.check import check_findings
from initlab.report.default import analyse, summarize_trials
from initlab.store.folder import open_results

from ..analysis.drawn_networks import predicted
from ..experiments.signals import signal
from ..experiments.tables import publish as publish_trials
from .sample import RECORDED, load_sample, make_results, publish


def test_accuracies_are_those_of_the_last_step(results):
    trials = summarize_trials(results.runs, results.steps)
    assert trials["depth"].tolist() == [3, 4]
    assert trials["test_accuracy"].tolist() == pytest.approx([0.53, 0.54])
    assert trials["test_accuracy_low"].isna().all()


def test_answer_names_the_ends_by_what_varies(results):
    assert analyse(results).answer[0] == (
        "Of 4 runs in 2 trials, 4 completed and 0 diverged. Mean test accuracy at the last step "
        "goes from 0.530 (depth 3) to 0.540 (depth 4)."
    )


def test_interval_is_given_from_five_seeds_on(tmp_path):
    results = load_sample(make_results(tmp_path / "demo", depths=(3,), seeds=5))
    (trial,) = summarize_trials(results.runs, results.steps).to_dict("records")
    assert trial["test_accuracy_low"] == pytest.approx(0.53)
    found = analyse(results)
    assert "test accuracy low" in found.listings[0].table.columns
    assert found.answer[0].startswith("Of 5 runs in 1 trial, 5 completed")


def test_diverged_runs_are_counted_and_in_no_mean(tmp_path):
    path = make_results(tmp_path / "demo", depths=(3,))
    publish(path, depth=4, status="diverged", diverged_at_step=1)
    results = load_sample(path)
    trials = summarize_trials(results.runs, results.steps)
    assert trials["diverged"].tolist() == [0, 2]
    assert trials["test_accuracy"].isna().tolist() == [False, True]
    assert analyse(results).answer[0] == (
        "Of 4 runs in 2 trials, 2 completed and 2 diverged. Mean test accuracy at the last step "
        "is 0.530 (depth 3)."
    )


def test_a_trial_of_which_one_run_diverged_never_ranks_best(tmp_path):
    path = make_results(tmp_path / "demo", depths=(3,), seeds=5)
    publish(
        path, depth=9, seeds=5,
        status=lambda seed: "diverged" if seed == 4 else "completed",
        diverged_at_step=lambda seed: 1 if seed == 4 else None,
    )  # fmt: skip
    results = load_sample(path)
    trials = summarize_trials(results.runs, results.steps)
    assert trials["test_accuracy"].tolist() == pytest.approx([0.53, 0.59])
    assert analyse(results).answer[0] == (
        "Of 10 runs in 2 trials, 9 completed and 1 diverged. Mean test accuracy at the last step "
        "is 0.530 (depth 3), of the trials without a diverged run."
    )
    alone = results.only([f"run-9-{seed}" for seed in range(5)])
    assert (
        analyse(alone)
        .answer[0]
        .endswith("1 diverged. Every trial has a diverged run, so that none ranks before another.")
    )


def test_profile_before_training_is_drawn(results):
    (drawing,) = analyse(results).drawings
    assert drawing.name == "depth-profile"
    assert (
        "Geometric mean over n = 2 seeds, without an interval: the single seeds are drawn."
        in drawing.caption
    )
    assert set(drawing.table["step"]) == {0}
    check_findings(analyse(results))


def test_theory_is_drawn_beside_the_profile(tmp_path):
    trial = signal(1.0, depth=20, predictions=predicted("relu", 2.0, 20, 128))
    (drawing,) = analyse(load_sample(publish_trials(tmp_path / "r", trial))).drawings
    assert "Dashed, black: the mean that theory expects" in drawing.caption
    forward = drawing.table[drawing.table["statistic"] == FORWARD]
    assert forward["predicted"].tolist() == pytest.approx([2.0] * 20)
    assert drawing.table["predicted"].notna().all()


def test_field_that_is_no_axis_of_the_figure_is_held_and_named(tmp_path):
    path = make_results(tmp_path / "demo", depths=(3, 4), learning_rate=0.1)
    publish(path, depth=5, learning_rate=0.5)
    (drawing,) = analyse(load_sample(path)).drawings
    assert " Of the trials, those with learning rate 0.1. " in drawing.caption
    assert set(drawing.table["depth"]) == {3, 4}


def test_trials_beside_the_grid_are_counted_where_they_are_not_drawn(tmp_path):
    path = make_results(tmp_path / "demo", depths=(3, 4))
    publish(path, depth=5, inputs="raw")
    (drawing,) = analyse(load_sample(path)).drawings
    assert " Without 1 trial beside the grid, which the table has." in drawing.caption
    assert set(drawing.table["depth"]) == {3, 4}


def test_sweep_without_results_has_findings(tmp_path):
    findings = analyse(load_sample(make_results(tmp_path / "demo", depths=())))
    assert findings.answer == ("No run has results yet.",)
    assert findings.drawings == ()
    assert len(findings.listings[0].table) == 0


def test_no_interval_of_an_accuracy_passes_one(tmp_path):
    results = load_sample(make_results(tmp_path / "demo", depths=(3,), seeds=5))
    accuracy = [1.0, 1.0, 0.1, 1.0, 1.0]
    steps = results.steps[results.steps["step"] == 1].assign(test_accuracy=accuracy)
    (trial,) = summarize_trials(results.runs, steps).to_dict("records")
    # Without the cut the end were 0.82 + 2.776 standard errors of 0.18.
    assert (trial["test_accuracy"], trial["test_accuracy_high"]) == (pytest.approx(0.82), 1.0)
    assert trial["test_accuracy_low"] == pytest.approx(0.82 - 2.776 * 0.18, abs=1e-3)


def two_laws(path):
    """Results of two laws at two depths, five seeds each."""
    open_results(path, experiment="demo", create=True)
    for depth in (3, 4):
        law = {"initializer": lambda seed: "zeros" if seed > 4 else "he_normal"}
        publish(
            path, depth=depth, seeds=10, seed=lambda seed: seed % 5,
            trial_id=lambda seed, depth=depth: f"trial-{depth}-{seed // 5}",
            **RECORDED | law | {"readout_initializer": law["initializer"]},
        )  # fmt: skip
    return load_sample(path)


def test_initializers_are_compared_over_the_cells_that_they_share(tmp_path):
    findings = analyse(two_laws(tmp_path / "demo"))
    trials, compared = findings.listings
    assert (trials.name, compared.name) == ("trials", "initializers")
    assert compared.table["initializer"].tolist() == ["zeros", "He normal"]
    assert compared.table["cells"].tolist() == [2, 2]
    # Accuracies of 0.53 and 0.54, each in five runs.
    assert compared.table["test accuracy"].tolist() == pytest.approx([0.535, 0.535])
    check_findings(findings)


def test_a_diverged_run_counts_as_a_guess_where_initializers_are_compared(tmp_path):
    results = two_laws(tmp_path / "demo")
    results.runs.loc[results.runs["initializer"] == "zeros", "status"] = "diverged"
    _, compared = analyse(results).listings
    assert compared.table["test accuracy"].tolist() == pytest.approx([0.1, 0.535])
