"""Claims on learning rates and optimizers: who trains random weights, and how fast is too fast."""

import operator

import numpy as np
import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.scales import named_laws
from initlab.analysis.claims.sources import ADDED, COMMON
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import by_seed
from initlab.analysis.rates import EARLY, early_rise, largest_stable_rates
from initlab.analysis.weight_scales import SCALED, TRAINED

MODERN = f"{COMMON}: modern optimizers and rectifiers let networks train from random weights"
TOO_HIGH = f"{COMMON}: too high a learning rate overshoots"
BEST = "each with the learning rate of the highest validation accuracy"


def claims_on_optimizers(runs: pd.DataFrame, score: "pd.Series[float]") -> list[Claim]:
    """Returns the claims on which optimizers and activations train more of the initializers.

    Args:
        runs: all of them, learning rates as trials of their own.
        score: validation accuracy at the end, by run id; a diverged run is a guess.
    """
    best = best_trials(runs, score, SCALED)
    trained = (best["run_id"].map(score) >= TRAINED).astype("float64")
    by_run = pd.Series(trained.to_numpy(), index=best["run_id"])

    def share(**fields: str) -> "pd.Series[float]":
        kept = np.logical_and.reduce([best[name] == value for name, value in fields.items()])
        return by_seed(best[kept], by_run)

    modern: list[Claim] = []
    rectified: list[Claim] = []
    query = (
        f"share of initializers and depths whose validation_accuracy at the last step is "
        f"{TRAINED:g} or more, {BEST}"
    )
    for activation in best["activation"].unique():
        for optimizer in [name for name in best["optimizer"].unique() if name != "sgd"]:
            plain = share(activation=activation, optimizer="sgd")
            modern += positive_claim(
                ("modern", str(optimizer), str(activation)),
                f"With {activation}, {optimizer} trains more of the initializers than plain "
                "gradient descent.",
                share(activation=activation, optimizer=optimizer) - plain,
                source=MODERN,
                unit="share of initializers and depths more",
                figure="scales",
                query=f"{query}; {optimizer} less sgd, seed by seed",
                subject=(f"{optimizer} with {activation}",),
            )
    for optimizer in best["optimizer"].unique():
        rectified += positive_claim(
            ("rectified", str(optimizer)),
            f"With {optimizer}, relu trains from more of the initializers than tanh.",
            share(activation="relu", optimizer=optimizer)
            - share(activation="tanh", optimizer=optimizer),
            source=MODERN,
            unit="share of initializers and depths more",
            figure="scales",
            query=f"{query}; relu less tanh, seed by seed",
            subject=(str(optimizer),),
        )
    return [
        *over_trials(
            ("modern",), "Momentum and Adam train more of the initializers than plain gradient "
            "descent", modern, worst=operator.neg,
        ),
        *over_trials(
            ("rectified",), "Relu trains from more of the initializers than tanh", rectified,
            worst=operator.neg,
        ),
    ]  # fmt: skip


def matched_runs(runs: pd.DataFrame, critical: dict[str, float]) -> pd.DataFrame:
    """Returns the runs of each activation's named law that is nearest to the critical deviation."""
    parts = [runs.iloc[:0]]
    for activation, of_it in runs.groupby("activation", sort=False):
        place = critical.get(str(activation), np.nan)
        laws = named_laws(of_it, place) if np.isfinite(place) else []
        parts += [of_it[of_it["initializer"] == law] for law in laws[:1]]
    return pd.concat(parts, ignore_index=True)


def claims_on_rates(
    runs: pd.DataFrame, records: pd.DataFrame, is_stable: "pd.Series[bool]"
) -> list[Claim]:
    """Returns the claims on the largest stable rate, and on what a higher one does.

    Args:
        runs: of `matched_runs`, learning rates as trials of their own.
        records: the `steps` table.
        is_stable: of `stable`.
    """
    rates = largest_stable_rates(runs, is_stable)
    rise = early_rise(runs, records)
    falls: list[Claim] = []
    over: list[Claim] = []
    for (activation, optimizer), of_it in rates.groupby(["activation", "optimizer"], sort=False):
        law = short_name(str(of_it["initializer"].iloc[0]))
        where = f"{activation}, {law} and {optimizer}"
        logs = np.log10(of_it.set_index(["depth", "seed"])["value"])
        least, most = of_it["depth"].min(), of_it["depth"].max()
        if least < most:
            shallow, deep = logs.loc[least], logs.loc[most]
            fastest = runs.loc[runs["optimizer"] == optimizer, "learning_rate"].max()
            unknown = np.minimum(shallow, deep) >= np.log10(fastest)
            falls += positive_claim(
                ("falls", str(activation), str(optimizer)),
                f"With {where} the largest stable learning rate is smaller at depth {most} than at "
                f"depth {least}.",
                (shallow - deep).mask(unknown),
                source=f"{ADDED}: every layer adds to the loss's curvature",
                unit="powers of ten of the rate",
                figure="rates",
                query="log10 of the largest learning_rate at which, as at all smaller ones, "
                "train_loss ends at most a tenth above its start; "
                f"depth {least} less depth {most}, seed by seed, of seeds in which the fastest "
                "rate that was run is not stable at both",
                subject=(f"{activation} with {optimizer}",),
            )
        fields = [*SCALED, "seed"]
        own = runs.merge(of_it[[*fields, "value"]], on=fields)
        higher = own[own["learning_rate"] > own["value"].fillna(0.0)]
        over += positive_claim(
            ("overshoots", str(activation), str(optimizer)),
            f"With {where} a learning rate above the largest stable one overshoots: the loss rises "
            f"above its start within {EARLY} steps.",
            by_seed(higher, rise),
            source=TOO_HIGH,
            unit="powers of ten above the first loss",
            figure="overshoot",
            query=f"log10 of the highest train_loss of steps 1 to {EARLY} over that of step 0 (cut "
            "at 3), mean over depths and the learning rates above the largest stable one, seed by "
            "seed",
            subject=(f"{activation} with {optimizer}",),
        )
    return [
        *over_trials(
            ("falls",), "The deeper the network, the smaller the largest stable learning rate, "
            "with the law nearest to theory's", falls, worst=operator.neg,
        ),
        *over_trials(
            ("overshoots",), "Too high a learning rate overshoots at once", over,
            worst=operator.neg,
        ),
    ]  # fmt: skip
