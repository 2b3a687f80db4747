"""Experiments as folders and files."""

import os

import pytest

from initlab.errors import SpecError
from initlab.spec.load import SOURCE, find_sweep, list_experiments, load_sweep, source_of

from .conftest import QUESTION


def refusal(experiment):
    with pytest.raises(SpecError) as caught:
        load_sweep(experiment)
    return str(caught.value)


@pytest.fixture
def here(tmp_path, monkeypatch):
    for name in ("depth_of_signal", "symmetry"):
        (tmp_path / "experiments" / name).mkdir(parents=True)
        (tmp_path / "experiments" / name / "sweep.toml").write_text(QUESTION)
    (tmp_path / "experiments" / "notes").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_experiment_is_named_or_pathed(here):
    assert list_experiments() == ["depth_of_signal", "symmetry"]
    assert str(find_sweep("symmetry")) == "experiments/symmetry/sweep.toml"
    assert load_sweep(str(here / "experiments" / "symmetry")).name == "symmetry"
    os.chdir(here / "experiments" / "symmetry")
    assert load_sweep(".").name == "symmetry"


def test_another_file_of_a_folder_is_a_sweep_with_the_folders_name_before_its_own(here):
    (here / "experiments" / "symmetry" / "large.toml").write_text(f"{QUESTION}seeds = 2\n")
    for path in ("symmetry/large.toml", "experiments/symmetry/large.toml"):
        sweep = load_sweep(path)
        assert (sweep.name, len(sweep)) == ("symmetry_large", 2)
        assert sweep.folder is not None
        assert sweep.folder.name == "symmetry"
    assert load_sweep("symmetry").name == "symmetry"
    assert "no experiment 'symmetry/larger.toml'" in refusal("symmetry/larger.toml")


def test_the_source_of_a_sweep_lies_beside_it_where_runs_start_from_checkpoints(here):
    folder = here / "experiments" / "symmetry"
    (folder / SOURCE).write_text(QUESTION)
    assert source_of(load_sweep("symmetry")) is None
    law = '{ name = "pretrained", checkpoint = "symmetry_source" }'
    (folder / "sweep.toml").write_text(f"{QUESTION}[base]\ninitializer = {law}\n")
    assert source_of(load_sweep("symmetry")) == folder.relative_to(here) / SOURCE
    (folder / SOURCE).write_text(f"{QUESTION}[base]\ninitializer = {law}\n")
    assert source_of(load_sweep("symmetry/source.toml")) is None


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("name", "hint"), [("symetry", " Did you mean `symmetry`?"), ("x\0y", ""), ("z" * 5000, "")]
)
def test_a_missing_experiment_is_told_with_those_that_are_there(name, hint):
    assert refusal(name) == (
        f"no experiment {name!r}: neither `experiments/{name}` nor the folder `{name}` holds a "
        f"`sweep.toml`.{hint} Known here: depth_of_signal, symmetry."
    )


def test_without_any_experiment_the_message_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert refusal("depth").endswith("holds a `sweep.toml`. Known here: none.")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "[base\ndepth = 3",
            "Expected ']' at the end of a table declaration (at line 1, column 6)",
        ),
        ("a = 1\na = 2", "Cannot overwrite a value (at line 2, column 6)"),
        ("a = 1\nb = \n", "Invalid value (at line 2, column 5)"),
    ],
)
def test_a_toml_error_is_told_with_its_line(experiment, text, fault):
    experiment(text, question="")
    assert refusal("demo") == f"demo/sweep.toml: is not TOML: {fault}."


def test_bytes_that_are_no_text_are_refused(experiment):
    (experiment() / "sweep.toml").write_bytes(b'question = "\xff"')
    assert refusal("demo") == "demo/sweep.toml: is not TOML: byte 12 is not UTF-8."


def test_deep_nesting_is_refused(experiment):
    experiment(f"a = {'[' * 100_000}")
    assert refusal("demo").startswith("demo/sweep.toml: is not TOML: ")


def test_a_huge_file_is_refused_unread(experiment):
    with (experiment() / "sweep.toml").open("wb") as file:
        file.truncate(10**12)
    assert refusal("demo") == "demo/sweep.toml: is larger than 1,000,000 bytes."


def test_a_folder_in_place_of_the_file_is_told(tmp_path, monkeypatch):
    (tmp_path / "demo" / "sweep.toml").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert refusal("demo") == "demo/sweep.toml: is not a regular file."


def test_what_never_ends_is_refused_at_once(here):
    pipe, endless = here / "pipe", here / "endless"
    for folder in (pipe, endless):
        folder.mkdir()
    os.mkfifo(pipe / "sweep.toml")
    (endless / "sweep.toml").symlink_to("/dev/zero")
    for folder in ("pipe", "endless"):
        assert refusal(folder) == f"{folder}/sweep.toml: is not a regular file."


def test_a_link_that_leads_nowhere_is_told(here):
    file = here / "experiments" / "notes" / "sweep.toml"
    file.symlink_to("gone")
    assert list_experiments() == ["depth_of_signal", "notes", "symmetry"]
    fault = "cannot be read: No such file or directory."
    assert refusal("notes") == f"experiments/notes/sweep.toml: {fault}"


def test_the_mark_that_some_editors_put_first_is_no_error(experiment):
    (experiment() / "sweep.toml").write_text(f"\ufeff{QUESTION}")
    assert len(load_sweep("demo")) == 5


@pytest.mark.usefixtures("here")
def test_the_kept_text_names_what_overrides_it():
    assert load_sweep("symmetry").text == QUESTION
    changed = load_sweep("symmetry", overrides=["base.width=64"], seeds=3)
    first, rest = changed.text.split("\n", 1)
    assert first == "# Overridden on the command line: --set base.width=64 --seeds 3"
    assert rest == QUESTION
