"""Is a number of filters that is a power of two faster than its neighbours?"""

from benchmarks.answer import Answer, from_ratio
from benchmarks.arms import MOMENTS, run_of, training
from benchmarks.effort import Effort
from benchmarks.timing import by_turns, ratio
from benchmarks.tracing import no_traces
from initlab.spec.cost import flops
from initlab.spec.schema import RunSpec

POWERS = (32, 64)


def measure(effort: Effort) -> list[Answer]:
    """Returns the time that an operation takes with one filter less or more, over a power of two's.

    The networks have two convolutions of 3 by 3 on images of 14 by 14. A step with one filter more
    computes more; what is compared is seconds over the operations of the matrix products.
    """
    widths = [power + apart for power in POWERS for apart in (-1, 0, 1)]
    runs = {str(width): network(width, effort) for width in widths}
    timings = by_turns(
        {name: training(run) for name, run in runs.items()}, effort.rounds, no_traces
    )
    work = {name: flops(run) for name, run in runs.items()}
    return [
        from_ratio(
            f"an operation with {other} filters over one with {power}",
            ratio(timings[other], timings[str(power)], work[str(power)] / work[other]),
            note=f"a step takes {timings[other].minimum / timings[str(power)].minimum:.2f} times",
        )
        for power in POWERS
        for other in (str(power - 1), str(power + 1))
    ]


def network(width: int, effort: Effort) -> RunSpec:
    """Returns a convnet of so many filters."""
    return run_of(
        model="convnet",
        depth=3,
        width=width,
        dataset="fashion",
        image_size=14,
        batch_size=32,
        steps=effort.size(32, 3),
        measure=MOMENTS,
    )
