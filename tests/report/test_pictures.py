"""Figures written by other processes: the same bytes, and errors that name the figure."""

import os
import time
import warnings
from dataclasses import replace

import pytest
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from initlab.report import pictures
from initlab.report.pictures import writing_figures


@pytest.fixture
def six(drawing):
    return [replace(drawing, name=f"profile-{number}") for number in range(6)]


def write_figures(*given, **named):
    with writing_figures(*given, **named) as written:
        return written()


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_processes_write_the_bytes_that_one_alone_writes(six, tmp_path, monkeypatch):
    writers = []
    monkeypatch.setattr(pictures, "available_cores", lambda: 2)
    submit = pictures.ProcessPoolExecutor.submit
    monkeypatch.setattr(
        pictures.ProcessPoolExecutor,
        "submit",
        lambda self, *task: writers.append(task) or submit(self, *task),
    )
    files = write_figures(six, tmp_path / "many", print, stamp="initlab report 0")
    assert len(writers) == 6
    monkeypatch.setattr(pictures, "available_cores", lambda: 1)
    write_figures(six, tmp_path / "one", print, stamp="initlab report 0")
    assert len(writers) == 6
    assert contents(tmp_path / "many") == contents(tmp_path / "one")
    assert [[path.name for path in one] for one in files] == [
        [f"profile-{number}.{ending}" for ending in ("pdf", "svg", "png", "csv")]
        for number in range(6)
    ]


def test_figure_that_no_process_can_take_is_written_too(six, tmp_path, monkeypatch):
    def own(table):
        figure = Figure()
        figure.add_subplot().xaxis.set_major_formatter(FuncFormatter(lambda value, _: "x"))
        return figure

    monkeypatch.setattr(pictures, "available_cores", lambda: 2)
    six[2] = replace(six[2], draw=own)
    files = write_figures(six, tmp_path / "figures", print)
    assert all(path.is_file() for one in files for path in one)


HELD = []


class Growing(Figure):
    """Takes memory that is not given back, and a tenth of a second, wherever it is written."""

    def draw(self, renderer):
        HELD.append(b"1" * 10_000_000)
        time.sleep(0.1)
        super().draw(renderer)


def test_processes_that_grow_are_neither_ended_nor_complained_of(drawing, tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "available_cores", lambda: 2)
    monkeypatch.setenv("LOKY_MAX_MEMORY_LEAK_SIZE", "1e6")  # loky's own is 3e8
    growing = replace(drawing, draw=lambda table: Growing())
    # loky looks once a second, and complains where others are still to do.
    many = [replace(growing, name=f"profile-{number}") for number in range(16)]
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        write_figures(many, tmp_path / "figures", print)
    assert [str(one.message) for one in told] == []


class Broken(Figure):
    """Fails where it is written."""

    def draw(self, renderer):
        raise ValueError(f"cannot be written in process {os.getpid()}")


def test_error_of_a_process_names_the_figure(six, tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "available_cores", lambda: 2)
    six[3] = replace(six[3], draw=lambda table: Broken())
    with pytest.raises(ValueError, match="cannot be written in process") as caught:
        write_figures(six, tmp_path / "figures", print)
    assert str(os.getpid()) not in str(caught.value)
    assert "This happened while figure 'profile-3' was drawn." in caught.value.__notes__
