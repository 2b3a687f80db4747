"""Depth in plain and residual nets, with and without normalization: claims and figures."""

from functools import partial

import pandas as pd

from initlab.analysis.captions import drawing
from initlab.analysis.claims.degradation import claims_on_depth
from initlab.analysis.claims.early_halving import claims_on_early_halving
from initlab.analysis.claims.residual_signals import claims_on_signals
from initlab.analysis.claims.residual_training import (
    claims_on_laws,
    claims_on_rates,
    claims_on_variants,
)
from initlab.analysis.claims.telling import no_findings, told_findings
from initlab.analysis.early_halving import halving_facts
from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.analysis.predicted import with_predictions
from initlab.analysis.profiles import BACKWARD, FORWARD, depth_profiles
from initlab.analysis.rates import stable
from initlab.analysis.residual_arms import (
    BATCH,
    HE,
    PLAIN,
    READOUT,
    SCORES,
    SUM,
    accuracy_table,
    arms_to_read,
    at,
    best_rates,
    chosen,
    convolutions,
    named,
    stable_rates,
    sums,
    with_arms,
)
from initlab.analysis.size_facts import facts_table
from initlab.analysis.trainability import late_accuracy
from initlab.analysis.training import final_accuracy, training_curves
from initlab.analysis.weight_scales import VALIDATION
from initlab.figures.accuracy_by_depth import alt_accuracy_by_depth, draw_accuracy_by_depth
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.facts import alt_facts, draw_facts
from initlab.figures.log_curves import Against, alt_log_curves, draw_log_curves
from initlab.figures.training_curves import alt_training_curves, draw_training_curves
from initlab.store.query import Results

ANSWER = (
    (
        "Does a plain net with batch normalization get worse with depth? {judged[degrades-]}; "
        "percentage points of accuracy lost: {percent[degrades-]}.",
        "Does a residual net get better? {judged[improves-]}; gained: {percent[improves-]}.",
        "Does it end above the plain net of its depth? {judged[above-]}; by {percent[above-]} "
        "points.",
    ),
    (
        "Does the sum hand the gradient on to the first convolutions? {judged[hands-on-]}; powers "
        "of ten that its mean square changes less than in the plain net: {each[hands-on-]}.",
        "Does it change as theory predicts, where theory has a number? {judged[predicted-]}.",
        "Do He's weights double the mean square a block without normalization? {judged[doubles-]}; "
        "times a block: {each[doubles-]}.",
        "Is the identity the default, before training? {judged[identity-]}; times a block: "
        "{each[identity-]}.",
    ),
    (
        "Does batch normalization let the learning rate be higher? Of the largest stable rate: "
        "{judged[stable-rate-]}, {factors[stable-rate-]} times as high.",
        "Of the best: {judged[best-rate-]}, {factors[best-rate-]} times as high.",
    ),
    (
        'Are He\'s weights the best of what "Xavier" and "Xavier/2" may mean? {judged[law-]}; test '
        "accuracy gained over the others: {each[law-]}.",
    ),
    (
        "Do variants of the sum train without normalization (zero gamma: with it)? "
        "{judged[trains-]}; test accuracies: {each[trains-]}.",
        "Do they end above the plain sum with the same normalization? {judged[gains-]}; by "
        "{percent[gains-]} percentage points.",
    ),
    (
        "Does early downsampling save memory? {judged[memory-]}; times the bytes that the paper's "
        "plans would take without it: {each[memory-]}.",
    ),
)
CHOSEN = "each with the learning rate of the highest mean validation accuracy"
READ = (
    "Each net, normalization, depth and law: the learning rate of the highest mean validation "
    "accuracy, whether it stands at an end of the grid, the largest stable one (geometric mean "
    "over seeds), and accuracies at the end, of training over the steps of the last quarter; a "
    "diverged run counts as a guess."
)
CURVES = ("train_loss", "train_accuracy")
BY_RATE = Against("learning_rate", "learning rate", "normalization", "depth", "validation accuracy")


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever arms the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    runs, records = with_arms(results.runs), results.steps
    if runs.empty or not records[VALIDATION].notna().any():
        return no_findings()
    values = accuracies(runs, records)
    best = chosen(runs, values[VALIDATION])
    rates = stable_rates(runs, stable(runs, records))
    start = results.read_layers(filters=[("step", "==", 0)])
    test = values["test_accuracy"]
    shown = [
        *by_depth(best, values),
        *signals(runs, start, results.predictions),
        *by_rate(runs, values),
        *laws(best, values),
        *variants(best, records, test),
        *memory(),
    ]
    claims: list[Claim] = [
        *claims_on_depth(best, values, figure="depth"),
        *claims_on_signals(runs, start, results.predictions),
        *claims_on_rates(rates, best_rates(runs, values[VALIDATION])),
        *claims_on_laws(best, test),
        *claims_on_variants(best, test),
        *claims_on_early_halving(figure="memory"),
    ]
    return told_findings(
        claims,
        shown,
        ANSWER,
        Listing("arms", READ, arms_to_read(runs, best, values, rates)),
    )


