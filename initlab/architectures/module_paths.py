"""Where the layers of an architecture lie in the module that is built from it."""

from collections.abc import Callable, Sequence

from initlab.architectures.layers import Activation, Convolution, Dense, Layer, Repeat
from initlab.architectures.rows import READOUT, Row

type Path = tuple[str, ...]


def is_plain(layers: Sequence[Layer]) -> bool:
    """Tells whether weight layers of one shape and one nonlinearity are all there is.

    Such a network has a module of its own, whose scanned layers pass fewer times over memory.
    """
    match layers:
        case [Dense()]:
            return True
        case [Dense() | Convolution(), Activation(phi=None), Dense()]:
            return True
        case [Dense() | Convolution() as first, Activation(phi=None), Repeat() as rest, Dense()]:
            return rest.block == (first, Activation())
    return False


def path_in_module(layers: Sequence[Layer]) -> Callable[[Row], Path]:
    """Returns the function from a row to the module's attributes that hold its layer."""
    return _plain_path if is_plain(layers) else _assembled_path


def _plain_path(row: Row) -> Path:
    """Returns the attribute of a plain network's module that holds a layer."""
    if row.name == READOUT:
        return ("readout",)
    return ("first",) if row.copy is None else ("hidden",)


def _assembled_path(row: Row) -> Path:
    """Returns the attributes of an assembled module that hold a layer."""
    return ("body", *row.path)
