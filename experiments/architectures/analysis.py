"""Nets that papers built, under their own initializations and a modern one: claims and figures."""

from functools import partial

import pandas as pd

from initlab.analysis.architecture_arms import (
    TUTORIAL,
    by_weight_layer,
    chosen,
    once,
    with_arms,
)
from initlab.analysis.captions import drawing
from initlab.analysis.claims.lenet_rules import claims_on_rules
from initlab.analysis.claims.plan_signals import claims_on_signals
from initlab.analysis.claims.plan_training import claims_on_training
from initlab.analysis.claims.sharing import claims_on_sharing
from initlab.analysis.claims.sizes import claims_on_sizes
from initlab.analysis.claims.telling import no_findings, told_findings
from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.analysis.paper_plans import plans_to_read, shares_by_layer
from initlab.analysis.plan_arms import accuracy_by_arm, arms_to_read, as_panels
from initlab.analysis.predicted import with_predictions
from initlab.analysis.profiles import VARIANCES, depth_profiles
from initlab.analysis.residual_arms import named
from initlab.analysis.selection import select
from initlab.analysis.shared_filters import first_gradients, gradient_table, with_positions
from initlab.analysis.size_facts import facts_table, size_facts
from initlab.analysis.training import final_accuracy, training_curves
from initlab.analysis.weight_scales import VALIDATION
from initlab.figures.accuracy_rows import alt_accuracy_rows, draw_accuracy_rows
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.facts import alt_facts, draw_facts
from initlab.figures.log_curves import Against, alt_log_curves, draw_log_curves
from initlab.figures.size_shares import alt_size_shares, draw_size_shares
from initlab.figures.training_curves import alt_training_curves, draw_training_curves
from initlab.store.query import Results

ANSWER = (
    (
        "Does each family train from its paper's own initialization, in so few steps? "
        "{judged[own-]}; test accuracies: {each[own-]}.",
        "From the paper's weight variances, carried over to that width? {judged[carried-]}; "
        "{each[carried-]}.",
        "With He's weights and batch normalization? {judged[modern-]}; {spread[modern-]}. Does "
        "that end above the published one? {judged[gains-]}; percentage points gained: "
        "{percent[gains-]}.",
    ),
    (
        "Do He's weights hold the variance without a normalization, within a factor of two a "
        "layer? {judged[holds-]}. Do fixed deviations lose it? {judged[vanishes-]}; powers of ten "
        "a layer: {each[vanishes-]}.",
        "Does half the weight variance tell where the signal goes? {judged[halves-]}. Does "
        "theory, where it has a number? {judged[predicted-]}.",
    ),
    (
        "Do the three formulas that are called LeNet's tutorial's draw what they say? "
        "{judged[rule-drawn-]}. Does LeNet fail to train by that of the text? "
        "{judged[rule-stalls-]}; {each[rule-stalls-]}. Does it train by those of the picture and "
        "of the code? {judged[rule-trains-]}; {each[rule-trains-]}.",
    ),
    (
        "Is a shared filter's gradient that of one place times the number of positions, in "
        "variance? {judged[times-]}; times: {each[times-]}.",
    ),
    (
        "Does a window make of an image what is told of it? {judged[window-]}. Does a padding of "
        "(K - 1) / 2 keep the size? {judged[same-]}. Do papers' plans have the numbers that are "
        "told of them? {judged[plan-]}.",
        "Does most memory lie in early convolutions? {judged[memory-]}. Do most parameters lie in "
        "dense layers? {judged[dense-]}. Does an average before the readout leave these few? "
        "{judged[averaging-]}.",
        "What stands in texts and is a mistake, as it is found: {against[mistake-]}.",
    ),
)
CHOSEN = "each with the learning rate of its highest mean validation accuracy"
READ = (
    "Each net and arm: law, normalization, the learning rate of the highest mean validation "
    "accuracy and whether it stands at an end of the grid, validation and test accuracy at the "
    "end (a diverged run counts as a guess), how many of its seeds diverged, and the change of "
    "the variance a layer before training, in powers of ten."
)
PLANS_READ = (
    "Papers' plans as the lab builds them: images, parameters, bytes of all outputs for one "
    "image in float32, the share of these up to the middle convolution, the share of parameters "
    "in dense layers."
)
HALF = 4  # nets in a figure of training curves
BY_POSITIONS = Against(
    "positions", "positions of the image", "kind", "what", "variance of the weights' gradients"
)


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever nets and arms the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    runs, records = with_arms(results.runs), results.steps
    shared = with_positions(results.runs)
    if runs.empty and shared.empty:
        return no_findings()
    whole = results.read_layers(filters=[("step", "==", 0)])
    gradient = first_gradients(shared, whole)
    claims: list[Claim] = [*claims_on_sharing(shared, gradient), *claims_on_sizes()]
    shown = [*sharing(shared, gradient), *sizes()]
    listings = [Listing("plans", PLANS_READ, plans_to_read())]
    if len(runs) and records[VALIDATION].notna().any():
        score, test = (
            final_accuracy(runs, records, statistic=name) for name in (VALIDATION, "test_accuracy")
        )
        best, first = chosen(runs, score), once(runs)
        start = by_weight_layer(whole)
        expected = by_weight_layer(
            results.predictions.rename(columns={"trial_id": "run_id"}).assign(step=0)
        )
        claims = [
            *claims_on_training(best, test),
            *claims_on_signals(first, start, expected),
            *claims_on_rules(first, start, best, test),
            *claims,
        ]
        shown = [
            *training(best, records, test),
            *signals(first, start, expected.rename(columns={"run_id": "trial_id"})),
            *rules(first, start),
            *shown,
        ]
        listings.insert(0, Listing("arms", READ, arms_to_read(runs, best, score, test, start)))
    return told_findings(claims, shown, ANSWER, *listings)


