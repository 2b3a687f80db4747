"""Claims on single neurons: are some favoured, and do all have one distribution?"""

import math
import operator
from collections.abc import Callable
from functools import partial

import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import ADDED, GLOROT, SETTING_UP
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.filters import of_filters
from initlab.analysis.findings import Claim
from initlab.analysis.intervals import Interval
from initlab.analysis.names import capital, short_name
from initlab.analysis.over_seeds import by_seed, magnitude_interval, seed_interval, share_interval
from initlab.analysis.selection import hidden, select
from initlab.analysis.units import favour
from initlab.analysis.verdicts import agrees, always, below

# Of these it is said that every neuron has the same distribution.
SAME = ("he_normal", "glorot_uniform")

# What the usual arm is claimed to be, of neurons or of filters, and which way is worse.
USUAL: dict[str, tuple[str, Callable[[float], float]]] = {
    "no-neuron-favoured": (
        "Standardized inputs, biases of zero, weights of zero mean: within one draw no {neuron} of "
        "layer 1 is favoured",
        float,
    ),
    "no-neuron-favoured-over-draws": (
        "The same, over draws: half of the last hidden layer is positive",
        lambda share: abs(share - 0.5),
    ),
    "depth-favours": (
        "Depth favours {neuron}s: in the last hidden layer they are nearer to always on or always "
        "off than in the first",
        operator.neg,
    ),
}


