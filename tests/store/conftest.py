import os
import sys
from pathlib import Path

import pytest

from initlab.store import verify
from initlab.store.folder import open_results

SAMPLE = Path(__file__).with_name("sample.py")
ROOT = SAMPLE.parents[2]


@pytest.fixture
def results(tmp_path):
    """An empty results folder of the experiment `demo`."""
    return open_results(tmp_path / "demo", experiment="demo", create=True).path


@pytest.fixture
def forget():
    """Forgets which files were verified, as a new process would."""
    verify._verified.clear()
    return verify._verified.clear


@pytest.fixture
def publisher():
    """The command and environment with which another process publishes the sample group."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return [sys.executable, str(SAMPLE)], environment
