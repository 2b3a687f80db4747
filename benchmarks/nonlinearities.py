"""Does the nonlinearity decide what a step costs?"""

from benchmarks.answer import Answer, from_ratio
from benchmarks.arms import MOMENTS, compiled, run_of, training
from benchmarks.effort import Effort
from benchmarks.timing import Timing, by_turns, ratio
from benchmarks.tracing import no_traces
from initlab.spec.schema import RunSpec

NAMES = ("relu", "elu", "gelu", "tanh", "softsign", "sigmoid")


def measure(effort: Effort) -> list[Answer]:
    """Returns relu's milliseconds a step, and the step of every other nonlinearity over relu's.

    The networks are those of the experiment `activation_speed`, with moments at every step; whole
    calls are timed, the drawing of batches among them.
    """
    runs = {name: network(name, effort) for name in NAMES}
    timings = by_turns(
        {name: training(run) for name, run in runs.items()}, effort.rounds, no_traces
    )
    relu = timings["relu"]
    steps = compiled(runs["relu"]).slots * runs["relu"].steps
    return [
        milliseconds(relu, steps),
        *(
            from_ratio(f"step with {name} over step with relu", ratio(timings[name], relu))
            for name in NAMES[1:]
        ),
    ]


def network(name: str, effort: Effort) -> RunSpec:
    """Returns the convnet of `activation_speed` with a nonlinearity."""
    return run_of(
        model="convnet",
        depth=4,
        width=8,
        dataset="fashion",
        image_size=14,
        batch_size=32,
        activation=name,
        steps=effort.size(32, 3),
        measure=MOMENTS,
    )


def milliseconds(relu: Timing, steps: int) -> Answer:
    """Returns relu's step, in milliseconds of all devices together."""
    question = "step with relu, convnet of 8 channels x depth 4 on 14x14, batches of 32"
    return Answer(
        question,
        1000 * relu.minimum / steps,
        unit="ms",
        median=1000 * relu.median / steps,
        low=1000 * relu.minimum / steps,
        high=1000 * max(relu.seconds) / steps,
        note="all devices together",
    )