def claims_on_arms(arms: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """Centred inputs, biases of zero, weights of zero mean: is then no neuron favoured?"""
    neuron = neuron_word(arms)
    usual_ones: dict[str, list[Claim]] = {words: [] for words in USUAL}
    claims = []
    for _, of_it in arms.groupby(["activation", "depth"]):
        away = favour(of_it, start)
        usual = of_it[(of_it["inputs"] == "standardized") & (of_it["bias_initializer"] == "zeros")]
        plain = usual[~usual["initializer"].str.contains("mean=")]
        for label, base in plain.groupby("initializer", sort=False):
            for words, found in claims_on_the_usual(str(label), base, away).items():
                usual_ones[words] += found
            drawn = of_it["initializer"].str.replace(r", mean=[^,)]*", "", regex=True)
            for arm, runs in of_it[drawn == label].groupby("arm", sort=False):
                if arm not in set(base["arm"]):
                    claims += claims_on_one_arm(str(arm), runs, base, away)
    merged = [
        claim
        for words, (statement, worst) in USUAL.items()
        for claim in over_trials(
            (words,), statement.format(neuron=neuron), usual_ones[words], worst=worst
        )
    ]
    return merged + claims


def neuron_word(runs: pd.DataFrame) -> str:
    """Returns what a unit of the runs' hidden layers is called among the neurons of a claim."""
    return "filter" if of_filters(runs) else "neuron"


def claims_on_the_usual(
    label: str, base: pd.DataFrame, away: pd.DataFrame
) -> dict[str, list[Claim]]:
    """Returns the claims on standardized inputs, zero biases and weights of zero mean."""
    neuron = neuron_word(base)
    where = f"{short_name(label)}, {base['activation'].iloc[0]}, depth {base['depth'].iloc[0]}"
    first, last = by_seed(base, away["first"]), by_seed(base, away["last"])
    share, scatter = by_seed(base, away["share"]), by_seed(base, away["spread"])
    if first.empty or not {"width", "batch_size"} <= set(base):
        return {}
    chance_alone = 0.5 / math.sqrt(base["batch_size"].iloc[0])
    units = int(base["width"].iloc[0]) * len(share)
    reach = 3 * float(scatter.mean()) / math.sqrt(units)
    square = "root mean square over units of positive_fraction less 1/2"
    return {
        "no-neuron-favoured": [
            make_claim(
                ("no-neuron-favoured", label),
                "Standardized inputs, biases of zero, weights of zero mean: within one draw no "
                f"{neuron} of layer 1 is favoured ({where}).",
                source=SETTING_UP,
                predicted=f"below {2 * chance_alone:.3f}",
                unit="root mean square of share less 1/2",
                measured=magnitude_interval(first),
                verdict=partial(below, bound=2 * chance_alone),
                figure="units",
                query=f"step 0: {square}, layer 1; geometric mean over seeds. A batch of fair "
                f"coins has {chance_alone:.3f}; up to twice that is allowed",
            )
        ],
        "no-neuron-favoured-over-draws": [
            make_claim(
                ("no-neuron-favoured-over-draws", label),
                f"The same, over draws: half of the last hidden layer is positive ({where}).",
                source=SETTING_UP,
                predicted=f"0.5 within {reach:.3f}",
                unit="share of positive preactivations",
                measured=share_interval(share),
                verdict=partial(agrees, low=0.5 - reach, high=0.5 + reach),
                figure="units",
                query="step 0: positive_fraction of the last hidden layer; mean over seeds. The "
                f"range is three standard errors of {units} units of the measured spread",
            )
        ],
        "depth-favours": positive_claim(
            ("depth-favours", label),
            f"Depth favours {neuron}s: in the last hidden layer they are nearer to always on or "
            f"always off than in the first ({where}).",
            last - first,
            source=f"{ADDED}: correlations tend to 1 with depth, Schoenholz et al. 2017, "
            "arXiv:1611.01232",
            unit="root mean square of share less 1/2",
            figure="units",
            query=f"step 0: {square}, last hidden layer less first, seed by seed",
        ),
    }


def claims_on_one_arm(
    arm: str, runs: pd.DataFrame, base: pd.DataFrame, away: pd.DataFrame
) -> list[Claim]:
    """Returns the claim on one departure from the usual, in the first and last hidden layer."""
    same = set(runs["inputs"]) == {"centred"} and (runs["bias_initializer"] == "zeros").all()
    words = "as-usual" if same else "favours"
    neuron, usual = neuron_word(runs), base["arm"].iloc[0]
    said = f"favoured as with {usual}" if same else f"favoured more than with {usual}"
    trials = []
    for place in ("first", "last"):
        more = (by_seed(runs, away[place]) - by_seed(base, away[place])).dropna()
        statement = f"{capital(arm)}: {neuron}s of the {place} hidden layer are {said}."
        query = (
            "step 0: root mean square over units of positive_fraction less 1/2, "
            f"{place} hidden layer, less that of {usual}, seed by seed"
        )
        if not same:
            trials += positive_claim(
                (words, place, arm), statement, more,
                source=SETTING_UP, unit="root mean square of share less 1/2", figure="units",
                query=query,
            )  # fmt: skip
        elif len(more):
            trials.append(blind_to_scale((words, place, arm), statement, more, query))
    return over_trials(
        (words, arm),
        f"{capital(arm)}: {neuron}s are {said}, in the first hidden layer and in the last",
        trials,
        worst=abs if same else operator.neg,
    )


def blind_to_scale(
    identity: tuple[str, ...], statement: str, more: "pd.Series[float]", query: str
) -> Claim:
    """Returns the claim that an arm which differs by the inputs' scale alone changes nothing."""
    return make_claim(
        identity,
        statement,
        source=f"{SETTING_UP}. {ADDED}: a rectifier's sign is blind to the scale of its inputs",
        predicted="0 within 0.001",
        unit="root mean square of share less 1/2",
        measured=seed_interval(more),
        verdict=always((more.abs() <= 1e-3).tolist()),
        figure="units",
        query=query,
    )


def claims_on_neurons(grid: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """The output distribution of every neuron is the same: not of every layer, of every neuron."""
    if not {"width", "batch_size"} <= set(grid):
        return []
    claims, neuron = [], neuron_word(grid)
    unlike = hidden(grid, start).groupby("run_id")["preactivation_unit_mean_spread"].mean()
    deepest = grid[grid["depth"] == grid.groupby("activation")["depth"].transform("max")]
    for label in SAME:
        trials = [
            same_neurons(label, str(activation), runs, magnitude_interval(values))
            for activation, runs in select(deepest, initializer=label).groupby("activation")
            if len(values := by_seed(runs, unlike))
        ]
        claims += over_trials(
            ("same-neurons", label),
            f"{short_name(label)}: the preactivations of every {neuron} have the same distribution "
            "over inputs, in the deepest networks of every activation",
            trials,
            worst=float,
        )
    return claims


def same_neurons(label: str, activation: str, runs: pd.DataFrame, measured: Interval) -> Claim:
    """Returns the claim that the units' means differ no more than chance makes them."""
    batch, width = int(runs["batch_size"].iloc[0]), int(runs["width"].iloc[0])
    bound = (1 + 3 / math.sqrt(2 * width)) / math.sqrt(batch)
    neuron = neuron_word(runs)
    draws = f"{batch} draws" + (", a filter's places all alike," if of_filters(runs) else "")
    return make_claim(
        ("same-neurons", label, activation),
        f"{short_name(label)} with {activation} at depth {runs['depth'].iloc[0]}: the "
        f"preactivations of every {neuron} have the same distribution over inputs.",
        source=GLOROT,
        predicted=f"below {bound:.3f}",
        unit="of the layer's root mean square",
        measured=measured,
        verdict=partial(below, bound=bound),
        figure="neurons",
        query="step 0: preactivation_unit_mean_spread (in units of the layer's root mean square), "
        "mean over the hidden layers; geometric mean over seeds. The bound is the spread of means "
        f"of {draws} from one distribution, and three of its standard deviations over "
        f"{width} {neuron}s",
    )
