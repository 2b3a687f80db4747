"""The layers that kernels are drawn for, with the fans that each truly has."""

from dataclasses import dataclass

WINDOW, INPUTS, OUTPUTS = 3, 128, 256  # two sizes that differ, for a swap of fans to show
GROUPS, MULTIPLIER, STRIDE = 4, 16, 2
AREA = WINDOW**2


@dataclass(frozen=True)
class Layer:
    """A layer, counted on the layer itself and not on how its kernel is stored.

    Attributes:
        name: as tables write it.
        area: positions of the window.
        inputs: channels that one output reads.
        outputs: channels that one input enters.
        spread: how many outputs lie between the inputs: a transposed convolution of stride s
            builds each output from one in s * s positions of its window, in the mean.
    """

    name: str
    area: int
    inputs: int
    outputs: int
    spread: int = 1

    @property
    def fan_in(self) -> float:
        """Inputs that one output reads, in the mean over outputs that no border touches."""
        return self.area * self.inputs / self.spread

    @property
    def fan_out(self) -> float:
        """Outputs that one input enters."""
        return self.area * self.outputs


DENSE = Layer("dense", 1, INPUTS, OUTPUTS)
CONVOLUTION = Layer("convolution", AREA, INPUTS, OUTPUTS)
GROUPED = Layer("grouped", AREA, INPUTS // GROUPS, OUTPUTS // GROUPS)
DEPTHWISE = Layer("depthwise", AREA, 1, MULTIPLIER)
TRANSPOSED = Layer("transposed", AREA, INPUTS, OUTPUTS, STRIDE**2)
SWAPPED = Layer("transposed (out, in)", AREA, INPUTS, OUTPUTS, STRIDE**2)  # Flax offers both
