import pytest

TOML = """question = "Does it work?"
seeds = 2
[base]
depth = 2
width = 8
[axes]
activation = ["relu", "tanh"]
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments" / "demo").mkdir(parents=True)
    (tmp_path / "experiments" / "demo" / "sweep.toml").write_text(TOML)
    return tmp_path
