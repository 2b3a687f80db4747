"""Why the fields of a run make no model."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from initlab.architectures.families import CHOICES, FAMILIES, Family
from initlab.spec.architecture import rows_of
from initlab.spec.filter_banks import HandMade
from initlab.spec.images import has_classes, has_size
from initlab.spec.layer_laws import layer_laws

if TYPE_CHECKING:
    from initlab.spec.schema import RunSpec

OF_SIZES = frozenset(
    {
        "model",
        "depth",
        "width",
        "norm",
        "scale",
        "residual",
        "dataset",
        "classes",
        "image_size",
        *CHOICES,
    }
)

OF_KERNELS = frozenset({"initializer", "first_initializer", "readout_initializer"})
WHOSE_LAW = (
    "the first layer's law is `first_initializer`, the last one's `readout_initializer`, that of "
    "the others `initializer`"
)

type Misfit = tuple[frozenset[str], str]


def misfit(run: "RunSpec") -> Misfit | None:
    """Returns the first reason why a run has no model, and the fields that it speaks of."""
    for found in _of_names(run):
        return found
    if not (has_size(run.dataset, run.image_size) and has_classes(run.dataset, run.classes)):
        return None
    try:
        rows_of(run)
    except ValueError as error:
        return OF_SIZES, f"{run.model!r} cannot be built: {error}"
    return _of_filters(run)


def _of_filters(run: "RunSpec") -> Misfit | None:
    """Returns the first parameters that cannot hold the filters that their law names."""
    for layer in layer_laws(run):
        if isinstance(layer.bias, HandMade):
            return (
                frozenset({"bias_initializer"}),
                f"`bias_initializer` = {layer.bias.name!r} makes filters, and biases are none",
            )
        if isinstance(layer.kernel, HandMade) and (fault := layer.kernel.fault(layer.drawn_shape)):
            return OF_SIZES | OF_KERNELS, f"layer {layer.name!r}: {fault}; {WHOSE_LAW}"
    return None


def _of_names(run: "RunSpec") -> Iterator[Misfit]:
    """Yields what a run asks of a model that does not have it."""
    family = FAMILIES[run.model]
    if family.depth not in (None, run.depth):
        yield (
            frozenset({"model", "depth"}),
            f"`depth` of {run.model!r} is {family.depth}, got {run.depth}: leave it out",
        )
    if run.scale == "paper" and family.paper is None:
        yield (
            frozenset({"model", "scale"}),
            f'`scale` = "paper" needs a model with a paper\'s plan '
            f"({_known(lambda one: one.paper is not None)}), got {run.model!r}",
        )
    if run.norm == "local_response" != family.norm:
        yield (
            frozenset({"model", "norm"}),
            '`norm` = "local_response" needs a model that has it '
            f"({_known(lambda one: one.norm == 'local_response')}), got {run.model!r}",
        )
    if run.residual != "plain" and not family.residual:
        yield (
            frozenset({"model", "residual"}),
            f"`residual` = {run.residual!r} needs a model with sums "
            f"({_known(lambda one: one.residual)}), got {run.model!r}",
        )
    for name in CHOICES:
        value = getattr(run, name)
        if value != type(run).model_fields[name].default and name not in family.choices:
            yield (
                frozenset({"model", name}),
                f"`{name}` = {value!r} needs a model with that choice "
                f"({_known(partial(_chooses, name))}), got {run.model!r}",
            )
    if run.residual == "zero_gamma" and run.norm == "none":
        yield (
            frozenset({"norm", "residual"}),
            '`residual` = "zero_gamma" needs a normalization, whose scale it begins with zero, got '
            '`norm` = "none"',
        )
    if run.residual == "fixup" and run.norm != "none":
        yield (
            frozenset({"norm", "residual"}),
            f'`residual` = "fixup" needs `norm` = "none", got {run.norm!r}: leave it out',
        )


def _known(has: Callable[[Family], bool]) -> str:
    """Returns the names of the models that have something."""
    return ", ".join(name for name, one in FAMILIES.items() if has(one))


def _chooses(field: str, family: Family) -> bool:
    """Tells whether a field chooses among a model's layers."""
    return field in family.choices
