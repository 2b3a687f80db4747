"""Publishes the sample group into each folder named on standard input, in a child of its own.

The imports are paid for once. A child prints its process id and waits until it is traced.
"""

import ctypes
import os
import sys
import time
import traceback
from pathlib import Path

from .sample import publish_sample, sample_tables

PR_SET_PTRACER, ANY_PROCESS = 0x59616D61, ctypes.c_ulong(-1)


def is_traced():
    return "\nTracerPid:\t0\n" not in Path("/proc/self/status").read_text()


def publish_when_traced(results):
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANY_PROCESS, 0, 0, 0)
    print(os.getpid(), flush=True)
    deadline = time.monotonic() + 10
    while not is_traced():
        if time.monotonic() > deadline:
            return 3
        time.sleep(0.001)
    try:
        publish_sample(results)
    except BaseException:
        # As a link's target, since writing to a file may be what is made to fail.
        message = traceback.format_exc().strip().splitlines()[-1]
        Path(f"{results}.error").symlink_to(message)
        return 1
    return 0


def main():
    sample_tables()  # what Arrow imports when it first meets an array
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(publish_when_traced(line.rstrip("\n")))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
