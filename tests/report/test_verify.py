"""A bundle is sound only while its files and its results are those that were written."""

import hashlib
import shutil

import pytest

from initlab.errors import CorruptShardError, StoreError
from initlab.report.check import ReportError
from initlab.report.verify import is_bundle, verify_bundle
from initlab.report.write import write_report

from .sample import publish


@pytest.fixture
def bundle(results, findings, tmp_path):
    return write_report(
        "demo",
        "Does it hold?",
        results,
        findings,
        tmp_path / "reports" / "demo",
        spec_text="seeds = 2\n",
        command="initlab run demo",
    )


def test_a_fresh_bundle_is_sound(bundle):
    assert is_bundle(bundle)
    assert verify_bundle(bundle).faults == ()


def test_every_file_is_watched(bundle):
    for path in sorted(bundle.rglob("*")):
        if path.is_file() and path.name != "provenance.json":
            content = path.read_bytes()
            path.write_bytes(content + b" ")
            (fault,) = verify_bundle(bundle).faults
            assert fault.startswith(f"{path.relative_to(bundle).as_posix()}: was changed: expected")
            path.write_bytes(content)


def test_missing_and_added_files_are_named(bundle):
    (bundle / "claims.json").rename(bundle / "notes.json")
    assert verify_bundle(bundle).faults == (
        "claims.json: is missing",
        "notes.json: was not written by the report",
    )


def test_results_that_grew_are_those_that_were_reported(bundle, results):
    publish(results.path, depth=1, run_ids=["run-3-0", "run-1-1"])  # before them by name, too
    checked = verify_bundle(bundle)
    assert checked.faults == ()
    assert checked.results.digest == results.digest
    assert checked.results.committed == results.committed


def test_a_group_that_is_gone_is_named(bundle, results):
    shutil.rmtree(results.path / "groups" / "group-4")
    gone, digest = verify_bundle(bundle).faults
    assert gone == (
        f"{results.path / 'groups' / 'group-4'}: is missing, and the report was made from it"
    )
    assert digest.startswith(f"{results.path}: the report was made from results ")


def test_a_shard_that_was_made_again_is_named(bundle, results):
    shutil.rmtree(results.path / "groups" / "group-4")
    publish(results.path, depth=4, learning_rate=0.5)
    shard, digest = verify_bundle(bundle).faults
    place = results.path / "groups" / "group-4" / "runs.parquet"
    was = results.groups["group-4"].files["runs.parquet"].sha256
    now = hashlib.sha256(place.read_bytes()).hexdigest()
    assert shard == f"{place}: the report was made from SHA-256 {was}, this is {now}"
    assert "the report was made from results" in digest


def test_damaged_results_are_refused(bundle, results):
    shard = next(results.path.glob("groups/*/layers.parquet"))
    content = bytearray(shard.read_bytes())
    content[len(content) // 2] ^= 1
    shard.write_bytes(bytes(content))
    with pytest.raises(CorruptShardError):
        verify_bundle(bundle)


def test_results_are_found_where_they_are_said_to_lie(bundle, results, tmp_path):
    moved = shutil.move(results.path, tmp_path / "elsewhere")
    with pytest.raises(ReportError) as caught:
        verify_bundle(bundle)
    assert str(caught.value) == (
        f"the results are not at {results.path}, where the report has them. If they or the report "
        "were moved, say where they are with --results DIR."
    )
    with pytest.raises(StoreError, match="nowhere does not exist"):
        verify_bundle(bundle, tmp_path / "nowhere")
    assert verify_bundle(bundle, tmp_path / "elsewhere").faults == (), moved


def test_a_folder_without_provenance_is_no_bundle(tmp_path):
    assert not is_bundle(tmp_path)
    with pytest.raises(ReportError, match="is no report's provenance"):
        verify_bundle(tmp_path)
