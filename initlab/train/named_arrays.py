"""The arrays of several runs by the paths that a specification names them by."""

from typing import Any

import jax
import numpy as np

from initlab.architectures.module_paths import Path
from initlab.models import Parameters, at
from initlab.spec.parameters import STATISTICS, Parameter, layer_parameters
from initlab.spec.schema import RunSpec

type Arrays = dict[str, np.ndarray]


def statistics_paths(run: RunSpec) -> tuple[Path, ...]:
    """Returns the paths of batch normalization's statistics, in the order of the forward pass."""
    found = (each.path for layer in layer_parameters(run) for each in layer)
    return tuple(dict.fromkeys(path for path in found if path[-1] == STATISTICS))


class NamedArrays:
    """Parameters and statistics of runs of one signature, on the host, by path.

    Args:
        run: any of the runs.
        parameters: stacked on a leading run axis.
        statistics: what batch normalization divides by, likewise.
    """

    def __init__(self, run: RunSpec, parameters: Parameters, statistics: Any) -> None:
        self._layers = layer_parameters(run)
        self._parameters = parameters
        leaves = map(np.asarray, jax.tree.leaves(statistics))
        self._statistics = dict(zip(statistics_paths(run), leaves, strict=True))
        self._fetched: dict[Path, np.ndarray] = {}

    def of_run(self, index: int) -> Arrays:
        """Returns every array of one run by the name that a checkpoint gives it, in order."""
        return {each.name: self.one(each, index) for layer in self._layers for each in layer}

    def one(self, parameter: Parameter, index: int) -> np.ndarray:
        """Returns one layer's array of one run."""
        whole = self._whole(parameter.path)[index]
        return whole if parameter.copy is None else np.asarray(whole[parameter.copy])

    def _whole(self, path: Path) -> np.ndarray:
        """Returns the array at a path, of all runs; it is fetched from the devices once."""
        if path[-1] == STATISTICS:
            return self._statistics[path]
        if path not in self._fetched:
            self._fetched[path] = np.asarray(at(self._parameters, path)[...])
        return self._fetched[path]
