"""PyTorch's best arrangement on a CPU: one process a core, one thread each, a run in each."""

import multiprocessing
import os
from multiprocessing.connection import Connection
from types import TracebackType

import torch

from benchmarks.machine import cores
from benchmarks.peers.training import Run
from benchmarks.workload import Task


class Crew:
    """Processes that each train a run of their own when they are told to.

    Args:
        task: what they train.
    """

    def __init__(self, task: Task) -> None:
        context = multiprocessing.get_context("spawn")
        self.size = cores()
        self._ends: list[Connection] = []
        self._processes = []
        for index in range(self.size):
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, task, index), daemon=True)
            process.start()
            theirs.close()
            self._ends.append(ours)
            self._processes.append(process)

    def train(self, kind: str, steps: int) -> None:
        """Trains `steps` steps of the run of that kind in every process, and waits for all."""
        for end in self._ends:
            end.send((kind, steps))
        for end in self._ends:
            end.recv()

    def __enter__(self) -> "Crew":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for end in self._ends:
            end.close()
        for process in self._processes:
            process.join()


def serve(orders: Connection, task: Task, index: int) -> None:
    """Obeys orders on one core until their other end is closed."""
    torch.set_num_threads(1)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[index]})
    runs = {kind: Run(task, kind) for kind in task.kinds}
    try:
        while True:
            kind, steps = orders.recv()
            runs[kind].train(steps)
            orders.send("done")
    except EOFError:
        return
