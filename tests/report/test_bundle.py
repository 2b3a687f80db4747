import json
from pathlib import Path

import pytest

from initlab.report.bundle import new_bundle
from initlab.report.check import ReportError

ADVICE = "It was left as it is: give another --out, or move it away."


@pytest.fixture
def out(tmp_path):
    return tmp_path / "reports" / "demo"


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "results" / "demo"
    path.mkdir(parents=True)
    return path


def fill(folder, text="first"):
    files = {"page": "0" * 64}
    (folder / "page").write_text(text)
    content = {"format": "initlab-report", "files": files}
    (folder / "provenance.json").write_text(json.dumps(content))


def write_text(out, stored, text):
    with new_bundle(out, stored) as folder:
        fill(folder, text)


def refusal(out, stored):
    with pytest.raises(ReportError) as caught, new_bundle(out, stored):
        pytest.fail("the block must not start")
    return str(caught.value)


def test_bundle_appears_at_the_end_of_the_block_and_alone(out, stored):
    with new_bundle(out, stored) as folder:
        fill(folder)
        assert not out.exists()
    assert (out / "page").read_text() == "first"
    assert [path.name for path in out.parent.iterdir()] == ["demo"]


def test_earlier_report_stands_until_the_new_one_is_whole(out, stored):
    with new_bundle(out, stored) as folder:
        fill(folder)
    with new_bundle(out, stored) as folder:
        fill(folder, "second")
        assert (out / "page").read_text() == "first"
    assert (out / "page").read_text() == "second"
    assert [path.name for path in out.parent.iterdir()] == ["demo"]


def test_error_in_the_block_leaves_the_earlier_report(out, stored):
    with new_bundle(out, stored) as folder:
        fill(folder)
    with pytest.raises(ZeroDivisionError), new_bundle(out, stored) as folder:
        fill(folder, str(1 / 0))
    assert (out / "page").read_text() == "first"
    assert [path.name for path in out.parent.iterdir()] == ["demo"]


def test_full_disk_is_told_with_the_bundle(out, stored):
    with pytest.raises(ReportError) as caught, new_bundle(out, stored):
        raise OSError(28, "No space left on device")
    assert str(caught.value) == f"{out} cannot be written: No space left on device."
    assert not out.exists()


def test_folder_that_is_no_report_is_refused(out, stored):
    out.mkdir(parents=True)
    (out / "thesis.tex").write_text("years of work")
    assert refusal(out, stored) == f"{out} is a folder, but not of a report. {ADVICE}"
    assert (out / "thesis.tex").read_text() == "years of work"


@pytest.mark.parametrize("content", ["{", "[]", '{"format": "initlab-group", "files": {}}'])
def test_provenance_of_something_else_makes_no_report(out, stored, content):
    out.mkdir(parents=True)
    (out / "provenance.json").write_text(content)
    assert refusal(out, stored) == f"{out} is a folder, but not of a report. {ADVICE}"


def test_report_with_a_readers_own_notes_is_refused(out, stored):
    with new_bundle(out, stored) as folder:
        fill(folder)
    (out / "figures").mkdir()
    (out / "figures" / "notes.md").write_text("mine")
    assert refusal(out, stored) == (
        f"{out} holds 'figures/notes.md', which no report wrote. {ADVICE}"
    )
    assert (out / "figures" / "notes.md").read_text() == "mine"


def test_file_in_the_place_is_refused(out, stored):
    out.parent.mkdir()
    out.write_text("mine")
    assert refusal(out, stored) == f"{out} is a file, not a report. {ADVICE}"


def test_empty_folder_is_taken(out, stored):
    out.mkdir(parents=True)
    with new_bundle(out, stored) as folder:
        fill(folder)
    assert (out / "page").is_file()


@pytest.mark.parametrize("place", ["results/demo", "results/demo/report", "results"])
def test_report_and_results_lie_apart(tmp_path, stored, place):
    bundle = tmp_path / place
    assert refusal(bundle, stored) == (
        f"{bundle} and the results folder {stored} lie in one another. Give another --out."
    )
    assert stored.is_dir()


def test_another_writer_that_was_faster_is_left_standing(out, stored, monkeypatch):
    rename = Path.rename

    def late(self, target):
        if self.name != "demo":
            out.mkdir()
            fill(out, "other")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    with pytest.raises(ReportError) as caught:
        write_text(out, stored, "mine")
    assert str(caught.value) == (
        f"{out} was written by another process meanwhile; that report stands."
    )
    assert (out / "page").read_text() == "other"


def test_new_report_that_cannot_be_put_in_place_leaves_the_earlier_one(out, stored, monkeypatch):
    write_text(out, stored, "first")
    rename = Path.rename

    def refused(self, target):
        if target == out and ".old." not in self.name:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(ReportError) as caught:
        write_text(out, stored, "second")
    assert str(caught.value) == f"{out} cannot be written: Input/output error."
    assert (out / "page").read_text() == "first"
    assert [path.name for path in out.parent.iterdir()] == ["demo"]


def test_leftovers_of_dead_writers_go_and_those_of_living_ones_stay(out, stored):
    out.parent.mkdir()
    dead = out.parent / ".demo.1.00000000.tmp"
    aside = out.parent / ".demo.old.1.00000000.tmp"
    other = out.parent / ".other.1.00000000.tmp"
    for path in (dead, aside, other):
        path.mkdir()
    with new_bundle(out, stored) as folder:
        fill(folder)
    assert sorted(path.name for path in out.parent.iterdir()) == [other.name, "demo"]
