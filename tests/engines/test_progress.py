"""What a person sees of a running sweep."""

import io
import json

from rich.console import Console

from initlab.engines.printable import printable
from initlab.engines.progress import Display

HOSTILE = "a\x1b]0;owned\x07b\x9b2Jc\u202ed\re"
GROUP = {
    "event": "group", "group_id": "g1", "signature": "s1", "program_seconds": 4.0,
    "name": "mlp relu depth 3",
}  # fmt: skip
DONE = {
    "event": "done", "group_id": "g1", "completed": 2, "diverged": 1, "seconds": {"train": 1.0},
}  # fmt: skip


def shown(tmp_path, *events):
    stream = io.StringIO()
    display = Display(tmp_path, Console(file=stream, highlight=False, soft_wrap=True))
    for event in events:
        display(event)
    display.close()
    return stream.getvalue()


def test_lines_tell_what_happened(tmp_path):
    plan = {"event": "plan", "runs": 3, "groups": 1, "program_seconds": 4.0, "work": 0.0}
    died = {"event": "died", "group_id": "g1", "error": "the worker ended", "attempt": 1}
    assert shown(tmp_path, plan, GROUP, died, died | {"group_id": None}, DONE) == (
        "3 runs to do in 1 group\n"
        "the worker ended while running group g1 (attempt 1)\n"
        "the worker ended (attempt 1)\n"
        "[1/1] mlp relu depth 3: 2 completed, 1 diverged\n"
    )


def test_a_stop_tells_how_long_the_group_in_flight_has(tmp_path):
    patient, hurried = ({"event": "draining", "seconds": seconds} for seconds in (None, 10.0))
    assert shown(tmp_path, patient, hurried) == (
        "stopping after the group in flight; interrupt again to stop at once\n"
        "stopping after the group in flight, which has 10 s left; interrupt again to stop at once\n"
    )


def test_events_are_kept_and_beats_are_not(tmp_path):
    shown(tmp_path, {"event": "beat"}, {"event": "unheard of"}, GROUP, DONE)
    kept = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert [event["event"] for event in kept] == ["group", "done"]
    assert all(event["time"].endswith("+00:00") for event in kept)


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path):
    assert "relu depth 3" in shown(tmp_path / "absent", GROUP, DONE)


def test_no_event_commands_the_terminal(tmp_path):
    text = shown(
        tmp_path,
        {"event": "failed", "group_id": HOSTILE, "error": f"[red]{HOSTILE}"},
        {"event": "died", "group_id": HOSTILE, "error": HOSTILE, "attempt": 1},
    )
    assert "[red]a" in text
    assert printable(text) == text


def test_printable_keeps_text_and_replaces_commands():
    assert printable("Größe 3\n\tµ²") == "Größe 3\n\tµ²"
    assert printable(HOSTILE) == "a\ufffd]0;owned\ufffdb\ufffd2Jc\ufffdd\ufffde"
