"""How many inputs and outputs a kernel connects, however it is stored and applied."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

type Fan = int | float


class Axes(NamedTuple):
    """The axes of a stored kernel by what they are, counted from the front."""

    stack: tuple[int, ...]
    window: tuple[int, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


@dataclass(frozen=True)
class Layout:
    """Which axes of a stored kernel are what, and how its layer applies it.

    The default is a dense or convolution layer of Flax, Keras or Haiku. Axes that are named in
    none of the three groups are those of the window. Other layers, by the axes they store:

    | layer | stored kernel | layout |
    |---|---|---|
    | grouped convolution | `(*window, in / g, out)` | `Layout(groups=g)` |
    | depthwise, Flax | `(*window, 1, channels * multiplier)` | `Layout(groups=channels)` |
    | depthwise, Keras | `(*window, channels, multiplier)` | `Layout((), stack_axes=(-2,))` |
    | transposed, Flax | `(*window, in, out)` | `Layout(strides=(2, 2), transposed=True)` |
    | transposed, Keras | `(*window, out, in)` | as above, `in_axes=(-1,), out_axes=(-2,)` |
    | attention, inwards | `(in, heads, size)` | `Layout(in_axes=(0,), out_axes=(1, 2))` |
    | attention, outwards | `(heads, size, out)` | `Layout(in_axes=(0, 1), out_axes=(2,))` |
    | layers stacked for a scan | `(layers, in, out)` | `Layout(stack_axes=(0,))` |

    Attributes:
        in_axes: axes of the inputs that one output reads.
        out_axes: axes of the outputs, those of all groups.
        stack_axes: axes along which whole kernels lie side by side and share no unit.
        groups: number of groups that the outputs fall into, each reading its own inputs.
        strides: steps of the window; none means one along each axis.
        transposed: whether the strides spread the inputs, not the outputs.

    Raises:
        ValueError: if `groups` or a stride is not positive.
    """

    in_axes: tuple[int, ...] = (-2,)
    out_axes: tuple[int, ...] = (-1,)
    stack_axes: tuple[int, ...] = ()
    groups: int = 1
    strides: tuple[int, ...] = ()
    transposed: bool = False

    def __post_init__(self) -> None:
        if self.groups < 1:
            raise ValueError(f"`groups` must be positive, got {self.groups}.")
        if not all(stride > 0 for stride in self.strides):
            raise ValueError(f"`strides` must be positive, got {self.strides}.")

    def axes(self, shape: Sequence[int]) -> Axes:
        """Returns what each axis of a kernel of this shape is.

        Raises:
            ValueError: if an axis is named that the shape lacks, or is named twice, or the groups
                do not divide the outputs.
        """
        rank = len(shape)
        named = (*self.stack_axes, *self.in_axes, *self.out_axes)
        if not all(-rank <= axis < rank for axis in named):
            raise ValueError(f"`shape` must have the axes {named} of its layout, got {shape}.")
        if len({axis % rank for axis in named}) < len(named):
            raise ValueError(f"the axes {named} of a layout must differ, for a shape {shape}.")
        stack, inputs, outputs = (
            tuple(axis % rank for axis in group)
            for group in (self.stack_axes, self.in_axes, self.out_axes)
        )
        if math.prod(shape[axis] for axis in outputs) % self.groups:
            raise ValueError(f"`groups` = {self.groups} must divide the outputs of {shape}.")
        taken = {*stack, *inputs, *outputs}
        window = tuple(axis for axis in range(rank) if axis not in taken)
        return Axes(stack, window, inputs, outputs)


class KernelShape(tuple[int, ...]):
    """A shape that knows its layout: a law that is given one draws for the fans of that layer."""

    layout: Layout

    def __new__(cls, sizes: Sequence[int], layout: Layout) -> "KernelShape":
        """Returns the sizes as a tuple that carries the layout."""
        shape = super().__new__(cls, sizes)
        shape.layout = layout
        return shape


def fans(shape: tuple[int, ...], layout: Layout | None = None) -> tuple[Fan, Fan]:
    r"""Returns the fan-in and the fan-out of a kernel.

    .. math:: \text{fan\_in} = |\text{window}| \cdot \text{in}, \qquad
              \text{fan\_out} = |\text{window}| \cdot \text{out} / \text{groups}

    where `in` is what one output reads, as grouped convolutions store it, and `out` counts the
    outputs of all groups. A strided convolution hands each input to one window in
    :math:`s = \prod_a \text{stride}_a`, so that its fan-out is divided by :math:`s`; a transposed
    one builds each output from one window position in :math:`s`, so that its fan-in is. Both are
    means over positions away from the border. JAX, Flax and Keras divide by neither the groups nor
    the strides; for them leave these out of the layout.

    Args:
        shape: shape of the kernel, each size positive: `(in, out)` for a dense layer,
            `(height, width, in, out)` for a convolution, two axes or more unless a layout says
            which axes there are.
        layout: which axis is what; none means the one that `shape` carries, if it is a
            `KernelShape`, or else `(*window, in, out)`.

    Returns:
        `(fan_in, fan_out)`, both positive; whole numbers unless strides divide them.

    Raises:
        ValueError: if `shape` has fewer than two axes and no layout, as a bias has, or an empty
            one, or does not fit the layout.

    Example:
        >>> fans((256, 128))
        (256, 128)
        >>> fans((3, 3, 32, 64))
        (288, 576)
        >>> fans((3, 3, 8, 64), Layout(groups=4))
        (72, 144)
    """
    carried = shape.layout if isinstance(shape, KernelShape) else None
    if len(shape) < 2 and layout is None and carried is None:
        raise ValueError(
            f"`shape` must be `(*window, in, out)` for a law that depends on the fans, got {shape}."
        )
    if not all(size > 0 for size in shape):
        raise ValueError(f"`shape` must have positive sizes, got {shape}.")
    layout = layout or carried or Layout()
    axes = layout.axes(shape)
    taps, num_inputs, num_outputs = (math.prod(shape[axis] for axis in group) for group in axes[1:])
    fan_in, fan_out = taps * num_inputs, taps * num_outputs // layout.groups
    step = math.prod(layout.strides)
    if layout.transposed:
        return _quotient(fan_in, step), fan_out
    return fan_in, _quotient(fan_out, step)


def _quotient(fan: int, step: int) -> Fan:
    """Returns a fan over the product of the strides, whole where it is."""
    return fan / step if fan % step else fan // step
