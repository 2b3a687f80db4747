"""What people say of sizes, beside what the code says that builds the models."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from initlab.analysis.paper_plans import flattened_head, paper_rows
from initlab.analysis.verdicts import weight_variance
from initlab.architectures.layers import Convolution
from initlab.architectures.rows import Row
from initlab.architectures.walk import walk

STATED, FOUND = "stated", "found"


@dataclass(frozen=True)
class Fact:
    """A number that is told of a size.

    Attributes:
        name: words that make a claim's id; what comes before the first hyphen is its kind.
        label: the same for a figure, with what is counted.
        statement: one sentence that can be true or false.
        stated: the number told.
        found: what the code says.
        exact: how far the two may part, for a number that is told rounded.
        shape: what the code says, whole, where that is a shape.
        mistaken: whether it is known for a mistake.
    """

    name: str
    label: str
    statement: str
    stated: float
    found: float
    exact: float = 0.0
    shape: str = ""
    mistaken: bool = False

    @property
    def holds(self) -> bool:
        """Whether the number is what the code says."""
        return abs(self.found - self.stated) <= self.exact


def size_facts() -> tuple[Fact, ...]:
    """Returns all facts, those known for mistakes last."""
    return (*_of_windows(), *_that_keep_the_size(), *_of_plans(), *_of_scales(), *_mistaken())


def facts_table(facts: Iterable[Fact]) -> pd.DataFrame:
    """Returns two rows a fact: `label`, `statistic` (stated or found), `value`, `mistaken`."""
    rows = [
        {"label": fact.label, "statistic": statistic, "value": value, "mistaken": fact.mistaken}
        for fact in facts
        for statistic, value in ((STATED, fact.stated), (FOUND, fact.found))
    ]
    return pd.DataFrame(rows)


def _one(size: int, taps: int, *, stride: int = 1, padding: int = 0, channels: int = 1) -> Row:
    """Returns the row of one filter on square images."""
    layer = Convolution(1, window=(taps, taps), strides=(stride, stride), padding=padding)
    return walk([layer], (size, size, channels))[0]


def _shape(row: Row) -> str:
    return "x".join(map(str, row.here.shape))


def _of_windows() -> Iterator[Fact]:
    """Yields what a window makes of an image."""
    row = _one(32, 5, channels=3)
    yield Fact(
        "window-products",
        "5x5 filter on 3 channels: products a place",
        "A 5x5 filter on three channels takes 75 products at each place.",
        75,
        row.products / row.positions,
    )
    filters = [Convolution(number, window=(5, 5), padding="VALID") for number in (6, 10)]
    first, second = walk(filters, (32, 32, 3))
    yield Fact(
        "window-six",
        "32x32x3, six 5x5 filters: 28x28x6 numbers",
        "Six 5x5 filters make 28x28x6 numbers of an image of 32x32x3.",
        28 * 28 * 6,
        first.values,
        shape=_shape(first),
    )
    yield Fact(
        "window-ten",
        "then ten 5x5x6 filters: 24x24x10 numbers",
        "Ten 5x5x6 filters make 24x24x10 numbers of these.",
        24 * 24 * 10,
        second.values,
        shape=_shape(second),
    )
    for stride, places in ((1, 5.0), (2, 3.0)):
        row = _one(7, 3, stride=stride)
        yield Fact(
            f"window-stride-{stride}",
            f"7x7, 3x3 filter, stride {stride}: places along an axis",
            f"A 3x3 filter has {places:g} places along an axis of 7 at stride {stride}.",
            places,
            row.exact[0],
            shape=_shape(row),
        )
    row = _one(7, 3, stride=3)
    yield Fact(
        "window-stride-3",
        "7x7, 3x3 filter, stride 3: (W - K + 2P) / S + 1",
        "At stride 3 a 3x3 filter does not fit 7x7: (7 - 3) / 3 + 1 is 7/3, no whole number.",
        7 / 3,
        row.exact[0],
        exact=1e-12,
        shape=f"{_shape(row)}, {row.dropped[0]} left out",
    )


def _that_keep_the_size() -> Iterator[Fact]:
    """Yields that a padding of (K - 1) / 2 keeps the size."""
    for taps in (1, 3, 5, 7, 11):
        padding = (taps - 1) // 2
        row = _one(32, taps, padding=padding)
        yield Fact(
            f"same-{taps}",
            f"32x32, {taps}x{taps} filter, padding {padding}: places along an axis",
            f"A padding of (K - 1) / 2 = {padding} keeps the size under a {taps}x{taps} filter.",
            32,
            row.exact[0],
            shape=_shape(row),
        )


def _of_plans() -> Iterator[Fact]:
    """Yields what is told of papers' plans."""
    first = next(row for row in paper_rows("alexnet") if row.kind == "conv")
    yield Fact(
        "plan-alexnet",
        "AlexNet, 11x11 filters, stride 4: places along an axis",
        "AlexNet's first convolution has 55 places along an axis.",
        55,
        first.exact[0],
        shape=_shape(first),
    )
    own, flat = flattened_head("googlenet")
    for name, words, stated, found in (
        ("averaged", "after the average", 1.0e6, own),
        ("flattened", "of all places", 50.2e6, flat),
    ):
        yield Fact(
            f"plan-googlenet-{name}",
            f"GoogLeNet, weights of a readout {words}",
            f"A readout {words} has {stated / 1e6:.1f} million weights in GoogLeNet.",
            stated,
            found,
            exact=0.05e6,
        )


