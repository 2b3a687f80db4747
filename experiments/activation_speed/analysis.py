"""How soon networks train with relu and with other nonlinearities: claims and figures."""

from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.captions import drawing
from initlab.analysis.claims.speeds import (
    OVER,
    OWN,
    RELU,
    SAME,
    TARGET,
    Speeds,
    claims_on_speeds,
)
from initlab.analysis.claims.telling import no_findings, told_findings
from initlab.analysis.findings import Drawing, Findings, Listing
from initlab.analysis.over_seeds import last_step
from initlab.analysis.reaching import bounded, reaching_table, smoothed, steps_reaching
from initlab.analysis.training import final_accuracy, final_values, training_curves
from initlab.figures.accuracy_by_depth import alt_accuracy_by_depth, draw_accuracy_by_depth
from initlab.figures.accuracy_rows import alt_accuracy_rows, draw_accuracy_rows
from initlab.figures.training_curves import alt_training_curves, draw_training_curves
from initlab.store.query import Results

ARM = ["start", "nonlinearity"]
BY = "nonlinearity"
VALIDATION = "validation_accuracy"
ANSWER = (
    (
        "Does tanh take about six times as many steps as relu to a training error of 25 %? "
        "{judged[six-]}; times as many: {each[six-]}.",
    ),
    (
        "Does relu get there in fewer steps than every other nonlinearity? {judged[faster-]}; the "
        "others take {factors[faster-]} times as many.",
        "Refuted for: {against[faster-]} (powers of ten).",
    ),
    (
        "Does it end with the same test accuracy? {judged[alike-]}; it ends {percent[alike-]} "
        "percentage points higher.",
    ),
)
VALIDATED = "each with the learning rate of its highest mean validation accuracy"
READ = (
    "The learning rate of each nonlinearity, that of the highest mean validation accuracy; how "
    f"many of its seeds reach a training accuracy of {TARGET:g}, mean over {OVER} measured steps; "
    "the steps to it and these over relu's, geometric means over seeds in which a run that never "
    "gets there counts with the last step (a lower bound); and test accuracy at the end, mean over "
    "seeds (a diverged run: a guess). `fastest rate` is that of the fewest steps, "
    "if any seed gets there."
)


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever nonlinearities the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    runs, records = with_starts(results.runs), results.steps
    reached = steps_reaching(runs, records, accuracy=TARGET, over=OVER)
    steps = bounded(runs, reached)
    score = final_accuracy(runs, records, statistic=VALIDATION)
    own, fastest = best_trials(runs, score, ARM), best_trials(runs, -steps, ARM)
    if own.empty or own[BY].nunique() < 2:
        return no_findings()
    speeds = Speeds(steps, reached, final_accuracy(runs, records))
    claims = claims_on_speeds(own, fastest, speeds)
    shown = [*training(own, fastest, records, reached)]
    return told_findings(
        claims,
        shown,
        ANSWER,
        Listing("speeds", READ, speeds_to_read(own, fastest, speeds)),
    )


def with_starts(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs with how their weights start, as panels name it, and their nonlinearity."""
    start = runs["initializer"].eq("glorot_normal").map({True: SAME, False: OWN})
    return runs.assign(start=start, nonlinearity=runs["activation"])


def by_start(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs with their start in place of nonlinearity and initializer, for panels."""
    return runs.assign(
        activation=runs["start"], initializer=runs["start"], readout_initializer=runs["start"]
    )


def training(
    own: pd.DataFrame, fastest: pd.DataFrame, records: pd.DataFrame, reached: "pd.Series[float]"
) -> list[Drawing]:
    """Returns training accuracy over steps, steps to the target, and test accuracy."""
    to_target = (
        f"Steps to a training accuracy of {TARGET:g}, mean over {OVER} measured steps, of the runs "
        f"that reach it within {last_step(own)}"
    )
    shown = drawing(
        "curves",
        f"Training accuracy, mean over {OVER} measured steps, {VALIDATED}.",
        training_curves(
            by_start(own), smoothed(records, over=OVER), statistics=("train_accuracy",)
        ),
        partial(alt_training_curves, by=BY),
        partial(draw_training_curves, by=BY),
    )
    for name, runs, rate in (
        ("steps", own, VALIDATED),
        ("fastest", fastest, "each with the learning rate of the fewest steps"),
    ):
        shown += drawing(
            name,
            f"{to_target}, {rate}.",
            reaching_table(by_start(runs), reached),
            partial(alt_accuracy_rows, by=BY),
            partial(draw_accuracy_rows, by=BY),
            mean="Geometric mean",
        )
    return shown + drawing(
        "accuracy",
        f"Test accuracy at the end, {VALIDATED}.",
        final_values(by_start(own), records, statistics=("test_accuracy",)),
        partial(alt_accuracy_by_depth, by=BY),
        partial(draw_accuracy_by_depth, by=BY),
    )


def speeds_to_read(own: pd.DataFrame, fastest: pd.DataFrame, speeds: Speeds) -> pd.DataFrame:
    """Returns one row a start and nonlinearity, rounded for reading, the fewest steps first."""
    rows = own.assign(
        log=own["run_id"].map(speeds.steps),
        reach=own["run_id"].map(speeds.reached).notna(),
        accuracy=own["run_id"].map(speeds.test),
    )
    table = rows.groupby([*ARM, "learning_rate"], sort=False).agg(
        reach=("reach", "sum"), seeds=("run_id", "count"), log=("log", "mean"),
        accuracy=("accuracy", "mean"),
    ).reset_index()  # fmt: skip
    relu = table[table[BY] == RELU].set_index("start")["log"]
    over = table["log"] - table["start"].map(relu)
    soon = fastest[fastest["run_id"].map(speeds.reached).notna()]
    quick = soon.drop_duplicates(ARM).set_index(ARM)["learning_rate"]
    table = table.assign(
        steps=(10 ** table["log"]).round(1),
        over=np.round(10**over, 2),
        accuracy=table["accuracy"].round(3),
        fastest=[quick.get((row.start, row.nonlinearity)) for row in table.itertuples()],
    )
    ordered = table.sort_values(["start", "log"], kind="stable", ascending=[True, True])
    names = {
        "start": "weights", BY: BY, "learning_rate": "rate", "reach": "reach", "seeds": "seeds",
        "steps": "steps", "over": "times relu", "accuracy": "test accuracy",
        "fastest": "fastest rate",
    }  # fmt: skip
    return ordered[list(names)].rename(columns=names).reset_index(drop=True)
