"""The arrays of several runs by the paths that a specification names them by."""

import jax
import numpy as np

from initlab.architectures.module_paths import Path
from initlab.models import Network, Parameters, at
from initlab.models.passing import Statistics
from initlab.spec.parameters import STATISTICS, Parameter, layer_parameters
from initlab.spec.schema import RunSpec
from initlab.train.parameters import fill

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

    def __init__(self, run: RunSpec, parameters: Parameters, statistics: Statistics) -> None:
        self.layers = layer_parameters(run)
        self._whole: dict[Path, np.ndarray] = {
            path: np.array(at(parameters, path)[...])
            for path in dict.fromkeys(each.path for own in self.layers for each in own)
            if path[-1] != STATISTICS
        }
        leaves, self._structure = jax.tree.flatten(statistics)
        self._statistics = statistics_paths(run)
        self._whole |= dict(zip(self._statistics, map(np.array, leaves), strict=True))

    def of_run(self, index: int) -> Arrays:
        """Returns every array of one run by the name that a checkpoint gives it, in order."""
        return {each.name: self.one(each, index) for layer in self.layers for each in layer}

    def one(self, parameter: Parameter, index: int) -> np.ndarray:
        """Returns one layer's array of one run, a view."""
        own = self._whole[parameter.path][index : index + 1]
        found: np.ndarray = own[0] if parameter.copy is None else own[0, parameter.copy]
        return found

    def put(self, parameter: Parameter, index: int, values: np.ndarray) -> None:
        """Replaces one layer's array of one run."""
        place = index if parameter.copy is None else (index, parameter.copy)
        self._whole[parameter.path][place] = values

    def parameters(self, network: Network) -> Parameters:
        """Returns all parameters, stacked on the run axis."""
        arrays = {path: own for path, own in self._whole.items() if path[-1] != STATISTICS}
        return fill(network, arrays)

    @property
    def statistics(self) -> Statistics:
        """All statistics, stacked on the run axis."""
        return jax.tree.unflatten(self._structure, [self._whole[path] for path in self._statistics])
