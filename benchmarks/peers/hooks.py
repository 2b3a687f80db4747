"""Per-layer statistics with hooks: what a researcher would write, with the quickest reductions."""

import warnings
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.peers.network import Sum

WEIGHTED = (nn.Linear, nn.Conv2d)
TAPPED = (*WEIGHTED, nn.BatchNorm2d, Sum)


class Watch:
    """Collects the statistics of every layer, step by step.

    Mean and variance of each preactivation and activation by forward hooks, the second moment of
    the gradient at each preactivation by full backward hooks and, if wanted, the second moment
    of each weight's gradient. Numbers stay in tensors until the end of the run.

    Args:
        model: its weight layers, normalizations and residual sums put out preactivations, its
            nonlinearities activations.
        gradients: whether the weights' gradients are watched too.
    """

    def __init__(self, model: nn.Module, *, gradients: bool) -> None:
        self._weighted = [module for module in model.modules() if isinstance(module, WEIGHTED)]
        self._gradients = gradients
        self._row: list[Tensor] = []
        self._rows: list[Tensor] = []
        for module in model.modules():
            if isinstance(module, (*TAPPED, nn.ReLU)):
                module.register_forward_hook(self._forward)
        # Images need no gradient, and PyTorch warns of it at every step of the first layer.
        warnings.filterwarnings("ignore", message="Full backward hook is firing")
        for module in model.modules():
            if isinstance(module, TAPPED):
                module.register_full_backward_hook(self._backward)

    def end_step(self) -> None:
        """Takes the gradients of the weights, and closes the row of this step."""
        if self._gradients:
            for layer in self._weighted:
                if layer.weight.grad is not None:
                    self._row.append(second_moment(layer.weight.grad))
        self._rows.append(torch.stack(self._row))
        self._row.clear()

    def end_run(self) -> Any:
        """Returns what was measured, `(step, statistic)`, as a NumPy array."""
        found = torch.stack(self._rows).numpy()
        self._rows.clear()
        return found

    def _forward(self, module: nn.Module, inputs: Any, output: Tensor) -> None:
        """Measures what a module puts out."""
        del module, inputs
        with torch.no_grad():
            mean = output.mean()
            self._row += [mean, (output - mean).square_().mean()]

    def _backward(self, module: nn.Module, to_inputs: Any, to_output: tuple[Tensor, ...]) -> None:
        """Measures the gradient at what a module puts out."""
        del module, to_inputs
        self._row.append(second_moment(to_output[0]))


def second_moment(x: Tensor) -> Tensor:
    """Returns the mean square of all entries."""
    return x.square().mean()
