"""What the targets that run experiments do, for which experiments and where."""

import pytest

from .recorder import calls, make

VARIABLES = ("EXPERIMENT", "SEEDS", "SET", "RESULTS", "REPORTS", "PYTHON")


def test_sweep_runs_the_sweep_and_then_writes_its_report(copy):
    assert make(copy, "-j", "2", "sweep", "RESULTS=/some where").returncode == 0
    name, results = "signal_propagation", "/some where/signal_propagation"
    assert calls(copy) == [
        ["initlab", "run", name, "--results", results],
        [
            "initlab",
            "report",
            name,
            "--results",
            results,
            "--out",
            f"reports/{name}",
            "--if-changed",
        ],
    ]


def test_an_empty_variable_is_as_one_that_is_not_given(copy):
    make(copy, "sweep")
    given = calls(copy)
    (copy / "calls").unlink()
    assert make(copy, "sweep", "RESULTS= ", "REPORTS= ", "SET= ", "SEEDS=").returncode == 0
    assert calls(copy) == given


def test_overrides_reach_the_command_as_they_were_written(copy):
    law = 'initializer={ name = "normal", stddev = 0.01 }'
    assert make(copy, "sweep", f"SET=steps=5 {law}").returncode == 0
    assert [call[call.index("--set") + 1] for call in calls(copy)] == [f"steps=5 {law}"] * 2


def test_a_folder_anywhere_is_named_by_its_last_part(copy):
    assert make(copy, "sweep", "EXPERIMENT=/my files/far away/").returncode == 0
    assert [call[1:5] for call in calls(copy)] == [
        ["run", "/my files/far away/", "--results", "results/far away"],
        ["report", "/my files/far away/", "--results", "results/far away"],
    ]


def test_a_file_of_a_folder_is_named_by_both(copy):
    for path in ("experiments/depth/source.toml", "/far away/depth/source.toml"):
        assert make(copy, "report", f"EXPERIMENT={path}").returncode == 0
    assert [call[2:] for call in calls(copy)] == [
        [path, "--results", "results/depth_source", "--out", "reports/depth_source"]
        for path in ("experiments/depth/source.toml", "/far away/depth/source.toml")
    ]


def test_all_means_every_declared_experiment_but_smoke(copy):
    for target in ("sweep", "report", "verify"):
        assert make(copy, target, "EXPERIMENT=all").returncode == 0
    assert [call[1:3] for call in calls(copy)] == [
        ["run", "depth"],
        ["report", "depth"],
        ["run", "width"],
        ["report", "width"],
        ["report", "depth"],
        ["report", "width"],
        ["verify", "results/depth"],
        ["verify", "reports/depth"],
        ["verify", "results/width"],
        ["verify", "reports/width"],
    ]


def test_smoke_ignores_the_choice_of_experiment(copy):
    assert make(copy, "smoke", "EXPERIMENT=depth", "SEEDS=9", "RESULTS=kept").returncode == 0
    assert calls(copy) == [
        ["initlab", "run", "smoke", "--results", "kept/smoke"],
        ["initlab", "report", "smoke", "--results", "kept/smoke", "--out", "reports/smoke"],
    ]


@pytest.mark.parametrize(("status", "commands"), [(1, ["run", "report"] * 2), (2, ["run"])])
def test_a_sweep_with_failed_groups_is_reported_and_still_fails(copy, status, commands):
    done = make(copy, "sweep", "EXPERIMENT=all", RUN_STATUS=str(status))
    assert f"Error {status}" in done.stderr
    assert [call[1] for call in calls(copy)] == commands


def test_no_experiment_is_an_error(copy):
    done = make(copy, "sweep", "EXPERIMENT=")
    assert done.returncode == 2
    assert "EXPERIMENT names no experiment: give a folder of experiments/" in done.stderr
    assert calls(copy) == []


@pytest.mark.parametrize(
    "value",
    [
        "x; touch pwned",
        "x' ; touch pwned ; '",
        'x" ; touch pwned ; "',
        "$(touch pwned)`touch pwned`",
        "$(shell touch pwned)",
        "$$(touch pwned)",
        "x\n\ttouch pwned\n#'",
        "x'\ntouch pwned; : '",
        "x) $(shell touch pwned) && touch pwned \\",
    ],
)
def test_hostile_values_run_nothing(copy, value):
    targets = ["--ignore-errors", "python", "sweep", "report", "verify", "smoke"]
    make(copy, *targets, *(f"{variable}={value}" for variable in VARIABLES))
    make(copy, *targets, **dict.fromkeys(VARIABLES, value))
    assert not list(copy.rglob("*pwned*"))
    assert {tuple(call[:2]) for call in calls(copy)} == {
        ("initlab", "run"),
        ("initlab", "report"),
        ("initlab", "verify"),
    }


@pytest.mark.parametrize(
    ("given", "bundle"),
    [
        ((), "reports/depth"),
        (("SEEDS=2",), "reports/overridden/depth"),
        (("SET=steps=5",), "reports/overridden/depth"),
        (("SEEDS=2", "REPORTS=two seeds"), "two seeds/depth"),
        (("REPORTS=/elsewhere",), "/elsewhere/depth"),
    ],
)
def test_a_report_of_other_runs_takes_the_place_of_none_of_those_declared(copy, given, bundle):
    for target in ("sweep", "report", "verify"):
        assert make(copy, target, "EXPERIMENT=depth", *given).returncode == 0
    made = calls(copy)
    assert [call[call.index("--out") + 1] for call in made if call[1] == "report"] == [bundle] * 2
    assert made[-1] == ["initlab", "verify", bundle]


def test_what_is_run_is_shown_as_a_person_would_type_it(copy):
    shown = make(copy, "sweep", "EXPERIMENT=depth", "SET=optimizer='sgd' steps=5").stdout
    given = "--set 'optimizer='\\''sgd'\\'' steps=5'"
    assert shown == (
        f".venv/bin/initlab run depth --results results/depth {given}\n"
        ".venv/bin/initlab report depth --results results/depth --out reports/overridden/depth "
        f"{given} --if-changed\n"
    )
