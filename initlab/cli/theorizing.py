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
from initlab.cli.arguments import say
from initlab.errors import SpecError

if TYPE_CHECKING:
    from initlab.theory import Phi

BIAS_VARIANCES = (0.0, 0.01, 0.05, 0.2, 1.0)  # where the critical line is printed

Activation = Annotated[
    str, typer.Argument(help="An activation's name, or package.module:function.")
]


@app.command()
def gain(activation: Activation, json_: arguments.JsonOption = False) -> None:
    """Print the gain that keeps an activation's signal.

    Example: initlab gain tanh
    """
    from initlab import theory

    with _refusing():
        phi = _function(activation)
        exact = theory.gain(phi)
        chi_q = exact**2 * theory.second_moment_growth(phi, 1.0)
        points = [
            point for variance in BIAS_VARIANCES for point in theory.critical_points(phi, variance)
        ]
        found: dict[str, Any] = {
            "activation": activation,
            "gain": exact,
            "weight_variance": exact**2,
            "second_moment": theory.second_moment(phi, 1.0),
            "chi_1": exact**2 * theory.slope_second_moment(phi, 1.0),
            "chi_q": chi_q,
            "stability": _stability(chi_q),
            "critical_points": [point._asdict() for point in points],
            "lines": _lines(exact),
        }
    if json_:
        typer.echo(_json(found))
        return
    say(f"{activation}: gain {exact:.8f}, weight variance {exact**2:.8f}")
    say(f"  E[phi(z)^2]  {found['second_moment']:.10f}")
    say(f"  chi_1        {found['chi_1']:.8f}  {_of_gradients(found['chi_1'])}")
    say(f"  chi_q        {chi_q:.8f}  {_of_signal(found['stability'])}")
    say("  critical line, where gradients keep their size:")
    for point in points:
        say(
            f"    bias variance {point.bias_variance:<5g} weight variance "
            f"{point.weight_variance:<11.8g} q {point.q_star:<11.8g} {point.stability}"
        )
    missing = [v for v in BIAS_VARIANCES if v not in {point.bias_variance for point in points}]
    if missing:
        say(f"    none at bias variance {', '.join(f'{v:g}' for v in missing)}")
    for library, line in found["lines"].items():
        say(f"  {library:8s} {line}")


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
    from initlab import theory

    if width is not None and depth is None:
        raise SpecError("`--width` needs `--depth`: it is for the profile's scatter.")
    with _refusing():
        phi, where = _function(activation), (weight_variance, bias_variance)
        found: dict[str, Any] = {
            "activation": activation,
            "weight_variance": weight_variance,
            "bias_variance": bias_variance,
            "fixed_points": [point._asdict() for point in theory.fixed_points(phi, *where)],
        }
        for name in ("q_star", "c_star", "chi_1", "chi_q", "xi_q", "xi_c", "xi_gradient"):
            found[name] = getattr(theory, name)(phi, *where)
        if depth is not None:
            layers = theory.predict_dense(
                phi,
                depth=depth,
                weight_variance=weight_variance,
                bias_variance=bias_variance,
                width=width,
            )
            found["profile"] = [layer._asdict() for layer in layers]
    if json_:
        typer.echo(_json(found))
        return
    say(f"{activation}, weight variance {weight_variance:g}, bias variance {bias_variance:g}")
    others = ", ".join(f"{one['q']:.6g} {one['stability']}" for one in found["fixed_points"])
    say(f"  q*     {found['q_star']:<12.8g} fixed points of q: {others or 'none'}")
    say(f"  c*     {found['c_star']:<12.8g} of two inputs' correlation")
    say(f"  chi_1  {found['chi_1']:<12.8g} {_of_gradients(found['chi_1'])}")
    say(f"  xi_c   {found['xi_c']:<12.8g} layers until c has settled by a factor e{_reach(found)}")
    say(f"  xi_q   {found['xi_q']:<12.8g} layers until q has settled by a factor e")
    say(f"  xi_g   {found['xi_gradient']:<12.8g} layers until gradients have changed by a factor e")
    for row in found.get("profile", ()):
        scatter = row["relative_scatter"]
        told = "" if scatter is None else f"  +-{100 * scatter:.3g} %"
        say(
            f"  layer {row['layer']:<4d} q {row['preactivation_second_moment']:<12.6g} "
            f"c {row['batch_correlation']:<10.6g} "
            f"gradient {row['preactivation_gradient_second_moment']:<12.6g}{told}"
        )


def _function(activation: str) -> "Phi":
    """Returns the function that `package.module:function` names, or the name itself."""
    module, colon, name = activation.partition(":")
    if not colon:
        return activation
    sys.path.insert(0, str(Path.cwd()))
    try:
        return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]
    except (ImportError, AttributeError, ValueError) as error:
        raise SpecError(
            f"{activation}: {error}. Give an activation's name, or package.module:function of a "
            "module that can be imported from here."
        ) from error
    finally:
        sys.path.pop(0)


@contextmanager
def _refusing() -> Iterator[None]:
    """Makes bad usage of what the theory refuses."""
    try:
        yield
    except ValueError as error:
        raise SpecError(str(error)) from error


def _stability(chi_q: float) -> str:
    """Returns whether q comes back to 1 at the exact gain."""
    if abs(chi_q - 1) <= 1e-12:
        return "marginal"
    return "stable" if chi_q < 1 else "unstable"


def _of_signal(stability: str) -> str:
    return {
        "stable": "stable: a second moment near 1 comes back to it",
        "marginal": "marginal: a second moment stays what it is",
        "unstable": "UNSTABLE: a second moment drifts away from 1",
    }[stability]


def _of_gradients(chi_1: float) -> str:
    if abs(chi_1 - 1) <= 1e-12:
        return "gradients keep their size"
    return f"gradients {'explode' if chi_1 > 1 else 'vanish'}, mean square x {chi_1:.4g} a layer"


def _reach(found: dict[str, Any]) -> str:
    """Returns how deep networks train, where correlations settle: elsewhere they set no depth."""
    return "; training reaches about six times as far" if math.isfinite(found["xi_c"]) else ""


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
    """Returns JSON, in which an infinite number is null."""

    def finite(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: finite(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [finite(inner) for inner in value]
        return None if isinstance(value, float) and not math.isfinite(value) else value

    return json.dumps(finite(found), indent=2, allow_nan=False)
