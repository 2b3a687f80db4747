"""He's and Xavier's laws in deep rectifier networks, 22 layers against 30: claims and figures."""

import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.captions import drawing
from initlab.analysis.claims.rectifier_accuracy import claims_on_accuracy
from initlab.analysis.claims.rectifier_scales import HE, XAVIER, claims_on_scales
from initlab.analysis.claims.rectifiers import (
    OVER,
    TARGET,
    Scores,
    claims_on_rectifiers,
)
from initlab.analysis.claims.telling import no_findings, told_findings
from initlab.analysis.findings import Drawing, Findings, Listing
from initlab.analysis.names import short_name
from initlab.analysis.profiles import BACKWARD, FORWARD, depth_profiles
from initlab.analysis.reaching import bounded, smoothed, steps_reaching
from initlab.analysis.selection import select
from initlab.analysis.trainability import late_accuracy
from initlab.analysis.training import final_accuracy, final_values, training_curves
from initlab.figures.accuracy_by_depth import alt_accuracy_by_depth, draw_accuracy_by_depth
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.training_curves import alt_training_curves, draw_training_curves
from initlab.store.query import Results

ARM = ["model", "depth", "initializer"]
VALIDATION = "validation_accuracy"
ANSWER = (
    (
        "Do networks of 22 layers train under He's law and under Xavier's? {judged[both-]}; "
        "training accuracies are {spread[both-]}. Sooner under He's? {judged[sooner-]}; Xavier's "
        "takes {factors[sooner-]} times as many steps.",
    ),
    (
        "Do networks of 30 layers train under He's law? {judged[converges-]}; accuracies are "
        "{spread[converges-]}.",
        "Do they stall under Xavier's, with the learning rate that serves it best? "
        "{judged[stalls-]}; {each[stalls-]}.",
        "And with the learning rate of He's law? {judged[as-he-]}; {each[as-he-]}.",
    ),
    (
        "Are networks of 30 layers worse than shallower ones? {judged[deeper-]}; they lose "
        "{percent[deeper-]} percentage points of test accuracy.",
        "Do He's and Xavier's laws end alike with 14 layers? {judged[alike-]}.",
        "Do both forms of Xavier's law end alike, where one of them trains? {judged[forms-]}.",
    ),
    (
        "Before training, are outputs under Xavier's law as much smaller than under He's as theory "
        "says? {judged[outputs-]}. The first layer's gradients? {judged[gradients-]}.",
    ),
)
OWN = "each with the learning rate of its highest mean validation accuracy"
CHOSEN = (
    "The learning rate that each law has in each network, its highest mean validation accuracy, "
    "training accuracy at the end, and the steps to a training accuracy of "
    f"{TARGET:g}, mean over {OVER} measured steps: median of the seeds, of which `reach` get there."
)


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever models, depths and laws the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    runs, records = select(results, initializer=[HE, *XAVIER]), results.steps
    score = final_accuracy(runs, records, statistic=VALIDATION)
    own = best_trials(runs, score, ARM)
    if own.empty:
        return no_findings()
    as_he = at_the_rate_of_he(runs, own)
    reached = steps_reaching(runs, records, accuracy=TARGET, over=OVER)
    late = late_accuracy(runs, records)
    scores = Scores(
        late=late,
        test=final_accuracy(runs, records),
        steps=bounded(runs, reached),
        reached=reached,
    )
    start = results.read_layers(
        ["run_id", "step", "layer", "site", FORWARD, BACKWARD], filters=[("step", "==", 0)]
    )
    claims = [
        *claims_on_rectifiers(own, as_he, scores),
        *claims_on_accuracy(own, scores),
        *claims_on_scales(own, start, results.predictions),
    ]
    shown = [*training(own, as_he, records), *signals(own, start)]
    return told_findings(
        claims,
        shown,
        ANSWER,
        Listing("rates", CHOSEN, rates_to_read(own, score, late, reached)),
    )


def at_the_rate_of_he(runs: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs of all laws that have the learning rate that He's law has, by network."""
    rates = select(own, initializer=HE)[["model", "depth", "learning_rate"]].drop_duplicates()
    return runs.merge(rates, on=["model", "depth", "learning_rate"])


def by_model(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs with their model in place of the nonlinearity, as panels are named."""
    return runs.assign(activation=runs["model"])


def training(own: pd.DataFrame, as_he: pd.DataFrame, records: pd.DataFrame) -> list[Drawing]:
    """Returns training accuracy over steps, at either learning rate, and test accuracy by depth."""
    means = smoothed(records, over=OVER)
    shown: list[Drawing] = []
    for name, runs, rate in (
        ("curves", own, OWN),
        ("as-he", as_he, "all with the learning rate of He's law"),
    ):
        for model, of_it in runs.groupby("model"):
            shown += drawing(
                f"{name}-{model}",
                f"Accuracy on the training batch of the {model}, mean over {OVER} measured steps, "
                f"{rate}.",
                training_curves(by_model(of_it), means, statistics=("train_accuracy",)),
                alt_training_curves,
                draw_training_curves,
            )
    return shown + drawing(
        "accuracy",
        f"Test accuracy at the end, {OWN}.",
        final_values(by_model(own), records, statistics=("test_accuracy",)),
        alt_accuracy_by_depth,
        draw_accuracy_by_depth,
    )


def signals(own: pd.DataFrame, start: pd.DataFrame) -> list[Drawing]:
    """Returns the signal before training, forward and backward."""
    return [
        shown
        for name, statistic, what in (
            ("forward", FORWARD, "Mean square of preactivations"),
            ("backward", BACKWARD, "Mean square of the gradient by preactivations"),
        )
        for shown in drawing(
            name,
            f"{what} by layer before training.",
            depth_profiles(by_model(own), start, statistics=(statistic,)),
            alt_depth_profile,
            draw_depth_profile,
            mean="Geometric mean",
        )
    ]


def rates_to_read(
    own: pd.DataFrame,
    score: "pd.Series[float]",
    late: "pd.Series[float]",
    reached: "pd.Series[float]",
) -> pd.DataFrame:
    """Returns one row a model, depth and law, rounded for reading."""
    rows = own.assign(
        validation=own["run_id"].map(score),
        training=own["run_id"].map(late),
        steps=own["run_id"].map(reached),
    )
    table = rows.groupby([*ARM, "learning_rate"], sort=False).agg(
        validation=("validation", "mean"),
        training=("training", "mean"),
        steps=("steps", "median"),
        reach=("steps", "count"),
        seeds=("run_id", "count"),
    )
    flat = table.reset_index().sort_values(ARM)
    flat["initializer"] = [short_name(str(label)) for label in flat["initializer"]]
    return flat.round({"validation": 3, "training": 3, "steps": 1}).rename(
        columns={"learning_rate": "rate"}
    )
