"""From a source sweep's checkpoints to runs that start from them, through the store."""

import tomllib

import numpy as np
import pytest

from initlab import worker
from initlab.errors import SpecError
from initlab.spec.sweep import parse_sweep
from initlab.store.folder import open_results
from initlab.store.pretrained import Pretraining
from initlab.store.query import load_results

BASE = """question = "What is carried over?"
seeds = [3, 4]
[base]
depth = 5
width = 8
batch_size = 16
learning_rate = 0.1
activation = "tanh"
"""
SOURCE = BASE + 'steps = 3\n[measure]\nsteps = []\nkeep = ["checkpoint"]\n'
# Without a step, what is kept is what was begun with.
BEGUN = BASE + "steps = 0\n"
TARGET = """
[[cases]]
initializer = { name = "pretrained", checkpoint = "source" }
[[cases]]
initializer = { name = "pretrained", checkpoint = "source", layers = 2 }
[[cases]]
initializer = { name = "pretrained", checkpoint = "source", control = "moment_matched" }
[[cases]]
initializer = { name = "pretrained", checkpoint = "source", control = "shuffled" }
[[cases]]
initializer = { name = "pretrained", checkpoint = "source", control = "orthogonal" }
[[cases]]
initializer = { name = "pretrained", checkpoint = "source" }
removed_layers = 2
head_initializer = "ones"
[measure]
steps = []
keep = ["checkpoint"]
"""
ALL, SOME, MATCHED, SHUFFLED, ORTHOGONAL, HEADLESS = range(6)


