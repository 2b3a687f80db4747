"""The race that two questions share: measured steps, plain steps and large products, by turns."""

import functools
from dataclasses import dataclass

from benchmarks.arms import MOMENTS, compiled, run_of, training
from benchmarks.effort import Effort
from benchmarks.peak import best_product, products
from benchmarks.timing import Timing, by_turns
from benchmarks.tracing import no_traces
from initlab.spec.plan import flops

PRODUCT_SIZE = 3072
STEPS = {128: 127, 512: 47, 32: 255}


@dataclass(frozen=True)
class Race:
    """What came of a race at one width.

    Attributes:
        moments: a batch of runs with moments at every step.
        bare: the same runs with nothing measured.
        product: large products, the better of two ways.
        product_name: which way that was.
        operations: of the matrix products of a batch of runs.
        product_operations: of the large products.
        memory: bytes of temporary memory of the programs, with moments and without.
    """

    moments: Timing
    bare: Timing
    product: Timing
    product_name: str
    operations: int
    product_operations: int
    memory: tuple[int, int]

    @property
    def product_rate(self) -> float:
        """The rate of the large products, operations a second."""
        return self.product_operations / self.product.minimum


@functools.cache
def race(width: int, effort: Effort) -> Race:
    """Returns the race at one width, run once a process.

    The seconds are those of whole calls of a `Program`: parameters go to the devices and come
    back, and batches are drawn.
    """
    run = run_of(width=width, steps=effort.size(STEPS[width], 3), measure=MOMENTS)
    size = effort.size(PRODUCT_SIZE, 256)
    arms = {"moments": training(run), "bare": training(run, watched=False)} | products(size)
    timings = by_turns(arms, max(1, effort.rounds - 2 * (width > 256)), no_traces)
    name, product, product_operations = best_product(timings, size)
    return Race(
        timings["moments"],
        timings["bare"],
        product,
        name,
        compiled(run).slots * flops(run),
        product_operations,
        (compiled(run).memory(), compiled(run, watched=False).memory()),
    )
