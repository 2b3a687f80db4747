"""Training in PyTorch: a run that goes on for as many steps as it is told."""

import torch
from torch.nn.functional import cross_entropy

from benchmarks.peers.hooks import Watch
from benchmarks.peers.network import make_data, make_network
from benchmarks.workload import LEARNING_RATE, MOMENTUM, Task


class Run:
    """One network being trained.

    Args:
        task: what is trained.
        kind: one of the task's.
    """

    def __init__(self, task: Task, kind: str) -> None:
        torch.manual_seed(0)
        self._batch = task.batch
        self._model = make_network(task)
        self._images, self._labels = make_data(task)
        self._optimizer = torch.optim.SGD(
            self._model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM
        )
        self._watch = Watch(self._model, gradients=kind == "gradients") if kind != "bare" else None

    def train(self, steps: int) -> list[float]:
        """Makes `steps` updates, every one watched, and returns their losses."""
        losses = []
        done = 0
        while done < steps:
            order = torch.randperm(len(self._images))
            for batch in order.split(self._batch)[: len(self._images) // self._batch]:
                losses.append(self._step(batch))
                done += 1
                if done == steps:
                    break
        if self._watch:
            self._watch.end_run()
        found: list[float] = torch.stack(losses).tolist()
        return found

    def _step(self, batch: torch.Tensor) -> torch.Tensor:
        """Makes one update and returns the loss before it."""
        self._optimizer.zero_grad()
        loss = cross_entropy(self._model(self._images[batch]), self._labels[batch])
        loss.backward()
        if self._watch:
            self._watch.end_step()
        self._optimizer.step()
        return loss.detach()
