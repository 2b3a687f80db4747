import html
import re
import subprocess
import sys
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from initlab.figures.save import save
from initlab.figures.style import house_style

from ..report.hostile import has_control
from .samples import samples

SCRIPT = Path(__file__).with_name("samples.py")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folders = [tmp_path_factory.mktemp("once"), tmp_path_factory.mktemp("again")]
    started = [
        subprocess.Popen([sys.executable, "-W", "error", str(SCRIPT), str(folder)])
        for folder in folders
    ]
    assert [process.wait() for process in started] == [0, 0]
    return folders


def test_two_processes_write_the_same_bytes(saved):
    once, again = saved
    names = sorted(path.name for path in once.iterdir())
    assert len(names) == 4 * len(samples())
    for name in names:
        assert (once / name).read_bytes() == (again / name).read_bytes(), name


def test_pdf_has_truetype_fonts_and_no_others(saved):
    for path in saved[0].glob("*.pdf"):
        content = path.read_bytes()
        streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
        whole = content
        for stream in streams:
            try:
                whole += zlib.decompress(stream)
            except zlib.error:
                continue
        assert b"/CIDFontType2" in whole or b"/TrueType" in whole, path.name
        assert not re.search(rb"/Subtype\s*/Type3", whole), path.name


def test_files_are_small_and_bear_no_date(saved):
    for path in saved[0].iterdir():
        content = path.read_bytes()
        assert len(content) < 1_000_000, path.name
        assert b"CreationDate" not in content
        assert b"<dc:date>" not in content


def test_svg_text_is_text(saved):
    svg = (saved[0] / "depth_profile.svg").read_text()
    assert "He normal" in svg
    assert "<text" in svg


def test_svg_coordinates_have_two_decimals_and_its_text_all(saved, tmp_path):
    for path in saved[0].glob("*.svg"):
        for numbers in re.findall(r' (?:d|x|y)="([^"]*)"', path.read_text()):
            assert not re.search(r"\.[0-9]{3}", numbers), path.name
    figure = Figure()
    figure.text(0.5, 0.5, 'd="0.12345"')
    save(figure, tmp_path, "text", pd.DataFrame())
    assert 'd="0.12345"' in html.unescape((tmp_path / "text.svg").read_text())


def test_csv_gives_back_the_same_numbers(saved):
    table = samples(activations=("relu",))["depth_profile"][0]
    read = pd.read_csv(saved[0] / "depth_profile.csv")
    assert read["value"].tolist() == pytest.approx(table["value"].tolist(), rel=0, nan_ok=True)
    assert read.columns.tolist() == table.columns.tolist()


def test_png_has_200_dots_an_inch(saved):
    header = (saved[0] / "first_kernels.png").read_bytes()[16:20]
    assert int.from_bytes(header) == 1350


def test_a_saved_figure_is_closed(tmp_path):
    with house_style():
        figure = plt.figure()
        save(figure, tmp_path / "new", "empty", pd.DataFrame({"x": [1.5]}))
    assert not plt.fignum_exists(figure.number)
    assert (tmp_path / "new" / "empty.csv").read_text() == "x\n1.5\n"


def test_pictures_bear_the_stamp_they_are_given(tmp_path):
    for stamp in ("initlab report 0123456789abcdef", None):
        *pictures, _ = save(Figure(), tmp_path, "a", pd.DataFrame({"x": [1]}), stamp=stamp)
        for path in pictures:
            assert (b"initlab report" in path.read_bytes()) == (stamp is not None), path.name


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden"])
def test_names_that_lead_elsewhere_are_refused(tmp_path, name):
    with pytest.raises(ValueError) as caught:
        save(Figure(), tmp_path, name, pd.DataFrame())
    assert str(caught.value) == f"`name` must be a plain file name without ending, got {name!r}."
    assert list(tmp_path.iterdir()) == []


def test_no_text_of_a_figure_holds_what_is_not_seen(tmp_path):
    dirty = "a\x07b\u202ec\u2066d\u200be\ufefff"
    figure = Figure()
    ax = figure.subplots()
    ax.set(title=dirty, xlabel=dirty, xticks=[0, 1], xticklabels=[dirty, dirty])
    ax.plot([dirty, "plain"], [1, 2], label=dirty)
    ax.yaxis.set_minor_locator(FixedLocator([1.5]))
    ax.yaxis.set_minor_formatter(FuncFormatter(lambda value, place: f"{dirty} {value}"))
    ax.legend()
    save(figure, tmp_path, "dirty", pd.DataFrame())
    svg = ElementTree.parse(tmp_path / "dirty.svg")  # noqa: S314 - it was made above
    texts = [one.text for one in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert not has_control("".join(texts))
    assert texts.count("abcdef") >= 4
    assert "abcdef 1.5" in texts
