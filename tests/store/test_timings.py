"""What a sweep took, read from files that anybody may have written."""

import json

from initlab.store.failures import clear_failures, record_failure
from initlab.store.timings import failed_before, read_timings


def write(results, group, content):
    folder = results / "groups" / group
    folder.mkdir(parents=True)
    (folder / "timings.json").write_text(content)


def test_seconds_are_added_and_memory_is_the_most(tmp_path):
    write(tmp_path, "a", json.dumps({"compile": 2, "train": 3.5, "peak_memory_bytes": 7e8}))
    write(tmp_path, "b", json.dumps({"compile": 0.5, "sample": 1, "peak_memory_bytes": 9e8}))
    record_failure(tmp_path, "c", error="killed", attempt=1, run_ids=["x"])
    record_failure(tmp_path, "c", error="killed", attempt=2, seconds=1.25)
    found = read_timings(tmp_path, ["a", "b", "absent"])
    assert (found.groups, found.compile_seconds, found.run_seconds) == (2, 2.5, 4.5)
    assert found.peak_memory_bytes == 9e8
    assert (found.failed_attempts, found.failed_seconds, found.untimed_attempts) == (2, 1.25, 1)
    assert (found.started, found.ended) == (None, None)


def test_period_is_that_of_the_log(tmp_path):
    times = [f"2026-11-27T21:0{minute}:00+00:00" for minute in range(4)]
    events = zip(times, ("group", "group", "done", "done"), "bccb", strict=True)
    lines = [
        json.dumps({"time": time, "event": name, "group_id": group}) for time, name, group in events
    ]
    (tmp_path / "events.jsonl").write_text("\n".join([*lines, '{"cut sh']))
    found = read_timings(tmp_path, ["b", "c"])
    assert (found.started, found.ended) == (times[0], times[3])
    found = read_timings(tmp_path, ["c"])
    assert (found.started, found.ended) == (times[1], times[2])


def test_what_is_no_timing_is_passed_over(tmp_path):
    for name, content in {"a": "[1]", "b": '{"train": "long"}', "c": "{", "d": "null"}.items():
        write(tmp_path, name, content)
    (tmp_path / "events.jsonl").write_text('[]\n{"time": 3}\n{"time": "<b>"}\n{"time": "2026"}\n')
    found = read_timings(tmp_path, "abcd")
    assert (found.groups, found.run_seconds, found.peak_memory_bytes) == (0, 0, None)
    assert (found.started, found.ended) == (None, None)


def test_what_attempts_took_that_failed_outlasts_the_one_that_does_not(tmp_path):
    assert failed_before(tmp_path, "a") == {}
    record_failure(tmp_path, "a", error="no memory", attempt=1, seconds=2.0)
    record_failure(tmp_path, "a", error="killed", attempt=2)
    write(tmp_path, "a", json.dumps({"train": 3.0} | failed_before(tmp_path, "a")))
    clear_failures(tmp_path, "a")
    found = read_timings(tmp_path, ["a"])
    assert (found.failed_attempts, found.failed_seconds, found.untimed_attempts) == (2, 2.0, 1)
    assert (found.groups, found.run_seconds) == (1, 3.0)
