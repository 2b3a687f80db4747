"""How much of the machine does training use, with moments measured at every step?"""

from benchmarks.answer import Answer, from_ratio
from benchmarks.effort import Effort
from benchmarks.stepping import Race, race
from benchmarks.timing import ratio

TARGETS = {128: 0.85, 512: 0.85, 32: 0.35}


def measure(effort: Effort) -> list[Answer]:
    """Returns, for each width, the rate of matrix products over that of large ones."""
    return [_answer(width, race(width, effort), target) for width, target in TARGETS.items()]


def _answer(width: int, found: Race, target: float) -> Answer:
    """Returns the share of the large products' rate that training reaches."""
    share = ratio(found.product, found.moments, found.operations / found.product_operations)
    rate = found.operations / found.moments.minimum
    note = (
        f"{rate / 1e9:.0f} GFLOP/s against {found.product_rate / 1e9:.0f} of {found.product_name}"
    )
    question = f"rate of training over rate of a large matrix product, width {width} x depth 10"
    return from_ratio(question, share, target, "at least", note)
