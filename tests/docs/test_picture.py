"""The picture of README.md is there, is told in words, and is drawn by the script that is named."""

import re

from PIL import Image

from initlab.analysis.names import short_names
from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.store.query import load_results
from scripts import readme_picture

from ..experiments.signals import signal
from ..experiments.tables import publish
from .blocks import ROOT

README = (ROOT / "README.md").read_text()
SHOWN = re.search(r"^!\[(.*)\]\((.*)\)$", README, re.MULTILINE)


def test_the_picture_is_small_and_told_in_words():
    path = ROOT / SHOWN[2]
    assert path == readme_picture.PICTURE
    assert path.stat().st_size < 150_000
    assert "scripts/readme_picture.py" in README
    for name in short_names(readme_picture.LAWS).values():
        word = name.split()[0 if name[0].isupper() else 1]  # a law's author, or its deviation
        assert word in SHOWN[1], name


def test_the_script_draws_it_from_results(tmp_path, capsys):
    kinds = [signal(1.0, initializer=law, depth=50, seeds=2) for law in readme_picture.LAWS]
    other = signal(1.0, activation="tanh", depth=50)
    results = publish(tmp_path / "results", *kinds, other)
    out = tmp_path / "made" / "picture.png"
    readme_picture.main([str(results), "--out", str(out)])
    assert capsys.readouterr().out == f"{out}\n"
    table = readme_picture.profiles(load_results(results))
    assert set(table["statistic"]) == {FORWARD, BACKWARD}
    assert set(table["initializer"]) == set(readme_picture.LAWS)
    with Image.open(out) as drawn, Image.open(readme_picture.PICTURE) as shown:
        assert drawn.size == shown.size
