"""What a net saves by halving the image before its first stage, counted on papers' plans."""

from collections.abc import Sequence
from dataclasses import replace

from initlab.analysis.paper_plans import plan_of
from initlab.analysis.size_facts import Fact
from initlab.architectures.layers import Convolution, Layer, Pool
from initlab.architectures.walk import walk
from initlab.spec.architecture import layers_of, recipe_of
from initlab.spec.model_sizes import OF_NO_SIZE, activation_bytes

DEPTHS = (18, 34, 50)
TIMES = 16  # of the places that two halvings of both sides leave of a map


def halving_facts() -> tuple[Fact, ...]:
    """Returns how many times the bytes of all outputs a net would take without its early halvings.

    Of residual nets of ImageNet's form, whose first convolution and the pooling after it take steps
    of two. Stated is what the maps after these two would take.
    """
    return tuple(_of_net(depth) for depth in DEPTHS)


def _of_net(depth: int) -> Fact:
    plan = plan_of(f"resnet{depth}")
    layers, shape = layers_of(plan), recipe_of(plan).image_shape
    own, whole = (
        sum(activation_bytes(row) for row in walk(each, shape) if row.kind not in OF_NO_SIZE)
        for each in (layers, without_early_halving(layers))
    )
    return Fact(
        f"memory-{depth}",
        f"ResNet {depth} without early halvings: times the bytes",
        f"Halving the image twice before the first stage of ResNet {depth} saves memory.",
        TIMES,
        whole / own,
    )


def without_early_halving(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Returns the layers with a first convolution of step one, and without the first pooling."""
    first, *others = layers
    if not isinstance(first, Convolution):
        raise ValueError(f"the first layer must be a convolution, got {first!r}.")
    pool = next(index for index, layer in enumerate(others) if isinstance(layer, Pool))
    one = (1,) * len(first.window)
    return (replace(first, strides=one), *others[:pool], *others[pool + 1 :])
