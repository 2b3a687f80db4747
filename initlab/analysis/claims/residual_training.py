"""Claims on what residual nets need: rates with and without norm, laws, variants of the sum."""

import operator
from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.claims.degradation import RATE
from initlab.analysis.claims.few_steps import after_many_steps
from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import ADDED, COMMON
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.names import short_name
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import by_seed, share_interval
from initlab.analysis.residual_arms import BARE, BATCH, HE, SUM, SUMS, at
from initlab.analysis.verdicts import above
from initlab.analysis.weight_scales import TRAINED

HIGHER = (
    f"{COMMON}: batch normalization lets the learning rate be higher (Ioffe and Szegedy, "
    "arXiv:1502.03167)"
)
HALVES = (
    f'{COMMON}: residual nets are initialized with "Xavier/2". {ADDED}: its three meanings told '
    "apart"
)
SOURCES = {
    SUMS["scaled"]: f"{ADDED}: L branches of 1/L each at most multiply the mean square by e",
    SUMS["skip_init"]: "De and Smith, SkipInit, arXiv:2002.10444",
    SUMS["rezero"]: "Bachlechner et al., ReZero, arXiv:2003.04887",
    SUMS["fixup"]: "Zhang et al., Fixup, arXiv:1901.09321",
    SUMS["zero_gamma"]: "Goyal et al., arXiv:1706.02677, section 5.1",
}
STABLE = (
    "largest learning_rate at which, as at all smaller ones, train_loss ends at most a tenth above "
    "its start (the least that was run where that is not stable)"
)
BEST = "learning_rate of the highest validation_accuracy (geometric mean over ties)"


def claims_on_rates(stable: pd.DataFrame, best: pd.DataFrame) -> list[Claim]:
    """Returns the claims that normalization lets the learning rate be higher.

    Args:
        stable: of `stable_rates`.
        best: of `best_rates`.
    """
    found: list[Claim] = []
    kinds = (("stable", "largest stable", STABLE, stable), ("best", "best", BEST, best))
    for kind, words, query, rates in kinds:
        trials: list[Claim] = []
        he = at(rates, initializer=HE)
        for (net, depth), of_it in he.groupby(["net", "depth"], sort=False):
            with_norm, bare = (
                at(of_it, normalization=norm).set_index("seed") for norm in (BATCH, BARE)
            )
            higher = _logarithms(with_norm["value"])
            lower = _logarithms(bare["value"]).reindex(higher.index)
            unknown = np.minimum(higher, lower) >= _logarithms(with_norm["limit"])
            trials += positive_claim(
                (f"{kind}-rate", str(net), f"depth-{depth}"),
                f"In the {net} of {depth} layers the {words} learning rate is higher with batch "
                "normalization than without any.",
                (higher - lower).mask(unknown),
                source=HIGHER,
                unit="powers of ten of the rate",
                figure="rates",
                query=f"log10 of the {query}, with batch normalization less without, seed by seed, "
                "of seeds in which not both are the largest that was run",
                subject=(f"{net}, depth {depth}",),
            )
        found += over_trials(
            (f"{kind}-rate",),
            f"With batch normalization the {words} learning rate is higher", trials,
            worst=operator.neg,
        )  # fmt: skip
    return found


def _logarithms(rates: "pd.Series[float]") -> "pd.Series[float]":
    return pd.Series(np.log10(rates.to_numpy(np.float64)), index=rates.index)


def claims_on_laws(best: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """Returns the claims that He's law, the first meaning of "Xavier/2", trains best.

    Args:
        best: of `chosen`.
        test: test accuracy at the end, by run id; a diverged run is a guess.
    """
    trials: list[Claim] = []
    nets = at(best, net=SUM)
    for (norm, depth), of_it in nets.groupby(["normalization", "depth"], sort=False):
        he = by_seed(at(of_it, initializer=HE), test)
        for label in [law for law in of_it["initializer"].unique() if law != HE]:
            trials += positive_claim(
                ("law", str(norm), str(label)),
                f"With {norm} the residual net of {depth} layers ends with a higher test accuracy "
                f"from He's weights than from {short_name(str(label))}.",
                he - by_seed(at(of_it, initializer=label), test),
                source=HALVES,
                unit="test accuracy gained",
                figure="laws",
                query=f"test_accuracy at the last step of {HE} less that of {label}, {RATE}, seed "
                "by seed",
                subject=(f"{norm}, {short_name(str(label))}",),
            )
    return over_trials(
        ("law",), 'Of what "Xavier/2" and "Xavier" may mean, He\'s weights train a residual net '
        "best", trials, worst=operator.neg,
    )  # fmt: skip


def claims_on_variants(best: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """Returns the claims that variants of the sum train without normalization.

    Args:
        best: of `chosen`.
        test: test accuracy at the end, by run id; a diverged run is a guess.
    """
    nets = at(best, initializer=HE)
    variants = [net for net in SUMS.values() if net != SUM and (nets["net"] == net).any()]
    if not variants:
        return []
    depth = int(nets.loc[nets["net"].isin(variants), "depth"].max())
    here = at(nets, depth=depth)
    trains: list[Claim] = []
    gains: list[Claim] = []
    for net in variants:
        norm = BATCH if net == SUMS["zero_gamma"] else BARE
        runs = at(here, net=net, normalization=norm)
        own = by_seed(runs, test)
        bare = by_seed(at(here, net=SUM, normalization=norm), test)
        trains += after_many_steps(_trains(net, norm, depth, own), runs, "refuted")
        above_bare = positive_claim(
            ("gains", net, norm),
            f"{net}, {norm}, ends with a higher test accuracy than the plain sum of {depth} "
            f"layers with {norm}.",
            own - bare,
            source=SOURCES[net],
            unit="test accuracy gained",
            figure="variants",
            query=f"test_accuracy at the last step of {net} less that of the plain sum with the "
            f"same normalization, {RATE}, seed by seed",
            subject=(net,),
        )
        gains += after_many_steps(above_bare, runs, "refuted")
    return [
        *over_trials(
            ("trains",), f"Variants of the sum train {depth} layers, without normalization but "
            "for zero gamma", trains, worst=operator.neg,
        ),
        *over_trials(
            ("gains",), "They end above the plain sum with the same normalization", gains,
            worst=operator.neg,
        ),
    ]  # fmt: skip


def _trains(net: str, norm: str, depth: int, own: "pd.Series[float]") -> Sequence[Claim]:
    """Whether a variant trains."""
    if own.empty:
        return []
    measured = share_interval(own)
    return [
        make_claim(
            ("trains", net, norm),
            f"{net}, {norm}, trains {depth} layers.",
            source=SOURCES[net],
            predicted=f"above {number(TRAINED)}",
            unit="test accuracy",
            measured=measured,
            verdict=partial(above, bound=TRAINED),
            figure="variants",
            query=f"test_accuracy at the last step, {RATE} (a diverged run: a guess); mean over "
            "seeds",
            subject=(net,),
        )
    ]
