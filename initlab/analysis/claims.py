"""Claims out of numbers: one a run, one a seed, and the verdict on their mean."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from initlab.analysis.factors import layer_factor
from initlab.analysis.findings import Claim, Verdict
from initlab.analysis.intervals import MIN_SEEDS, Interval, interval
from initlab.analysis.names import short_name
from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.analysis.selection import LEADING, trial_fields
from initlab.analysis.verdicts import below

LONGEST_ID = 64


def make_claim(
    identity: Sequence[str],
    statement: str,
    *,
    source: str,
    predicted: str,
    measured: Interval,
    verdict: Verdict,
    figure: str,
    query: str,
) -> Claim:
    """Returns a claim, with no interval where there is none, in the form that reports ask for.

    Args:
        identity: words and labels that make its id.
        statement: one sentence that can be true or false.
        source: whose, with the reference.
        predicted: what was expected, with the rule of the verdict where that needs words.
        measured: centre, interval and number of seeds.
        verdict: of `analysis.verdicts`; without a finite number it becomes `inconclusive`.
        figure: name of a drawing.
        query: how to compute the number again.
    """
    known = measured.n >= MIN_SEEDS and all(map(math.isfinite, measured[:3]))
    return Claim(
        id=claim_id(*identity),
        statement=statement,
        source=source,
        predicted=predicted,
        measured=measured.centre,
        interval=(measured.low, measured.high) if known else None,
        n=measured.n,
        verdict=verdict if math.isfinite(measured.centre) else "inconclusive",
        figure=figure,
        query=query,
    )


def claim_id(*words: str) -> str:
    """Returns an id of letters, digits and hyphens; initializers' labels are shortened.

    >>> claim_id("factor", "normal(stddev=0.005)")
    'factor-normal-0-005'
    """
    text = "-".join(short_name(word) if "(" in word else word for word in words)
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:LONGEST_ID].strip("-") or "claim"


def with_distinct_ids(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Returns the claims; where an id comes again it gets a number."""
    seen: dict[str, int] = {}
    found = []
    for claim in claims:
        seen[claim.id] = seen.get(claim.id, 0) + 1
        number = f"-{seen[claim.id]}" if seen[claim.id] > 1 else ""
        found.append(replace(claim, id=claim.id[: LONGEST_ID - len(number)] + number))
    return tuple(found)


def about(claims: Iterable[Claim], start: str) -> list[Claim]:
    """Returns the claims whose id begins with these words."""
    return [claim for claim in claims if claim.id.startswith(start)]


def judged(claims: Sequence[Claim]) -> str:
    """Returns how many of the claims came out how: `supported in 3 of 3 cases`."""
    verdicts = [claim.verdict for claim in claims]
    parts = [
        f"{name} in {verdicts.count(name)}"
        for name in ("supported", "refuted", "inconclusive")
        if name in verdicts
    ]
    return f"it is {', '.join(parts)} of {len(claims)} cases"


def spread(claims: Sequence[Claim]) -> str:
    """Returns the range of what the claims measured."""
    numbers = sorted(claim.measured for claim in claims if math.isfinite(claim.measured))
    if not numbers:
        return "no measured number"
    low, high = f"{numbers[0]:.3f}", f"{numbers[-1]:.3f}"
    return low if low == high else f"{low} to {high}"


def by_seed(runs: pd.DataFrame, values: "pd.Series[float]") -> "pd.Series[float]":
    """Returns one value a seed: the mean over its runs of what `values` has by run id."""
    numbers = runs["run_id"].map(values).astype("float64")
    return numbers.groupby(runs["seed"]).mean().dropna()


def seed_interval(values: "pd.Series[float]", *, log: bool = False) -> Interval:
    """Returns the mean over seeds of one value a seed, with its interval."""
    return interval(np.asarray(values, np.float64), log=log)


def final_accuracy(
    runs: pd.DataFrame, records: pd.DataFrame, *, classes: int, statistic: str = "test_accuracy"
) -> "pd.Series[float]":
    """Returns each run's accuracy at its last step, by run id.

    A run that diverged answers no better than a guess and counts as 1 / `classes`; one that was
    not measured at its last step has none.
    """
    ends = runs[["run_id", "steps"]].rename(columns={"steps": "step"})
    last = records.merge(ends, on=["run_id", "step"]).set_index("run_id")[statistic]
    ended = runs.loc[runs["diverged_at_step"].notna(), "run_id"]
    values = last.astype("float64").reindex(runs["run_id"])
    values[values.index.isin(ended)] = 1.0 / classes
    return values.dropna()


def first_loss_claims(
    runs: pd.DataFrame, records: pd.DataFrame, *, classes: int, source: str, figure: str
) -> list[Claim]:
    """Returns a claim per initializer: its first loss is that of equal probabilities.

    Of each seed the trial counts whose loss is farthest from it. A loss that is no number is no
    evidence of equal probabilities: such an initializer is refuted.
    """
    expected = math.log(classes)
    start = records[records["step"] == 0].set_index("run_id")["train_loss"]
    claims = []
    for label, arm in runs[runs["loss"] == "cross_entropy"].groupby("initializer", sort=False):
        off = arm["run_id"].map((start - expected).abs())
        worst = off.groupby(arm["seed"]).max().dropna()
        measured = seed_interval(worst[np.isfinite(worst)])
        lost = bool((~np.isfinite(off)).any())
        claims.append(
            make_claim(
                ("no-preference", str(label)),
                f"{short_name(str(label))} starts without preference between the {classes} "
                f"classes, whichever the activation and depth: its first loss is {expected:.4f}.",
                source=source,
                predicted=f"less than {expected / 100:.3f} away, a hundredth of ln {classes}",
                measured=measured,
                verdict="refuted" if lost else below(measured, expected / 100),
                figure=figure,
                query=f"step 0: |train_loss - ln {classes}|, the greatest over activations and "
                "depths; mean over seeds. A loss that is not finite refutes, and is in no mean",
            )
        )
    return claims


def one_setting(runs: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Returns the runs of the most common setting of whatever varies beside the leading fields.

    Also what was held, in words; empty where nothing else varies.
    """
    held = []
    for name in trial_fields(runs):
        if name in (*LEADING, "readout_initializer", "trial_id"):
            continue
        value = runs[name].mode(dropna=False).iloc[0]
        runs = runs[runs[name] == value] if pd.notna(value) else runs[runs[name].isna()]
        held.append(f"{name.replace('_', ' ')} {value if pd.notna(value) else 'unset'}")
    return runs.reset_index(drop=True), ", ".join(held)


def run_factors(runs: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """Returns the factor per layer of each run's hidden layers: `run_id`, `forward`, `backward`.

    As `layer_factors` finds it, before the mean over seeds; NaN where fewer than two layers carry
    a signal.

    Args:
        runs: the runs that count.
        layers: the `layers` table of one step.
    """
    rows = layers.merge(runs[["run_id", "depth"]], on="run_id")
    rows = rows[rows["layer"] < rows["depth"]]
    found = []
    for run_id, profile in rows.groupby("run_id", sort=False):
        layer = profile["layer"].tolist()
        forward, _ = layer_factor(layer, profile[FORWARD].tolist())
        backward, _ = layer_factor(layer, profile[BACKWARD].tolist())
        found.append({"run_id": run_id, "forward": forward, "backward": 1.0 / backward})
    return pd.DataFrame(found, columns=["run_id", "forward", "backward"])
