"""`environment.txt` is a requirements file of what was recorded."""

from dataclasses import replace

from packaging.requirements import Requirement

from initlab.report.deposit.environment import encode_environment
from initlab.report.inputs import WRITERS

from ..hostile import HOSTILE


def requirements(text):
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {one.name: str(one.specifier) for one in map(Requirement, lines)}


def with_versions(report, versions):
    return replace(report, source=replace(report.source, versions=versions))


def test_versions_of_the_runs_can_be_installed(describe):
    report = with_versions(
        describe(), {"initlab": ("0.0.9",), "jax": ("0.12.0.1",), "python": ("3.13.0",)}
    )
    text = encode_environment(report)
    found = requirements(text)
    assert found["jax"] == "==0.12.0.1"
    assert set(WRITERS) <= found.keys()
    assert "# initlab 0.0.9" in text, "no index has initlab: another's package must not be taken"
    assert "# python 3.13.0" in text
    assert "# device: cpu" in text
    assert "# processor: not recorded" in text


def test_the_machine_and_the_lock_are_told(describe):
    report = describe()
    machines = {"cpu": ("A", "B"), "flags": ("XLA_FLAGS=x",), "lock": ("0" * 64,)}
    text = encode_environment(replace(report, source=replace(report.source, machines=machines)))
    assert "\n# processor: A; B\n# variables that were set: XLA_FLAGS=x\n" in text
    assert f"\n# SHA-256 of requirements/run.txt, the lock: {'0' * 64}\n" in text


def test_one_of_several_versions_is_not_taken_for_all(describe):
    text = encode_environment(with_versions(describe(), {"jax": ("0.12.0", "0.13.0")}))
    assert "jax" not in requirements(text)
    assert "# jax 0.12.0\n# jax 0.13.0\n" in text


def test_version_that_is_none_installs_nothing(describe):
    names = [text for text in HOSTILE if "\n" not in text]
    report = with_versions(describe(), {"jax": ("1; import os",), **{n: ("1",) for n in names}})
    assert requirements(encode_environment(report)).keys() == set(WRITERS)
