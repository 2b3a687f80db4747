"""What the commands gain and predict say of the theory's numbers."""

import math
from collections.abc import Sequence
from typing import Any

from initlab.cli.arguments import say

SIGNAL = {
    "stable": "stable: a second moment near 1 comes back to it",
    "marginal": "marginal: a second moment stays what it is",
    "unstable": "UNSTABLE: a second moment drifts away from 1",
}


def say_gain(found: dict[str, Any]) -> None:
    """Prints what `gain` has found, the critical line and lines to paste among it."""
    exact, points = found["gain"], found["critical_points"]
    say(f"{found['activation']}: gain {exact:.8f}, weight variance {exact**2:.8f}")
    say(f"  E[phi(z)^2]  {found['second_moment']:.10f}")
    say(f"  chi_1        {found['chi_1']:.8f}  {_of_gradients(found['chi_1'])}")
    say(f"  chi_q        {found['chi_q']:.8f}  {SIGNAL[found['stability']]}")
    say("  critical line, where gradients keep their size:")
    for point in points:
        say(
            f"    bias variance {point['bias_variance']:<5g} weight variance "
            f"{point['weight_variance']:<11.8g} q {point['q_star']:<11.8g} {point['stability']}"
        )
    there = {f"{point['bias_variance']:g}" for point in points}
    missing = [variance for variance in found["critical_weight_variance"] if variance not in there]
    if missing:
        say(f"    none at bias variance {', '.join(missing)}")
    for library, line in found["lines"].items():
        say(f"  {library:8s} {line}")


def say_prediction(found: dict[str, Any]) -> None:
    """Prints what `predict` has found, a line for each layer of a profile among it."""
    where = f"weight variance {found['weight_variance']:g}, bias variance"
    say(f"{found['activation']}, {where} {found['bias_variance']:g}")
    others = ", ".join(f"{one['q']:.6g} {one['stability']}" for one in found["fixed_points"])
    say(f"  q*     {found['q_star']:<12.8g} fixed points of q: {others or 'none'}")
    say(f"  c*     {found['c_star']:<12.8g} of two inputs' correlation")
    say(f"  chi_1  {found['chi_1']:<12.8g} {_of_gradients(found['chi_1'])}")
    say(f"  xi_c   {found['xi_c']:<12.8g} layers until c has settled by a factor e{_reach(found)}")
    say(f"  xi_q   {found['xi_q']:<12.8g} layers until q has settled by a factor e")
    say(f"  xi_g   {found['xi_gradient']:<12.8g} layers until gradients have changed by a factor e")
    profile = found.get("profile", ())
    if profile:
        say("  layer by layer, of inputs of mean square 1, two of them uncorrelated:")
        _say_start(found)
    if profile and profile[0]["preactivation_second_moment_scatter"] is not None:
        say("  +- is the deviation of the logarithm of one network's")
    for row in profile:
        say(
            f"  layer {row['layer']:<4d} q {_with_scatter(row, 'preactivation_second_moment')} "
            f"c {row['batch_correlation']:<10.6g} "
            f"gradient {_with_scatter(row, 'preactivation_gradient_second_moment')}".rstrip()
        )
    _say_missing(profile)


def _say_start(found: dict[str, Any]) -> None:
    """Says it where a profile begins beyond an unstable fixed point, and does not come to q*."""
    first = found["profile"][0]["preactivation_second_moment"]
    unstable = [one["q"] for one in found["fixed_points"] if one["stability"] == "unstable"]
    passed = [q for q in unstable if found["q_star"] < q < first]
    if passed:
        say(f"  it begins above the unstable q of {max(passed):.6g}, and does not come to q*")


def _say_missing(profile: Sequence[dict[str, Any]]) -> None:
    """Says why layers of a profile have no numbers, where some have none."""
    from initlab.theory.activating import LARGEST, SMALLEST

    named = (
        "preactivation_second_moment",
        "batch_correlation",
        "preactivation_gradient_second_moment",
    )
    if any(math.isnan(row[name]) for row in profile for name in named):
        say(
            f"  nan: a layer's q is not between {SMALLEST:g} and {LARGEST:g}, and nothing is known "
            "after it, nor of gradients before it"
        )


def _with_scatter(row: dict[str, Any], name: str) -> str:
    """Returns a number of a layer, and how far one network is from it."""
    scatter = row[f"{name}_scatter"]
    told = "" if scatter is None else f"+-{scatter:<8.3g}"
    return f"{row[name]:<12.6g}{told}"


def _of_gradients(chi_1: float) -> str:
    """Returns what gradients do, in words."""
    if abs(chi_1 - 1) <= 1e-12:
        return "gradients keep their size"
    return f"gradients {'explode' if chi_1 > 1 else 'vanish'}, mean square x {chi_1:.4g} a layer"


def _reach(found: dict[str, Any]) -> str:
    """Returns how deep networks train, where correlations settle: elsewhere they set no depth."""
    return "; training reaches about six times as far" if math.isfinite(found["xi_c"]) else ""
