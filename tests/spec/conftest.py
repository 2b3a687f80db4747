import pytest

from initlab.errors import SpecError
from initlab.spec.load import load_sweep

QUESTION = 'question = "Why?"\n'


@pytest.fixture
def experiment(tmp_path, monkeypatch):
    """Writes an experiment and goes where its folder is called `demo`."""
    folder = tmp_path / "demo"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)

    def write(text="", parts=None, question=QUESTION):
        (folder / "sweep.toml").write_text(question + text)
        if parts is not None:
            (folder / "parts.py").write_text(parts)
        return folder

    return write


@pytest.fixture
def load(experiment):
    """Writes an experiment and reads its sweep."""

    def read(text="", parts=None, **options):
        experiment(text, parts)
        return load_sweep("demo", **options)

    return read


@pytest.fixture
def problems(load):
    """Returns what is wrong with an experiment, its path left out of the sentences."""

    def refused(text="", parts=None, **options):
        with pytest.raises(SpecError) as caught:
            load(text, parts, **options)
        assert caught.value.exit_code == 2
        assert str(caught.value) == "\n".join(caught.value.problems)
        return [one.removeprefix("demo/sweep.toml: ") for one in caught.value.problems]

    return refused