def _of_scales() -> Iterator[Fact]:
    """Yields the weight variance of VGG's widest convolutions."""
    kernels = [row.kernel_shape or () for row in paper_rows("vgg16") if row.kind == "conv"]
    widest = max(math.prod(kernel[:-1]) for kernel in kernels)
    for law, words, stated in (
        ("vgg_normal", "variance 0.01", 46.08),
        ("vgg_port_normal", "deviation 0.01", 0.4608),
    ):
        yield Fact(
            f"scale-{law.replace('_', '-')}",
            f"VGG, {words}: variance times fan-in, 3x3x512",
            f"Weights of {words} have {stated:g} as their variance times the fan-in in the widest "
            "convolutions of VGG 16.",
            stated,
            weight_variance(law, widest) or math.nan,
            exact=1e-9,
        )


def _mistaken() -> Iterator[Fact]:
    """Yields what stands in texts on convolutional nets and is a mistake."""
    yield Fact(
        "mistake-stride",
        '32x32, 5x5 filter, padding 2, stride 2: "keeps the size"',
        "A 5x5 filter with stride 2 keeps the size of an image of 32x32.",
        32,
        _one(32, 5, padding=2, stride=2).here.shape[0],
        mistaken=True,
    )
    rows = paper_rows("vgg16")
    strides = [
        after.here.apart[0] // before.here.apart[0]
        for before, after in pairwise(rows)
        if after.kind == "conv"
    ]
    yield Fact(
        "mistake-vgg",
        'VGG 16, 3x3 filters: stride "2"',
        "VGG's 3x3 filters take steps of two.",
        2,
        max(strides),
        mistaken=True,
    )
    last = [row for row in paper_rows("alexnet") if row.kind == "pool"][-1]
    yield Fact(
        "mistake-alexnet",
        'AlexNet\'s last pool, 6x6: "512" channels',
        "AlexNet's last pool has 6x6x512 numbers.",
        512,
        last.here.shape[-1],
        shape=_shape(last),
        mistaken=True,
    )
    yield Fact(
        "mistake-seven",
        '32x32, 7x7 filter: "28" places along an axis',
        "A 7x7 filter makes 28x28 of an image of 32x32.",
        28,
        _one(32, 7).here.shape[0],
        mistaken=True,
    )
