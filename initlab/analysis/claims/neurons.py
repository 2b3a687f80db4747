"""Claims on single neurons: are some favoured, and do all have one distribution?"""

import math

import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import GLOROT, SETTING_UP
from initlab.analysis.findings import Claim
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.selection import hidden, select
from initlab.analysis.units import favour
from initlab.analysis.verdicts import above, agrees, always, below


def claims_on_arms(arms: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """Centred inputs, biases of zero, weights of zero mean: is then no neuron favoured?"""
    claims = []
    for _, of_it in arms.groupby(["activation", "depth"]):
        away = favour(of_it, start)
        usual = of_it[(of_it["inputs"] == "standardized") & (of_it["bias_initializer"] == "zeros")]
        plain = usual[~usual["initializer"].str.contains("mean=")]
        for label, base in plain.groupby("initializer", sort=False):
            claims += claims_on_the_usual(str(label), base, away)
            drawn = of_it["initializer"].str.replace(r", mean=[^,)]*", "", regex=True)
            for arm, runs in of_it[drawn == label].groupby("arm", sort=False):
                if arm not in set(base["arm"]):
                    claims += claims_on_one_arm(str(arm), runs, base, away)
    return claims


def claims_on_the_usual(label: str, base: pd.DataFrame, away: pd.DataFrame) -> list[Claim]:
    """Returns the claims on standardized inputs, zero biases and weights of zero mean."""
    where = f"{short_name(label)}, {base['activation'].iloc[0]}, depth {base['depth'].iloc[0]}"
    first, last = by_seed(base, away["first"]), by_seed(base, away["last"])
    share, scatter = by_seed(base, away["share"]), by_seed(base, away["spread"])
    if first.empty or not {"width", "batch_size"} <= set(base):
        return []
    chance_alone = 0.5 / math.sqrt(base["batch_size"].iloc[0])
    units = int(base["width"].iloc[0]) * len(share)
    reach = 3 * float(scatter.mean()) / math.sqrt(units)
    return [
        make_claim(
            ("no-neuron-favoured", label),
            f"Standardized inputs, biases of zero, weights of zero mean: within one draw no neuron "
            f"of layer 1 is favoured ({where}).",
            source=SETTING_UP,
            predicted=f"{chance_alone:.3f}, as a batch of fair coins shows; below twice that",
            measured=seed_interval(first),
            verdict=below(seed_interval(first), 2 * chance_alone),
            figure="units",
            query="step 0: root mean square over units of the share of positive preactivations "
            "less 1/2, layer 1; mean over seeds",
        ),
        make_claim(
            ("no-neuron-favoured-over-draws", label),
            f"The same, over draws: half of the last hidden layer is positive ({where}).",
            source=SETTING_UP,
            predicted=f"0.5, within {reach:.3f}: three standard errors of {units} units of the "
            "measured spread",
            measured=seed_interval(share),
            verdict=agrees(seed_interval(share), 0.5 - reach, 0.5 + reach),
            figure="units",
            query="step 0: positive_fraction of the last hidden layer; mean over seeds",
        ),
        make_claim(
            ("depth-favours", label),
            f"Depth favours neurons: in the last hidden layer they are nearer to always on or "
            f"always off than in the first ({where}).",
            source="O, correlations tend to 1 with depth, Schoenholz et al. 2017, arXiv:1611.01232",
            predicted="above 0",
            measured=seed_interval(last - first),
            verdict=above(seed_interval(last - first), 0.0),
            figure="units",
            query="step 0: root mean square over units of the share of positive preactivations "
            "less 1/2, last hidden layer less first, seed by seed",
        ),
    ]


def claims_on_one_arm(
    arm: str, runs: pd.DataFrame, base: pd.DataFrame, away: pd.DataFrame
) -> list[Claim]:
    """Returns the claims on one departure from the usual, in the first and last hidden layer."""
    claims = []
    same = set(runs["inputs"]) == {"centred"} and (runs["bias_initializer"] == "zeros").all()
    for place in ("first", "last"):
        more = (by_seed(runs, away[place]) - by_seed(base, away[place])).dropna()
        if more.empty:
            continue
        measured = seed_interval(more)
        claims.append(
            make_claim(
                ("as-usual" if same else "favours", place, arm),
                f"{arm[0].upper()}{arm[1:]}: neurons of the {place} hidden layer are "
                f"{'favoured as with' if same else 'favoured more than with'} "
                f"{base['arm'].iloc[0]}.",
                source=SETTING_UP,
                predicted="0 within 0.001: only the scale differs, to which a rectifier's sign is "
                "blind"
                if same
                else "above 0",
                measured=measured,
                verdict=always((more.abs() <= 1e-3).tolist()) if same else above(measured, 0.0),
                figure="units",
                query="step 0: root mean square over units of the share of positive preactivations "
                f"less 1/2, {place} hidden layer, less that of {base['arm'].iloc[0]}, seed by seed",
            )
        )
    return claims


def claims_on_neurons(grid: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """The output distribution of every neuron is the same: not of every layer, of every neuron."""
    claims: list[Claim] = []
    if not {"width", "batch_size"} <= set(grid):
        return claims
    of_them = select(grid, initializer=["he_normal", "glorot_uniform"])
    for (activation, label), runs in of_them.groupby(["activation", "initializer"], sort=False):
        rows = hidden(runs, start)
        unlike = rows.groupby("run_id")["preactivation_unit_mean_spread"].mean()
        if (values := by_seed(runs, unlike)).empty:
            continue
        batch, width = int(runs["batch_size"].iloc[0]), int(runs["width"].iloc[0])
        bound = (1 + 3 / math.sqrt(2 * width)) / math.sqrt(batch)
        measured = seed_interval(values)
        claims.append(
            make_claim(
                ("same-neurons", str(label), str(activation)),
                f"{short_name(str(label))} with {activation}: the preactivations of every neuron "
                "have the same distribution over inputs.",
                source=GLOROT,
                predicted=f"below {bound:.3f}: the spread of means of {batch} draws from one "
                f"distribution, and three of its standard deviations over {width} neurons",
                measured=measured,
                verdict=below(measured, bound),
                figure="factors",
                query="step 0: preactivation_unit_mean_spread (in units of the layer's root mean "
                "square), mean over hidden layers and depths; mean over seeds",
            )
        )
    return claims
