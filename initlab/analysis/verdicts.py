"""Verdicts by stated rules, and what theory leaves to chance, of which their tolerances come."""

import math
from collections.abc import Callable, Collection

import numpy as np
from scipy import special

from initlab.analysis.findings import Verdict
from initlab.analysis.intervals import MIN_SEEDS, Interval, t_factor
from initlab.analysis.names import READOUT

type Rule = Callable[[Interval], Verdict]

DEVIATIONS_ALLOWED = 3.0  # of a mean, either way: by chance 0.27 % are beyond
CUT = 0.7737413035499232  # variance of a unit Gaussian cut at plus and minus two
# Weight variance times fan-in where a layer has as many inputs as outputs.
SQUARE_LAWS = {
    "lecun_normal": 1.0,
    "lecun_uniform": 1.0,
    "glorot_normal": 1.0,
    "glorot_uniform": 1.0,
    "he_normal": 2.0,
    "he_uniform": 2.0,
    "orthogonal": 1.0,
    "delta_orthogonal": 1.0,
    "pytorch_default": 1.0 / 3.0,
    "keras_default": 1.0,
    "flax_default": 1.0,
    "haiku_default": CUT,
    "lenet_demo_uniform": 1.0 / 3.0,
    "lenet_sigmoid_uniform": 16.0,
    "caffe_xavier": 1.0,
    "caffe_msra": 2.0,
    "siren_hidden": 2.0 / 30.0**2,
}
DEVIATIONS = {
    "alexnet_normal": 0.01,
    "caffenet_dense_normal": 0.005,
    "vgg_normal": 0.1,
    "vgg_port_normal": 0.01,
    "zfnet_normal": 0.01,
    "nin_normal": 0.05,
}


def above(measured: Interval, bound: float) -> Verdict:
    """Returns `supported` if the whole interval lies above `bound`, `refuted` if none of it does.

    >>> above(Interval(0.9, 0.8, 1.0, 5), 0.5), above(Interval(0.9, 0.4, 1.4, 5), 0.5)
    ('supported', 'inconclusive')
    """
    return within(measured, math.nextafter(bound, math.inf), math.inf)


def below(measured: Interval, bound: float) -> Verdict:
    """Returns `supported` if the whole interval lies below `bound`, `refuted` if none of it does.

    >>> below(Interval(0.9, 0.8, 1.0, 5), 0.5)
    'refuted'
    """
    return within(measured, -math.inf, math.nextafter(bound, -math.inf))


def within(measured: Interval, low: float, high: float) -> Verdict:
    """Returns whether a quantity lies in a range: the range has to hold the whole interval.

    `refuted` if the interval and the range have no point in common, and `inconclusive` if they
    overlap, or if there is no interval.
    """
    if not _known(measured):
        return "inconclusive"
    if low <= measured.low and measured.high <= high:
        return "supported"
    return "refuted" if measured.high < low or measured.low > high else "inconclusive"


def agrees(measured: Interval, low: float, high: float) -> Verdict:
    """Returns whether a mean is what theory predicts, up to the scatter that theory predicts too.

    `supported` if the mean lies between `low` and `high`, three standard deviations of such a mean
    either way, and its interval is no wider than `widest` has it; `refuted` if no point of the
    interval lies there; otherwise, or without an interval, `inconclusive`.
    """
    if not _known(measured):
        return "inconclusive"
    if measured.high < low or measured.low > high:
        return "refuted"
    inside = low <= measured.centre <= high
    room = widest(measured.n) * _width(low, high, log=measured.log)
    narrow = _width(measured.low, measured.high, log=measured.log) <= room
    return "supported" if inside and narrow else "inconclusive"


def widest(n: int) -> float:
    r"""Returns how wide a t interval of n values may be by chance, over three deviations' range.

    The range is :math:`\pm 3 \sigma / \sqrt n`, and the interval
    :math:`\pm t_{n-1} s / \sqrt n`, whose :math:`s / \sigma` exceeds
    :math:`\sqrt{\chi^2_{n-1} / (n - 1)}` as rarely as a mean is beyond three deviations. About 1.87
    at n = 5, and 0.65 of very many. A wider interval has more scatter than theory allows, so that
    its centre says nothing.
    """
    rarely = 2.0 * float(special.ndtr(-DEVIATIONS_ALLOWED))
    scatter = math.sqrt(float(special.chdtri(n - 1, rarely)) / (n - 1))
    return t_factor(n) * scatter / DEVIATIONS_ALLOWED


def always(holds: Collection[bool]) -> Verdict:
    """Returns the verdict on a statement about every run, one truth a seed.

    One counterexample refutes it; it takes five seeds to support it.

    >>> always([True] * 5), always([True]), always([True, False])
    ('supported', 'inconclusive', 'refuted')
    """
    if not all(holds):
        return "refuted"
    return "supported" if len(holds) >= MIN_SEEDS else "inconclusive"


