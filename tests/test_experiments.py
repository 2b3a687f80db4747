"""Every declared sweep, planned and not run."""

from pathlib import Path

import pytest

from initlab.spec.plan import MAX_GROUP

from .declared import declared, planned

ROOT = Path(__file__).parent.parent
DECLARED = sorted((ROOT / "experiments").glob("*/sweep.toml"))
SOURCES = sorted((ROOT / "experiments").glob("*/source.toml"))
LARGE = sorted((ROOT / "experiments").glob("*/large.toml"))
SIZES = {  # runs and programs, so that a change of either is meant
    "activation_speed": (240, 6),
    "architectures": (560, 22),
    "conv_propagation": (700, 12),
    "conv_symmetry": (165, 3),
    "deep_rectifiers": (360, 6),
    "layer_choices": (465, 40),
    "new_head": (605, 4),
    "random_filters": (505, 16),
    "residual_depth": (285, 11),
    "signal_propagation": (1_475, 24),
    "smoke": (24, 4),
    "symmetry_breaking": (180, 3),
    "transfer": (1_712, 19),
    "trainability_map": (780, 16),
    "weight_scale": (3_780, 18),
}


def test_the_experiments_are_these():
    assert set(SIZES) <= {path.parent.name for path in DECLARED}


@pytest.mark.parametrize(
    "path", [*DECLARED, *SOURCES], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_groups_of_a_declared_sweep_add_up_to_its_runs(path):
    sweep, groups = declared(path), planned(path).groups
    found = [run.run_id for group in groups for run in group.runs]
    assert len(set(found)) == len(found) == len(sweep)
    assert set(found) == {run.run_id for run in sweep.runs}
    assert all(0 < len(group.runs) <= MAX_GROUP for group in groups)


@pytest.mark.parametrize("name", SIZES)
def test_a_sweep_has_the_size_that_is_written_about_it(name):
    path = ROOT / "experiments" / name / "sweep.toml"
    assert (len(declared(path)), planned(path).programs) == SIZES[name]


@pytest.mark.parametrize("path", LARGE, ids=lambda path: path.parent.name)
def test_a_larger_sweep_is_one_of_runs_that_its_sweep_has_not(path):
    larger, sweep = declared(path), declared(path.with_name("sweep.toml"))
    assert not {run.run_id for run in larger.runs} & {run.run_id for run in sweep.runs}


WITH_SOURCE = [path for path in [*DECLARED, *LARGE] if path.with_name("source.toml") in SOURCES]


@pytest.mark.parametrize("path", WITH_SOURCE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_source_keeps_the_checkpoints_that_its_sweeps_name(path):
    source, sweep = declared(path.with_name("source.toml")), declared(path)
    laws = {run.initializer for run in sweep.runs if run.initializer.name == "pretrained"}
    assert laws
    for law in laws:
        name, _, fields = law.checkpoint.partition("?")
        chosen = dict(field.split("=") for field in fields.split("&") if field)
        kept = [
            run
            for run in source.runs
            if all(str(run.row()[field]) == value for field, value in chosen.items())
        ]
        assert name == source.name
        assert {run.seed for run in kept} >= {run.seed for run in sweep.runs}
        assert len(kept) == len({run.seed for run in kept})
        assert all("checkpoint" in run.measure.keep for run in kept)


@pytest.mark.parametrize("path", DECLARED, ids=lambda path: path.parent.name)
def test_an_experiment_tells_what_it_asks(path):
    readme = path.with_name("README.md").read_text()
    assert len(readme.split()) > 30
