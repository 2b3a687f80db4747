"""What a run takes from a checkpoint, what it begins anew, and what it leaves as it was."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from initlab.spec.images import has_classes, has_size
from initlab.spec.parameters import number_of_layers
from initlab.spec.pretrained import Pretrained

if TYPE_CHECKING:
    from initlab.spec.misfits import Misfit
    from initlab.spec.schema import RunSpec


def taken_layers(run: "RunSpec") -> tuple[int, ...]:
    """Returns which layers of its checkpoint a run's first layers begin as, numbered from 1."""
    law = run.initializer
    if not isinstance(law, Pretrained):
        return ()
    number = number_of_layers(run)
    chosen = tuple(range(1, number + 1)) if law.layers == "all" else law.chosen
    return chosen[: number - run.removed_layers]


def new_layers(run: "RunSpec") -> int:
    """Returns how many of a run's last layers are its head: new, where there is a checkpoint."""
    if isinstance(run.initializer, Pretrained):
        return number_of_layers(run) - len(taken_layers(run))
    return run.removed_layers or 1


def layer_rates(run: "RunSpec") -> tuple[float, ...]:
    """Returns what multiplies the learning rate of each weight layer, 0 where it is frozen."""
    number = number_of_layers(run)
    head = number - max(new_layers(run), 1)
    rates = run.learning_rate_multipliers or (1.0,) * number
    return tuple(
        0.0
        if layer < run.frozen_layers
        else rate * (run.head_learning_rate_multiplier if layer >= head else 1.0)
        for layer, rate in enumerate(rates)
    )


def transfer_faults(run: "RunSpec") -> Iterator["Misfit"]:
    """Yields what is wrong with the layers that a run takes, removes or freezes."""
    pretrained = isinstance(run.initializer, Pretrained)
    by_layer = run.learning_rate_multipliers
    choices = (pretrained, run.frozen_layers, run.removed_layers, run.has_head_law, by_layer)
    if not any(choices):
        return
    yield from _laws(run, pretrained=pretrained)
    if not (has_size(run.dataset, run.image_size) and has_classes(run.dataset, run.classes)):
        return
    number = number_of_layers(run)
    sizes = frozenset({"model", "depth"})
    if by_layer and len(by_layer) != number:
        yield (
            sizes | {"learning_rate_multipliers"},
            f"`learning_rate_multipliers` names {len(by_layer)}, one a layer, and {run.model!r} "
            f"has {number} weight layers",
        )
    if run.frozen_layers > number:
        yield (
            sizes | {"frozen_layers"},
            f"`frozen_layers` = {run.frozen_layers} is more than the {number} weight layers of "
            f"{run.model!r}",
        )
    if run.removed_layers >= number:
        yield (
            sizes | {"removed_layers"},
            f"`removed_layers` = {run.removed_layers} leaves none of the {number} weight layers of "
            f"{run.model!r}",
        )
        return
    if isinstance(run.initializer, Pretrained):
        if len(run.initializer.chosen) > number:
            yield (
                sizes | {"initializer"},
                f"`layers` of `initializer` asks for {len(run.initializer.chosen)} layers, "
                f"{run.model!r} has {number}",
            )
        elif run.has_head_law and not new_layers(run):
            yield (
                sizes | {"initializer", "head_initializer", "removed_layers"},
                "`head_initializer` needs a new head, and every layer is pretrained: give "
                "`removed_layers`, or fewer `layers` of `initializer`",
            )


def _laws(run: "RunSpec", *, pretrained: bool) -> Iterator["Misfit"]:
    """Yields laws of which another one takes the place."""
    if run.readout_initializer == "same":
        return
    if pretrained:
        yield (
            frozenset({"initializer", "readout_initializer"}),
            "`readout_initializer` stands beside a pretrained `initializer`: give "
            "`head_initializer` and `removed_layers` = 1 in its place",
        )
    elif run.has_head_law:
        yield (
            frozenset({"readout_initializer", "head_initializer"}),
            "`readout_initializer` and `head_initializer` both draw the last layer: give one",
        )
