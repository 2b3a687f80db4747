import shutil
from pathlib import Path

import pytest

from .recorder import RECORDER, ROOT, write_script


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what make reads, with three experiments and an environment that is ready."""
    folder = tmp_path / "copy"
    (folder / ".venv/bin").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    for name in ("depth", "smoke", "width"):
        (folder / "experiments" / name).mkdir(parents=True)
        (folder / "experiments" / name / "sweep.toml").touch()
    write_script(folder / ".venv/bin/initlab", RECORDER)
    write_script(folder / ".venv/bin/python", RECORDER)
    (folder / ".venv/stamp").touch()
    return folder