class Lab:
    """A folder of results, and what runs in it."""

    def __init__(self, folder):
        self.folder = folder
        self.compiled = 0

    def sweep(self, text, name):
        read = parse_sweep(tomllib.loads(text), name=name, source=name)
        return Pretraining(self.folder / name).bound(read)

    def run(self, text, name):
        sweep = self.sweep(text, name)
        results = open_results(self.folder / name, experiment=name, create=True).path
        events = []
        assert worker.work(sweep, results, events.append) == 0, events
        groups = [event for event in events if event["event"] == "group"]
        self.compiled = len({event["signature"] for event in groups})
        return sweep

    def kept(self, sweep):
        """Returns the arrays of each run's checkpoint."""
        results = load_results(self.folder / sweep.name)
        return [results.checkpoint(run.run_id) for run in sweep.runs]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A lab whose source sweep was run."""
    made = Lab(tmp_path_factory.mktemp("lab"))
    made.source = made.run(SOURCE, "source")
    return made


@pytest.fixture(scope="module")
def begun(lab):
    """What each case begins with, for both seeds, beside what the source ended with."""
    sweep = lab.run(BEGUN + TARGET, "target")
    assert lab.compiled == 1
    kept = lab.kept(sweep)
    return lab.kept(lab.source), [kept[2 * case : 2 * case + 2] for case in range(6)], sweep


def same(one, other):
    return one.tobytes() == other.tobytes()


def test_a_run_begins_as_the_source_run_of_its_seed_ended(begun):
    sources, cases, _ = begun
    for source, target in zip(sources, cases[ALL], strict=True):
        assert list(source) == list(target)
        assert all(same(source[name], target[name]) for name in source)
    assert not same(sources[0]["first/kernel"], sources[1]["first/kernel"])


def test_layers_that_are_not_asked_for_are_drawn(begun):
    sources, cases, _ = begun
    for source, target in zip(sources, cases[SOME], strict=True):
        taken = [name for name in source if same(source[name], target[name])]
        assert taken == ["first/kernel", "first/bias", "hidden/0/kernel", "hidden/0/bias"]


def test_a_new_head_is_drawn_from_its_law(begun):
    sources, cases, _ = begun
    for source, target in zip(sources, cases[HEADLESS], strict=True):
        assert same(source["hidden/1/kernel"], target["hidden/1/kernel"])
        for name in ("hidden/2/kernel", "readout/kernel"):
            assert (target[name] == 1).all()
        assert not target["readout/bias"].any()


def test_shuffled_weights_are_the_same_numbers_elsewhere(begun):
    sources, cases, _ = begun
    for source, target in zip(sources, cases[SHUFFLED], strict=True):
        for name, array in source.items():
            assert sorted(array.ravel()) == sorted(target[name].ravel())
        assert (source["first/kernel"] == target["first/kernel"]).mean() < 0.1


def test_matched_weights_have_mean_and_variance_of_each_layer(begun):
    sources, cases, _ = begun
    for source, target in zip(sources, cases[MATCHED], strict=True):
        own, drawn = source["first/kernel"], target["first/kernel"]
        # Of 512 draws: the mean's standard error is s / 22.6, the deviation's s / 32.
        assert drawn.mean() == pytest.approx(float(own.mean()), abs=float(4 * own.std() / 22.6))
        assert drawn.std() == pytest.approx(float(own.std()), rel=4 / 32)
        assert abs(np.corrcoef(own.ravel(), drawn.ravel())[0, 1]) < 4 / 22.6


def test_orthogonal_weights_have_the_scale_of_each_layer(begun):
    sources, cases, _ = begun
    for source, target in zip(sources, cases[ORTHOGONAL], strict=True):
        kernel = target["hidden/1/kernel"]
        own = np.linalg.norm(source["hidden/1/kernel"])
        # Eight singular values, all alike.
        np.testing.assert_allclose(kernel.T @ kernel, np.eye(8) * own**2 / 8, atol=1e-5)
        assert not target["hidden/1/bias"].any()


def test_what_ran_is_told_by_digest(begun, lab):
    _, _, sweep = begun
    rows = load_results(lab.folder / "target").runs.set_index("run_id")
    source = load_results(lab.folder / "source")
    for run in sweep.runs:
        manifest = source.groups[next(iter(source.groups))]
        (digest,) = [
            manifest.files[f"checkpoint-{one.run_id}.npz"].sha256
            for one in lab.source.runs
            if one.seed == run.seed
        ]
        assert rows.loc[run.run_id, "checkpoint_sha256"] == digest == run.initializer.sha256
    assert sweep.trials == 6


def test_a_checkpoint_that_does_not_fit_is_refused_whole(lab):
    wrong = BEGUN.replace("width = 8", "width = 9") + TARGET
    sweep = lab.sweep(wrong, "wrong")
    with pytest.raises(SpecError) as caught:
        Pretraining(lab.folder / "wrong").require(sweep)
    told = "\n".join(caught.value.problems)
    assert "first/kernel has shape (64, 8), and the model needs (64, 9)." in told
    assert "readout/kernel has shape (8, 10), and the model needs (9, 10)." in told
    assert not (lab.folder / "wrong").exists()


def test_a_checkpoint_that_is_not_there_is_told_and_hinders_no_reading(lab):
    sweep = lab.sweep(BEGUN + TARGET.replace('"source"', '"sauce"'), "lost")
    assert len(sweep) == 12
    [fault] = sweep.unmet
    assert fault == (
        f"checkpoint 'sauce': neither {lab.folder / 'sauce'} nor sauce exists. Run the sweep that "
        "makes it."
    )
    with pytest.raises(SpecError, match="Run the sweep that makes it"):
        Pretraining(lab.folder / "lost").require(sweep)


def test_seeds_without_a_checkpoint_are_told(lab):
    sweep = lab.sweep((BEGUN + TARGET).replace("[3, 4]", "[3, 5]"), "more")
    [fault] = sweep.unmet
    assert fault.endswith(
        "has seed 5: those with a checkpoint have 3, 4. Give the sweep that makes them this seed, "
        "or one seed alone."
    )


def test_runs_are_chosen_by_their_fields(lab):
    one = Pretraining(lab.folder / "target")
    [run, *_] = lab.sweep(BEGUN + TARGET.replace('"source"', '"source?seed=4"'), "target").runs
    assert one.find(run.initializer, 3).path.name == f"checkpoint-{lab.source.runs[1].run_id}.npz"
    [fault] = lab.sweep(BEGUN + TARGET.replace('"source"', '"source?sed=4"'), "target").unmet
    assert fault.endswith("have no field 'sed'.")


def test_an_altered_checkpoint_is_refused(lab, tmp_path):
    path = next((lab.folder / "source" / "groups").glob("*/checkpoint-*.npz"))
    copy = tmp_path / "copy.npz"
    copy.write_bytes(path.read_bytes())
    sweep = lab.sweep(BEGUN + TARGET.replace('"source"', f'"{copy}"'), "target")
    assert not sweep.unmet
    Pretraining(lab.folder / "target").require(sweep)
    data = bytearray(copy.read_bytes())
    data[-300] ^= 1
    copy.write_bytes(data)
    with pytest.raises(SpecError, match="is another one: expected SHA-256"):
        Pretraining(lab.folder / "target").require(sweep)