def training(best: pd.DataFrame, records: pd.DataFrame, test: "pd.Series[float]") -> list[Drawing]:
    """Returns what each arm comes to, and how: panels are nets."""
    shown = drawing(
        "accuracy",
        f"Test accuracy at the end by whose initialization it is, {CHOSEN}.",
        accuracy_by_arm(best, test),
        partial(alt_accuracy_rows, by="arm"),
        partial(draw_accuracy_rows, by="arm"),
    )
    nets = list(dict.fromkeys(best["net"]))
    for number, some in enumerate((nets[:HALF], nets[HALF:]), start=1):
        if not some:
            continue
        shown += drawing(
            f"curves-{number}",
            f"Loss (geometric mean) and accuracy on the training batch over steps, {CHOSEN}.",
            named(training_curves(as_panels(select(best, net=some)), records), best, "arm"),
            partial(alt_training_curves, by="arm"),
            partial(draw_training_curves, by="arm"),
        )
    return shown


def signals(first: pd.DataFrame, start: pd.DataFrame, expected: pd.DataFrame) -> list[Drawing]:
    """Returns the variance by weight layer before training, forward and backward, net by net."""
    shown: list[Drawing] = []
    for model, runs in first.groupby("model", sort=False):
        of_net = runs.assign(activation=runs["net"])
        parts = [
            with_predictions(
                depth_profiles(of_net, start, statistics=(statistic,)), of_net, expected
            )
            for statistic in VARIANCES.values()
        ]
        shown += drawing(
            f"signal-{model}",
            f"{runs['net'].iloc[0]} before training: variance of preactivations, and of their "
            "gradients, by weight layer (layers side by side: their mean). Dashed, black: the mean "
            "square that theory expects, where it has a number.",
            named(pd.concat(parts), of_net, "arm"),
            partial(alt_depth_profile, by="arm"),
            partial(draw_depth_profile, by="arm"),
            mean="Geometric mean",
        )
    return shown


def rules(first: pd.DataFrame, start: pd.DataFrame) -> list[Drawing]:
    """Returns what the three formulas of LeNet's tutorial draw, and what becomes of a signal."""
    runs = select(first, model="lenet", arm=list(TUTORIAL))
    if runs.empty:
        return []
    of_net = runs.assign(activation=runs["net"])
    statistics = ("kernel_variance", VARIANCES["forward"])
    return drawing(
        "rules",
        "LeNet before training by the three formulas that are called its tutorial's: variance of "
        "the weights, and of preactivations, by layer.",
        named(depth_profiles(of_net, start, statistics=statistics), of_net, "arm"),
        partial(alt_depth_profile, by="arm"),
        partial(draw_depth_profile, by="arm"),
        mean="Geometric mean",
    )


def sharing(shared: pd.DataFrame, gradient: "pd.Series[float]") -> list[Drawing]:
    """Returns the variance of the first kernel's gradient against the number of positions."""
    if shared.empty:
        return []
    table = gradient_table(shared, gradient).assign(what="first layer")
    return drawing(
        "sharing",
        "Before training: variance of the first kernel's gradient against the positions of the "
        "image, of a convolution and of a layer whose positions have kernels of their own.",
        table.assign(activation="relu"),
        partial(alt_log_curves, how=BY_POSITIONS),
        partial(draw_log_curves, how=BY_POSITIONS),
        mean="Geometric mean",
    )


def sizes() -> list[Drawing]:
    """Returns sizes as they are told and as the code has them; where memory and weights lie."""
    facts, shares = facts_table(size_facts()), shares_by_layer()
    return [
        Drawing(
            "facts",
            "Numbers that are told of sizes (rings) and what the code says that builds the models "
            "(dots, with the number). No seeds: they are exact.",
            alt_facts(facts),
            facts,
            draw_facts,
        ),
        Drawing(
            "sizes",
            "Papers' plans: the share of all activations, and of all parameters, up to each weight "
            "layer, with what follows it. No seeds: they are exact.",
            alt_size_shares(shares),
            shares,
            draw_size_shares,
        ),
    ]
