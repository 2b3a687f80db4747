"""The locked requirements: hashed, without addresses, and fit for what is declared."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from .recorder import ROOT


@pytest.mark.parametrize("lock", ["run", "dev", "setup", "browser", "docs", "exports"])
def test_lock_holds_hashes_and_no_address(lock):
    text = (ROOT / f"requirements/{lock}.txt").read_text()
    hashed = re.findall(r"^[a-z0-9-]+==.*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(hashed) == len(re.findall(r"^\S", text, re.MULTILINE)) > 0
    assert not re.search(r"://|--index|--find-links|--extra| @ ", text)


def test_lock_fits_every_declared_requirement():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    core, groups = declared["project"]["dependencies"], declared["dependency-groups"]
    tools = [entry for entry in groups["dev"] + groups["setup"] if isinstance(entry, str)]
    locks = {"run": core, "dev": core + tools, "setup": groups["setup"]}
    locks |= {name: groups[name] for name in ("browser", "docs", "exports")}
    for lock, wanted in locks.items():
        text = (ROOT / f"requirements/{lock}.txt").read_text()
        locked = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.MULTILINE))
        for requirement in map(Requirement, wanted):
            assert requirement.name in locked, f"{requirement} is not in requirements/{lock}.txt"
            assert requirement.specifier.contains(locked[requirement.name]), str(requirement)
