"""Which arrays of a checkpoint are which of a run's model, and what does not fit."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from initlab.spec.parameters import LayerParameters, layer_parameters
from initlab.spec.pretrained import Pretrained
from initlab.spec.schema import RunSpec
from initlab.spec.transfer import taken_layers

type Shapes = Mapping[str, tuple[int, ...]]


class Fit(NamedTuple):
    """How a checkpoint fits a run.

    Attributes:
        names: the checkpoint's name of each array of the model that it holds.
        faults: what does not fit, a clause each; with one of them nothing can be taken.
    """

    names: Mapping[str, str]
    faults: tuple[str, ...]


def fit(shapes: Shapes, run: RunSpec) -> Fit:
    """Returns how a checkpoint fits the layers that a run takes from it.

    Args:
        shapes: of the checkpoint's arrays, by name, in the order of the forward pass.
        run: has a pretrained initializer.
    """
    wanted, given, taken = layer_parameters(run), _by_layer(shapes), taken_layers(run)
    faults: list[str] = []
    whole = isinstance(run.initializer, Pretrained) and run.initializer.layers == "all"
    if whole and len(given) != len(wanted):
        faults.append(f"has {len(given)} weight layers, and {run.model!r} has {len(wanted)}")
    if taken and max(taken) > len(given):
        faults.append(f"has {len(given)} weight layers, and layer {max(taken)} is asked for")
    names: dict[str, str] = {}
    known = {each.name for layer in wanted for each in layer}
    for place, (number, layer) in enumerate(zip(taken, wanted, strict=False), start=1):
        if number > len(given):
            continue
        own = given[number - 1]
        if number != place:
            renamed = _renamed(own, layer)
            if renamed is None:
                faults.append(
                    f"its layer {number} ({', '.join(own)}) cannot stand as layer {place} "
                    f"({', '.join(each.name for each in layer)})"
                )
                continue
            names |= renamed
            own = {name: own[old] for name, old in renamed.items()}
        else:
            # By name: where a kernel is missing, what follows it stands with the layer before.
            strange = {name: shape for name, shape in own.items() if name not in known}
            own = {each.name: shapes[each.name] for each in layer if each.name in shapes} | strange
            names |= {name: name for name in own}
        faults += differences(own, layer)
    return Fit(names, tuple(faults))


def _by_layer(shapes: Shapes) -> list[Shapes]:
    """Returns the shapes of each layer: one begins with its kernel."""
    found: list[dict[str, tuple[int, ...]]] = [{}]
    for name, shape in shapes.items():
        if name.endswith("/kernel") and any(each.endswith("/kernel") for each in found[-1]):
            found.append({})
        found[-1][name] = shape
    return [*found]


def _renamed(own: Shapes, layer: LayerParameters) -> dict[str, str] | None:
    """Returns the names of a layer's arrays by those of another place, if they are alike."""
    if [_last(name) for name in own] != [_last(each.name) for each in layer]:
        return None
    return {each.name: name for each, name in zip(layer, own, strict=True)}


def _last(name: str) -> str:
    """Returns an array's own name."""
    return name.rpartition("/")[2]


def differences(own: Shapes, layer: LayerParameters) -> Iterator[str]:
    """Yields how the arrays of a layer differ from those that the model needs."""
    for each in layer:
        if each.name not in own:
            yield f"lacks {each.name} of shape {each.shape}"
        elif own[each.name] != each.shape:
            yield f"{each.name} has shape {own[each.name]}, and the model needs {each.shape}"
    known = {each.name for each in layer}
    yield from (f"has {name}, which the model lacks" for name in own if name not in known)