def accuracies(runs: pd.DataFrame, records: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    """Returns each accuracy of `SCORES` by run id; that of training is over many batches."""
    return {
        name: late_accuracy(runs, records)
        if name == "train_accuracy"
        else final_accuracy(runs, records, statistic=name)
        for name in SCORES
    }


def by_depth(best: pd.DataFrame, values: dict[str, "pd.Series[float]"]) -> list[Drawing]:
    """Returns accuracy against depth, of plain and residual nets as their paper has them."""
    kept = at(at(best, normalization=BATCH, initializer=HE), activation="relu")
    kept = kept.assign(activation=BATCH)
    ends = {name: values[name] for name in ("train_accuracy", "test_accuracy")}
    return drawing(
        "depth",
        "Accuracy against depth with batch normalization and He's weights: training (mean over "
        f"the steps of the last quarter) and test at the end, {CHOSEN}.",
        accuracy_table(kept[kept["net"].isin((PLAIN, SUM))], ends),
        partial(alt_accuracy_by_depth, by="net"),
        partial(draw_accuracy_by_depth, by="net"),
    )


def signals(runs: pd.DataFrame, start: pd.DataFrame, predictions: pd.DataFrame) -> list[Drawing]:
    """Returns gradients at convolutions and signals at sums before training, with He's weights."""
    first = at(runs, initializer=HE).drop_duplicates(["arm", "depth", "seed"])
    both = first[first["net"].isin((PLAIN, SUM))]
    back = both.assign(activation=both["normalization"])
    weights = pd.concat([convolutions(start), start[start["layer_name"] == READOUT]])
    gradients = depth_profiles(back, weights, statistics=(BACKWARD,))
    ahead = first[first["net"] != PLAIN]
    return [
        *drawing(
            "gradient",
            "Before training: mean square of the gradient at the preactivations of convolutions "
            "and of the readout, He's weights; the way back is from left to right. Dashed, black: "
            "the mean that theory expects, which has no number for the sums of the residual net.",
            named(with_predictions(gradients, back, predictions), back, "net"),
            partial(alt_depth_profile, by="net"),
            partial(draw_depth_profile, by="net", whole=True),
            mean="Geometric mean",
        ),
        *drawing(
            "signal",
            "Before training: mean square of the preactivations at the sums, He's weights. Where "
            "the image is halved channels of zeros join the shortcut.",
            named(depth_profiles(ahead, sums(start), statistics=(FORWARD,)), ahead, "arm"),
            partial(alt_depth_profile, by="arm"),
            partial(draw_depth_profile, by="arm"),
            mean="Geometric mean",
        ),
    ]


def by_rate(runs: pd.DataFrame, values: dict[str, "pd.Series[float]"]) -> list[Drawing]:
    """Returns validation accuracy against the learning rate, with and without normalization."""
    kept = at(runs, initializer=HE)
    kept = kept[kept["net"].isin((PLAIN, SUM))]
    table = accuracy_table(kept, {VALIDATION: values[VALIDATION]}, rate=True)
    return drawing(
        "rates",
        "Validation accuracy at the end against the learning rate, He's weights. A rate with which "
        "runs diverged has a cross.",
        table.assign(activation=table["net"]),
        partial(alt_log_curves, how=BY_RATE),
        partial(draw_log_curves, how=BY_RATE),
    )


def laws(best: pd.DataFrame, values: dict[str, "pd.Series[float]"]) -> list[Drawing]:
    """Returns the test accuracy of the laws, where several were run."""
    nets = at(best, net=SUM)
    several = nets.groupby(["normalization", "depth"])["initializer"].transform("nunique") > 1
    nets = nets[several] if len(nets) else nets
    if nets.empty:
        return []
    table = accuracy_table(nets, {"test_accuracy": values["test_accuracy"]})
    return drawing(
        "laws",
        f"Test accuracy of the residual net by law of its weights, {CHOSEN}.",
        table.assign(activation=table["normalization"]),
        alt_accuracy_by_depth,
        draw_accuracy_by_depth,
    )


def variants(best: pd.DataFrame, records: pd.DataFrame, test: "pd.Series[float]") -> list[Drawing]:
    """Returns what the variants of the sum come to at their depth, where there are any, and how."""
    nets = at(best, initializer=HE)
    others = nets[~nets["net"].isin((PLAIN, SUM))]
    if others.empty:
        return []
    here = at(nets[nets["net"] != PLAIN], depth=others["depth"].max())
    return [
        *drawing(
            "variants",
            f"Test accuracy at the end by variant of the sum, {CHOSEN}.",
            accuracy_table(here, {"test_accuracy": test}),
            partial(alt_accuracy_by_depth, by="arm"),
            partial(draw_accuracy_by_depth, by="arm"),
        ),
        *drawing(
            "curves",
            "Training loss (geometric mean) and accuracy over steps by variant of the sum, "
            f"{CHOSEN}.",
            named(training_curves(here, records, statistics=CURVES), here, "arm"),
            partial(alt_training_curves, by="arm"),
            partial(draw_training_curves, by="arm"),
        ),
    ]


def memory() -> list[Drawing]:
    """Returns what the papers' plans would take of memory without their early halvings."""
    table = facts_table(halving_facts())
    return [
        Drawing(
            "memory",
            "Bytes of all outputs without the two halvings before the first stage, over those of "
            "the paper's plan (dots), and what the maps after these alone would take (rings). No "
            "seeds: they are exact.",
            alt_facts(table),
            table,
            draw_facts,
        )
    ]
