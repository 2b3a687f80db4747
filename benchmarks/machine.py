"""Which machine a figure belongs to, and when it was measured.

The peers' environment imports this module too: standard library alone, Python 3.10 or newer.
"""

import os
import platform
import time
from pathlib import Path


def cores() -> int:
    """Returns the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine() -> dict[str, object]:
    """Returns the processor, its cores that may be used, and the system."""
    return {"processor": _processor(), "cores": cores(), "system": platform.system()}


def now() -> str:
    """Returns the time, UTC, to the minute."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())


def _processor() -> str:
    """Returns the processor's model as the system calls it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
