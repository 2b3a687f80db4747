"""Commands that ask the theory: gain, predict."""

import importlib
import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from initlab.cli import arguments
from initlab.cli.app import app
from initlab.cli.theory_text import say_gain, say_prediction
from initlab.errors import SpecError

if TYPE_CHECKING:
    from initlab.theory import CriticalPoint, Phi

BIAS_VARIANCES = (0.0, 0.01, 0.05, 0.2, 1.0)  # where the critical line is printed
AT_FIXED_POINTS = ("q_star", "c_star", "chi_1", "chi_q", "xi_q", "xi_c", "xi_gradient")

Activation = Annotated[
    str, typer.Argument(help="An activation's name, or package.module:function.")
]


@app.command()
def gain(activation: Activation, json_: arguments.JsonOption = False) -> None:
    """Print the gain that keeps an activation's signal.

    Example: initlab gain tanh
    """
    with _refusing():
        found = {"activation": activation, **_gain(_function(activation))}
    if json_:
        typer.echo(_json(found))
    else:
        say_gain(found)


@app.command()
def predict(
    activation: Annotated[
        str, typer.Option("--activation", help="An activation's name, or package.module:function.")
    ],
    weight_variance: Annotated[
        float, typer.Option("--weight-variance", help="Variance of the weights times the fan-in.")
    ],
    bias_variance: Annotated[
        float, typer.Option("--bias-variance", help="Variance of the biases.")
    ] = 0.0,
    depth: Annotated[
        int | None, typer.Option("--depth", min=1, help="Weight layers, for a profile.")
    ] = None,
    width: Annotated[
        int | None, typer.Option("--width", min=1, help="Units a layer, for one network's scatter.")
    ] = None,
    json_: arguments.JsonOption = False,
) -> None:
    """Print where signal and gradient of a network go with depth.

    Example: initlab predict --activation tanh --weight-variance 1.5 --bias-variance 0.05
    """
    if width is not None and depth is None:
        raise SpecError("`--width` needs `--depth`: it is for the profile's scatter.")
    found: dict[str, Any] = {
        "activation": activation,
        "weight_variance": weight_variance,
        "bias_variance": bias_variance,
    }
    with _refusing():
        phi = _function(activation)
        found |= _at_fixed_points(phi, weight_variance, bias_variance)
        if depth is not None:
            found["profile"] = _profile(phi, weight_variance, bias_variance, depth, width)
    if json_:
        typer.echo(_json(found))
    else:
        say_prediction(found)


def _gain(phi: "Phi") -> dict[str, Any]:
    """Returns what `gain` tells of a function."""
    from initlab import theory

    exact = theory.gain(phi)
    chi_q = exact**2 * theory.second_moment_growth(phi, 1.0)
    line = {variance: theory.critical_points(phi, variance) for variance in BIAS_VARIANCES}
    return {
        "gain": exact,
        "weight_variance": exact**2,
        "second_moment": theory.second_moment(phi, 1.0),
        "chi_1": exact**2 * theory.slope_second_moment(phi, 1.0),
        "chi_q": chi_q,
        "stability": _stability(chi_q),
        "critical_weight_variance": {f"{at:g}": _stable(points) for at, points in line.items()},
        "critical_points": [point._asdict() for points in line.values() for point in points],
        "lines": _lines(exact),
    }


def _stable(points: "list[CriticalPoint]") -> float | None:
    """Returns the weight variance of the stable critical point, None where there is none."""
    from initlab.theory.critical import stable_point

    point = stable_point(points)
    return None if point is None else point.weight_variance


def _at_fixed_points(phi: "Phi", weight_variance: float, bias_variance: float) -> dict[str, Any]:
    """Returns what `predict` tells of the fixed points."""
    from initlab import theory

    points = theory.fixed_points(phi, weight_variance, bias_variance)
    return {"fixed_points": [point._asdict() for point in points]} | {
        name: getattr(theory, name)(phi, weight_variance, bias_variance) for name in AT_FIXED_POINTS
    }


def _profile(
    phi: "Phi", weight_variance: float, bias_variance: float, depth: int, width: int | None
) -> list[dict[str, Any]]:
    """Returns what `predict` tells of each layer."""
    from initlab import theory

    layers = theory.predict_dense(
        phi,
        depth=depth,
        weight_variance=weight_variance,
        bias_variance=bias_variance,
        width=width,
    )
    return [layer._asdict() for layer in layers]


def _function(activation: str) -> "Phi":
    """Returns the function that `package.module:function` names, or the name itself.

    Raises:
        SpecError: if there is none, or its module, which is executed, raises anything.
    """
    module, colon, name = activation.partition(":")
    if not colon:
        return activation
    sys.path.insert(0, str(Path.cwd()))
    try:
        return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]
    except Exception as error:
        usual = isinstance(error, ImportError | AttributeError | ValueError)
        kind = "" if usual else f"{type(error).__name__}: "
        raise SpecError(
            f"{activation}: {kind}{error}. Give an activation's name, or package.module:function "
            "of a module that can be imported from here."
        ) from error
    finally:
        sys.path.pop(0)


@contextmanager
def _refusing() -> Iterator[None]:
    """Makes bad usage of what the theory refuses."""
    try:
        yield
    except (ValueError, ArithmeticError) as error:
        raise SpecError(str(error)) from error


def _stability(chi_q: float) -> str:
    """Returns whether q comes back to 1 at the exact gain."""
    if abs(chi_q - 1) <= 1e-12:
        return "marginal"
    return "stable" if chi_q < 1 else "unstable"


def _lines(exact: float) -> dict[str, str]:
    """Returns what to paste, by library: Gaussian weights of variance gain^2 / fan_in."""
    scaled = f"{exact:.9g} * layer.weight[0].numel() ** -0.5"
    return {
        "flax": f'nnx.initializers.variance_scaling({exact**2:.9g}, "fan_in", "normal")',
        "pytorch": f"nn.init.normal_(layer.weight, std={scaled})",
        "keras": (
            f'keras.initializers.VarianceScaling({exact**2:.9g}, "fan_in", "untruncated_normal")'
        ),
    }


def _json(found: Any) -> str:
    """Returns JSON, in which infinity is the text "inf", and what has no number is null."""

    def written(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: written(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [written(inner) for inner in value]
        if isinstance(value, float) and math.isinf(value):
            return str(value)
        return None if isinstance(value, float) and math.isnan(value) else value

    return json.dumps(written(found), indent=2, allow_nan=False)
