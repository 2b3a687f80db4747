"""Bad usage: one message, exit code 2, and nothing written or lost."""

import os
import subprocess
import sys

import pytest

from initlab.store import claims
from initlab.store.folder import open_results

from .terminal import files, initlab


def folder_of_another(here):
    open_results(here / "out", experiment="other", create=True)
    return (
        "out holds results of the experiment 'other', not of 'demo'. "
        "Give another folder with --results."
    )


def folder_of_something_else(here):
    (here / "out").mkdir()
    (here / "out" / "thesis.txt").write_text("mine")
    return (
        "out is no results folder: it holds 'thesis.txt' and no results.json. Nothing was written; "
        "give an empty or a new folder with --results."
    )


def a_file(here):
    (here / "out").write_text("mine")
    return "out is a file or lies in one, so it cannot hold results."


@pytest.mark.parametrize("command", ["run", "work"])
@pytest.mark.parametrize("make", [folder_of_another, folder_of_something_else, a_file])
def test_a_folder_that_cannot_take_results_is_refused_unchanged(here, make, command):
    message = make(here)
    before = files(here)
    code, out, errors = initlab(command, "demo", "--results", "out", folder=here)
    assert (code, out, errors) == (2, "", f"initlab: {message}\n")
    assert files(here) == before


@pytest.mark.parametrize("command", ["run", "work"])
def test_a_data_set_that_is_missing_or_empty_is_told_before_anything_is_written(
    here, command, monkeypatch
):
    (here / "sets" / "cifar-10-batches-py").mkdir(parents=True)
    (here / "sets" / "mnist.npz").write_bytes(b"cut short")
    monkeypatch.setenv("INITLAB_DATA", str(here / "sets"))
    monkeypatch.setenv("HOME", str(here))
    before = files(here)
    chosen = ("--set", 'dataset=["digits","cifar10","mnist"]', "--results", "out")
    code, out, errors = initlab(command, "demo", *chosen, folder=here)
    first, second, *rest = errors.splitlines()
    assert (code, out, rest) == (2, "", [])
    assert first.startswith("initlab: `cifar10` was not found: looked for ")
    assert f" {here}/sets/cifar-10-batches-py is empty. Fetch it with torchvision" in first
    assert second.startswith(f"{here}/sets/mnist.npz cannot be read as npz: ")
    assert files(here) == before


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda out: None, "out does not exist. "),
        (lambda out: out.mkdir(), "out is no results folder (no results.json). "),
        (lambda out: out.touch(), "out is a file, not a results folder."),
        (
            lambda out: (out.mkdir(), (out / "results.json").symlink_to("/etc/passwd")),
            "out/results.json cannot be read: a symbolic link.",
        ),
    ],
)
def test_verify_of_what_holds_no_results_is_bad_usage(here, make, fault):
    make(here / "out")
    code, out, errors = initlab("verify", "out", "--json", folder=here)
    assert (code, out) == (2, "")
    assert errors.startswith(f"initlab: {fault}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_is_read_only_is_refused(here):
    (here / "out").mkdir(mode=0o500)
    code, out, errors = initlab("run", "demo", "--results", "out", folder=here)
    assert (code, out) == (2, "")
    assert "out cannot be written to. Nothing was written" in errors


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "demo", "--set", "depth=0"), "axes"),
        (("run", "nothing"), "no experiment 'nothing'"),
        (("run", "demo", "--seeds", "0"), "--seeds"),
        (("run", "demo", "--sed", "3"), "--sed"),
        (("run",), "experiment"),
        (("walk",), "walk"),
        (("plan", "demo", "--json", "--set", "depth"), "must have the form key=value"),
        (("run", "paper"), "takes 32x32x1 images of 10 classes; `dataset` = 'digits' has 8x8x1"),
        (("work", "paper"), "takes 32x32x1 images of 10 classes; `dataset` = 'digits' has 8x8x1"),
    ],
)
def test_bad_usage_ends_with_two_and_leaves_no_trace(here, words, message):
    (here / "experiments" / "paper").mkdir()
    (here / "experiments" / "paper" / "sweep.toml").write_text(
        'question = "?"\n[base]\nmodel = "lenet"\nscale = "paper"\n'
    )
    before = files(here)
    code, out, errors = initlab(*words, folder=here)
    assert (code, out) == (2, "")
    assert message in errors.replace("base.depth", "axes")
    assert "Traceback" not in errors
    assert files(here) == before


def test_an_exclusive_driver_keeps_others_out(here):
    path = open_results(here / "out", experiment="demo", create=True).path
    with claims.shared(path):
        code, out, errors = initlab("run", "demo", "--results", "out", "--exclusive", folder=here)
    assert (code, out) == (75, "")
    assert errors == (
        "initlab: another driver holds out. Wait until it ends or stop it; drivers share a sweep "
        "when none of them was started with --exclusive.\n"
    )


def test_a_closed_pipe_is_no_error(here):
    command = f"{sys.executable} -m initlab list | true"
    done = subprocess.run(["sh", "-c", command], cwd=here, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
