import pytest

from initlab.errors import StoreError
from initlab.store.failures import clear_failures, read_failures, record_failure


def test_failures_are_kept_in_order_until_cleared(results):
    assert read_failures(results) == {}
    first = record_failure(results, "group-a", error="killed by SIGKILL", attempt=1)
    second = record_failure(results, "group-a", error="again\nand on", attempt=2, run_ids=["r"])
    other = record_failure(results, "group-b", error="x", attempt=1)
    assert read_failures(results) == {"group-a": (first, second), "group-b": (other,)}
    assert second.run_ids == ("r",)
    assert second.time.endswith("+00:00")
    clear_failures(results, "group-a")
    clear_failures(results, "group-a")
    assert read_failures(results) == {"group-b": (other,)}


def test_line_cut_short_by_a_death_harms_no_other(results):
    first = record_failure(results, "group-a", error="one", attempt=1)
    path = results / "failures" / "group-a.jsonl"
    with path.open("a") as file:
        file.write('{"attempt": 2, "err')
    assert read_failures(results) == {"group-a": (first,)}
    third = record_failure(results, "group-a", error="three", attempt=3)
    assert read_failures(results) == {"group-a": (first, third)}


def test_end_of_a_long_error_is_kept(results):
    failure = record_failure(results, "group-a", error="x" * 10**6 + "MemoryError", attempt=1)
    assert failure.error.endswith("MemoryError")
    assert (results / "failures" / "group-a.jsonl").stat().st_size < 20_000


@pytest.mark.parametrize("line", ["[]", "3", "null", '{"run_ids": 3}', "[" * 99_999])
def test_line_that_is_no_failure_is_skipped(results, line):
    (results / "failures").mkdir()
    (results / "failures" / "group-a.jsonl").write_text(f"{line}\n")
    assert read_failures(results) == {}


def test_bad_name_is_refused(results):
    with pytest.raises(StoreError, match="is not a valid group id"):
        record_failure(results, "../x", error="", attempt=1)