def _width(low: float, high: float, *, log: bool) -> float:
    """Returns how far an interval reaches from end to end, in logarithms where it was made so."""
    if not log:
        return high - low
    return math.log(high / low) if low > 0 else math.inf


def _known(measured: Interval) -> bool:
    return all(map(math.isfinite, measured[:3]))


def weight_variance(label: str, width: int) -> float | None:
    """Returns the variance of the weights times their fan-in, in a layer `width` by `width`.

    Of a convolution `width` is the fan-in, of `hidden_fan`. None for a law without a closed form
    here, or of another mean than zero.

    >>> weight_variance("he_normal", 128), weight_variance("normal(stddev=0.125)", 128)
    (2.0, 2.0)
    """
    name, _, rest = label.partition(READOUT)[0].partition("(")
    pairs = [part.partition("=") for part in rest.removesuffix(")").split(", ") if part]
    # All fans are one here, and a variance is stated whatever the distribution.
    pairs = [pair for pair in pairs if pair[0] not in ("mode", "distribution")]
    try:
        given = {key: float(value) for key, _, value in pairs}
    except ValueError:
        return None
    if given.pop("mean", 0.0):
        return None
    if not given:
        return _without_numbers(name, width)
    match name, given:
        case "normal", {"stddev": stddev}:
            return width * stddev**2
        case "truncated_normal", {"stddev": stddev}:
            return width * CUT * stddev**2
        case "uniform", {"low": low, "high": high} if low == -high:
            return width * high**2 / 3.0
        case ("fan_in_normal", {"weight_variance": scale}) | ("variance_scaling", {"scale": scale}):
            return scale
        case "orthogonal" | "delta_orthogonal", {"gain": gain}:
            return gain**2
        case "he_leaky_normal" | "he_leaky_uniform", {"negative_slope": slope}:
            return 2.0 / (1.0 + slope**2)
        case "lenet_class_uniform", {"pool_area": area}:
            return 2.0 * width / (width + width // area)
        case "siren_first", {"folded_omega": omega}:
            return omega**2 / (3.0 * width)
        case "siren_hidden", {"omega": omega}:
            return 2.0 / omega**2
    return None


def _without_numbers(name: str, width: int) -> float | None:
    """Returns the same for a law that is told by its name alone."""
    match name:
        case "lenet_uniform" | "siren_first":
            return 1.0 / (3.0 * width)
        case "lenet_paper_uniform":
            return 2.4**2 / (3.0 * width)
        case "lenet_class_uniform":
            return 2.0 * width / (width + width // 4)
        case "random_walk":
            return 2.0 * math.exp(2.4 / (max(width, 6) - 2.4))
    if name in DEVIATIONS:
        return width * DEVIATIONS[name] ** 2
    return SQUARE_LAWS.get(name)


def rectifier_increment(width: int, *, orthogonal: bool = False) -> tuple[float, float]:
    r"""Returns mean and variance of what width adds to the logarithm of a ReLU layer's factor.

    Of `width` preactivations a binomial number :math:`K` is positive, and the factor of the
    second moment, over its mean, is :math:`2 \chi^2_K / n` for independent weights, so that

    .. math:: E \ln = E\,\psi(K/2) + \ln(4/n), \qquad
              \operatorname{Var} \ln = E\,\psi'(K/2) + \operatorname{Var} \psi(K/2)

    and :math:`2\,\mathrm{Beta}(K/2, (n-K)/2)` for an orthogonal kernel, which keeps the length.
    At width 128 they are -0.0197864 and 0.0402340.

    References:
        Hanin and Rolnick, How to Start Training (arXiv:1803.01719).
    """
    k = np.arange(1, width + 1)
    # Binomial, given that one is positive at least.
    chance = special.softmax(-special.gammaln(k + 1) - special.gammaln(width - k + 1))
    digamma = special.digamma(k / 2)
    mean = float(chance @ digamma)
    variance = float(chance @ special.polygamma(1, k / 2) + chance @ (digamma - mean) ** 2)
    if orthogonal:
        drift = mean - float(special.digamma(width / 2)) + math.log(2.0)
        return drift, variance - float(special.polygamma(1, width / 2))
    return mean + math.log(4.0 / width), variance


def slope_scatter(num_layers: int) -> float:
    r"""Returns the variance of the fitted slope of a random walk of unit steps.

    The least-squares slope over `num_layers` points is a weighted sum of the steps between them;
    this is the sum of the squared weights, about :math:`6 / (5 L)`.

    >>> slope_scatter(2)
    1.0
    """
    x = np.arange(num_layers) - (num_layers - 1) / 2
    weights = np.cumsum((x / np.sum(x**2))[::-1])[:-1]
    return float(np.sum(weights**2))
