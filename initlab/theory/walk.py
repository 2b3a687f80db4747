"""A walk through layers, forward and then back: what each makes of a signal and of its gradient."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from initlab.architectures.layers import (
    Activation,
    Convolution,
    Dense,
    Dropout,
    Layer,
    Norm,
    Pool,
    Repeat,
    Residual,
    ZeroChannels,
    inner,
)
from initlab.architectures.scalars import Multiplier, Offset
from initlab.theory.activating import through_activation
from initlab.theory.dropping import through_dropout
from initlab.theory.normalizing import through_norm
from initlab.theory.pooling import through_pool
from initlab.theory.scaling import through_multiplier
from initlab.theory.signal import (
    Gaussian,
    Gradient,
    Link,
    Signal,
    noted,
    share,
    signal_of_gaussian,
)
from initlab.theory.weighing import through_convolution, through_dense
from initlab.theory.widening import through_zero_channels

NO_SCATTER = "no scatter of a sum's gradients, whose parts are not independent"
KNOWN = (
    Activation,
    Convolution,
    Dense,
    Dropout,
    Multiplier,
    Norm,
    Offset,
    Pool,
    Repeat,
    Residual,
    ZeroChannels,
)
OF_OTHERS = "no scatter of a sum of values that are not Gaussian"


@dataclass(frozen=True)
class Step:
    """A layer that was walked through.

    Attributes:
        name: its kind and number, after the names of the sums that it is inside of.
        signal: its output.
        link: makes of the gradient at its output the one at its input; not of a sum.
        branch: the steps of the branch, of a sum.
        shortcut: the steps of the shortcut, of a sum.
        scale: the factor of the branch, of a sum.
    """

    name: str
    signal: Signal
    link: Link | None = None
    branch: tuple["Step", ...] = ()
    shortcut: tuple["Step", ...] = ()
    scale: float = 1.0

    @property
    def all(self) -> tuple["Step", ...]:
        """The steps inside it and itself, in the order of the forward pass."""
        inner = (*self.branch, *self.shortcut)
        return (*(each for step in inner for each in step.all), self)


def has_theory(layers: Iterable[Layer]) -> bool:
    """Tells whether there is something to say of each layer."""
    return all(
        isinstance(layer, KNOWN)
        and not (isinstance(layer, Pool) and layer.kind == "norm")
        and has_theory(inner(layer))
        for layer in layers
    )


def forward(layers: Iterable[Layer], signal: Signal, prefix: str = "") -> tuple[Step, ...]:
    """Returns the steps through layers, in their order.

    Raises:
        ValueError: if a layer does not fit what it is given; the message begins with its name.
    """
    steps: list[Step] = []
    counts: dict[str, int] = {}
    for layer in _unrolled(layers):
        kind = type(layer).__name__.lower()
        counts[kind] = counts.get(kind, 0) + 1
        name = f"{prefix}{kind}_{counts[kind]}"
        if isinstance(layer, Residual):
            steps.append(_through_sum(layer, signal, name))
        else:
            try:
                steps.append(Step(name, *_through(layer, signal)))
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
        signal = steps[-1].signal
    return tuple(steps)


def _unrolled(layers: Iterable[Layer]) -> Iterator[Layer]:
    """Yields the layers, a repeated block as often as it comes."""
    for layer in layers:
        yield from layer.block * layer.number if isinstance(layer, Repeat) else (layer,)


def backward(steps: tuple[Step, ...], gradient: Gradient) -> tuple[dict[str, Gradient], Gradient]:
    """Returns the gradient at each step's output by its name, and the one at the first's input."""
    found: dict[str, Gradient] = {}
    for step in reversed(steps):
        found[step.name] = gradient
        if step.link is not None:
            gradient = step.link(gradient)
            continue
        into = replace(gradient, second=step.scale**2 * gradient.second)
        inner, of_branch = backward(step.branch, into)
        beside, of_shortcut = backward(step.shortcut, gradient)
        found |= inner | beside
        if not of_branch.second.any():
            gradient = of_shortcut
            continue
        gradient = Gradient(
            of_branch.second + of_shortcut.second,
            of_branch.independent and of_shortcut.independent,
            notes=noted(of_shortcut.notes, *of_branch.notes),
        ).without_scatter(NO_SCATTER)
    return found, gradient


def _through(layer: Layer, signal: Signal) -> tuple[Signal, Link]:
    """Returns the output of a layer other than a sum, and the way back."""
    match layer:
        case Dense():
            return through_dense(layer, signal)
        case Convolution():
            return through_convolution(layer, signal)
        case Activation():
            return through_activation(layer, signal)
        case Pool() if layer.kind != "norm":
            return through_pool(layer, signal)
        case Norm():
            return through_norm(layer, signal)
        case Dropout():
            return through_dropout(layer, signal)
        case Multiplier():
            return through_multiplier(layer.first, signal)
        case ZeroChannels():
            return through_zero_channels(layer, signal)
        case Offset():
            return signal, lambda gradient: gradient
    raise ValueError(f"theory knows {', '.join(one.__name__ for one in KNOWN)}, got {layer!r}.")


def _through_sum(layer: Residual, signal: Signal, name: str) -> Step:
    """Returns the step through a sum, whose branch is independent of its shortcut."""
    branch = forward(layer.branch, signal, f"{name}.")
    shortcut = forward(layer.shortcut, signal, f"{name}.shortcut_")
    one = shortcut[-1].signal if shortcut else signal
    two = branch[-1].signal
    if (one.channels, one.size) != (two.channels, two.size):
        raise ValueError(
            f"{name}: the branch gives {two.channels} channels of {two.size}, the shortcut "
            f"{one.channels} of {one.size}: a sum needs the same of both."
        )
    summed = _sum(one, two, layer.scale, signal.modes.shape[1])
    return Step(name, summed, None, branch, shortcut, layer.scale)


def _sum(one: Signal, two: Signal, scale: float, known: int) -> Signal:
    """Returns the sum; the first `known` fluctuations are those that both come from.

    With a branch of zeros it is the shortcut, as it came.
    """
    if not two.same.any():
        return one
    crossed = np.multiply.outer(one.mean, two.mean)
    crossed = scale * (crossed + crossed.T)
    same, other = (
        a + crossed + scale**2 * b for a, b in ((one.same, two.same), (one.other, two.other))
    )
    notes = noted(one.notes, *two.notes)
    if one.gaussian is None or one.phi or two.gaussian is None or two.phi:
        mean = one.mean + scale * two.mean
        return replace(one, notes=notes, filled=1.0).without_scatter(
            OF_OTHERS, mean=mean, same=same, other=other, gaussian=None, phi=None
        )
    level = float(same.diagonal().mean())
    if np.isnan(one.modes).any() or np.isnan(two.modes).any():
        modes = np.full((one.places, 1), np.nan)
    else:
        ours = share(one.level, level) * one.modes
        theirs = share(scale**2 * two.level, level) * two.modes
        both = ours[:, :known] + theirs[:, :known]
        modes = np.concatenate([both, ours[:, known:], theirs[:, known:]], axis=1)
    return signal_of_gaussian(one, Gaussian(same, other), modes, notes=notes)
