"""A stand-in for a worker: does what its plan says, and speaks as a worker does.

Its plan is a list of `group:deed`; deeds are `done`, `failed`, `full`, `kill`, `abort`, `exit`,
`silent`, `noise`, `slow`, and `busy` and `hang`, which beat as a worker does. What it did is
appended to a log, one `group` a line.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path


def emit(event, **fields):
    sys.stdout.write(json.dumps({"event": event} | fields) + "\n")
    sys.stdout.flush()


def end(deed):
    if deed in ("kill", "abort"):
        os.kill(os.getpid(), signal.SIGKILL if deed == "kill" else signal.SIGABRT)
    if deed == "exit":
        raise SystemExit(7)
    if deed == "silent":
        time.sleep(600)


def beat(limit, seconds):
    """Works for so many seconds on what may take as many as the limit says."""
    from initlab.engines import child

    child.BEAT_SECONDS = 0.1
    pulse = child.Pulse()
    pulse.expect(limit)
    threading.Thread(target=pulse.beat, args=(lambda event: emit(**event),), daemon=True).start()
    time.sleep(seconds)


def work(log, plan, skip):
    done = {line.split()[1] for line in log.read_text().splitlines() if line.startswith("done")}
    number = len(plan)
    emit("plan", groups=number, runs=number, work=1.0 * number, program_seconds=4.0 * number)
    for word in plan:
        group, deed = word.split(":")
        if group in skip or group in done:
            continue
        with log.open("a") as file:
            file.write(f"began {group} {os.getpid()}\n")
        if group != "idle":
            emit(
                "group", group_id=group, signature=group, program_seconds=4.0,
                name="mlp relu depth 3",
            )  # fmt: skip
        if deed == "noise":
            sys.stdout.buffer.write(b"\xff not JSON\n[1]\n{}\n")
        if deed == "slow":
            time.sleep(1.0)
        if deed in ("busy", "hang"):
            beat(*{"busy": (60, 2.0), "hang": (0.5, 600)}[deed])
        end(deed)
        if deed == "full":
            emit("stopped", error="no room")
            break
        if deed == "failed":
            emit("failed", group_id=group, error="ValueError: no")
            continue
        with log.open("a") as file:
            file.write(f"done {group}\n")
        emit("tick", work=1.0)
        emit("done", group_id=group, completed=1, diverged=0, seconds={"train": 0.5})
        if os.environ.get("STUB_DRAINS") and sys.stdin.readline() == "":
            break
    emit("end", failed=0)


if __name__ == "__main__":
    words = sys.argv[2:]
    given_up = [words[i + 1] for i, word in enumerate(words) if word == "--skip"]
    work(Path(sys.argv[1]), [word for word in words if ":" in word], given_up)
