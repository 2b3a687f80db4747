"""Which scale of random weights trains best, and what a wrong one costs: claims and figures."""

from functools import partial

import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.captions import drawing
from initlab.analysis.claims.rates import claims_on_optimizers, claims_on_rates, matched_runs
from initlab.analysis.claims.scale_costs import claims_on_costs
from initlab.analysis.claims.scales import claims_on_scales
from initlab.analysis.claims.small_trials import claims_on_small_trials
from initlab.analysis.claims.telling import no_findings, told_findings
from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.analysis.over_seeds import last_step
from initlab.analysis.rates import (
    early_rise,
    largest_stable_rates,
    rate_table,
    rise_by_rate,
    stable,
)
from initlab.analysis.small_trials import over_seeds, small_trials
from initlab.analysis.training import final_accuracy, final_values
from initlab.analysis.weight_scales import (
    SCALED,
    STEPS,
    TARGET,
    TRAINED,
    VALIDATION,
    accuracy_at,
    by_deviation,
    critical_deviations,
    laws_beside,
    scales_to_read,
    steps_to_target,
    validated_steps,
    with_deviations,
)
from initlab.figures.accuracy_by_depth import alt_accuracy_by_depth, draw_accuracy_by_depth
from initlab.figures.log_curves import Against, alt_log_curves, draw_log_curves
from initlab.figures.rate_map import alt_rate_map, draw_rate_map
from initlab.figures.small_trials import alt_small_trials, draw_small_trials
from initlab.store.query import Results

ANSWER = (
    (
        "Is the best standard deviation the critical one of theory, within a factor of two, at "
        "every depth and with every optimizer? {judged[best-]}; it is {spread[best-]} times it.",
        "Does a deviation that validation chooses gain less than 2 percentage points of test "
        "accuracy over the law whose deviation is nearest to the critical one? {judged[tuned-]}; "
        "it gains {percent[tuned-]} points.",
        "Does the named law farthest from it end lower? {judged[wrong-]}; by {percent[wrong-]} "
        "points.",
    ),
    (
        "Does a wrong scale cost steps, or everything? Within half a decade of the critical "
        "deviation, do all scales train? {judged[near-]}; the worst end at a validation accuracy "
        "of {spread[near-]}.",
        "Do scales half a decade off it take more steps than those at it? {judged[slow-]}; "
        "{factors[slow-]} times as many, where runs that never get there count with their last "
        "step.",
        "Is the range of scales that train narrower in the deepest networks than in the "
        "shallowest? {judged[narrows-]}, by {spread[narrows-]} decades.",
    ),
    (
        "Do a few steps rank initializers like the full run? {judged[ranks-early]}, with rank "
        "correlations of {spread[ranks-early]}; is the one that they rank first as good as the "
        "best? {judged[picks-early]}.",
        "Do shallow networks rank them like deeper ones? {judged[ranks-shallow]}, with rank "
        "correlations of {spread[ranks-shallow]}; is the one that they rank first as good as the "
        "best? {judged[picks-shallow]}.",
    ),
    (
        "Do momentum and Adam train more of the initializers than plain gradient descent? "
        "{judged[modern-]}, {percent[modern-]} percentage points more. Does relu train from more "
        "of them than tanh? {judged[rectified-]}, {percent[rectified-]} points more.",
    ),
    (
        "Does the largest stable learning rate fall with depth? {judged[falls-]}.",
        "Does too high a rate overshoot at once? {judged[overshoots-]}; the loss rises to "
        "{factors[overshoots-]} times its start.",
    ),
)
CHOSEN = "each with the learning rate of the highest mean validation accuracy"
READ = (
    "The best standard deviation of those given as numbers (geometric mean over seeds) beside the "
    "critical one of theory, and final validation accuracy: of the best, and of the named laws, "
    f"{CHOSEN}; a diverged run counts as a guess. Decades: how far apart, as a logarithm, the "
    f"least and the greatest deviation lie that end at {TRAINED:g} or more."
)
SCALES = Against(
    "stddev", "standard deviation of the weights", "depth", "optimizer", "validation accuracy"
)
TO_TARGET = Against("stddev", SCALES.across, "depth", "optimizer", "steps")
OVERSHOOT = Against(
    "learning_rate", "learning rate", "optimizer", "depth", "rise of the loss, powers of ten"
)


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever scales the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    runs, records = with_deviations(results.runs), results.steps
    if runs.empty or not validated_steps(runs, records):
        return no_findings()
    score = final_accuracy(runs, records, statistic=VALIDATION)
    critical = critical_deviations(runs, results.predictions)
    best = best_trials(runs, score, SCALED)
    trials, early = small_trials_of(runs, records, score)
    is_stable = stable(runs, records)
    matched = matched_runs(runs, critical)
    claims: list[Claim] = [
        *claims_on_scales(best, score, final_accuracy(best, records), critical),
        *claims_on_costs(best, records, score, critical),
        *claims_on_small_trials(trials, steps=early, least=int(runs["depth"].min())),
        *claims_on_optimizers(runs, score),
        *claims_on_rates(matched, records, is_stable),
    ]
    shown = [
        *curves(best, records, score, critical),
        *laws(best, records, score),
        *rates(runs, is_stable),
        *drawing(
            "overshoot",
            f"Highest loss of the first steps over the loss before training, against the learning "
            f"rate, with the named law nearest to the critical deviation ({laws_of(matched)}). A "
            "rise of more than 1,000 is drawn as one.",
            rise_by_rate(matched, early_rise(matched, records)),
            partial(alt_log_curves, how=OVERSHOOT),
            partial(draw_log_curves, how=OVERSHOOT),
        ),
        *small_trial_drawing(trials, early),
    ]
    return told_findings(
        claims,
        shown,
        ANSWER,
        Listing("scales", READ, scales_to_read(best, score, critical)),
    )


def small_trials_of(
    runs: pd.DataFrame, records: pd.DataFrame, score: "pd.Series[float]"
) -> tuple[pd.DataFrame, int]:
    """Returns the small trials, the shorter one ending at the last validated step but one."""
    *before, _ = [0, *validated_steps(runs, records)]
    return small_trials(runs, accuracy_at(runs, records, before[-1]), score), before[-1]


def curves(
    best: pd.DataFrame,
    records: pd.DataFrame,
    score: "pd.Series[float]",
    critical: dict[str, float],
) -> list[Drawing]:
    """Returns accuracy and steps against the standard deviation."""
    place = best["activation"].map(critical)
    beside = best[["activation"]].assign(critical=place).drop_duplicates()
    accuracy = by_deviation(best, score, VALIDATION).merge(beside, on="activation")
    steps = by_deviation(best, steps_to_target(best, records), STEPS)
    theory = "Dotted: the critical deviation of theory."
    return [
        *drawing(
            "scales",
            "Validation accuracy at the end against the standard deviation of the weights, "
            f"{CHOSEN}. {theory}",
            accuracy,
            partial(alt_log_curves, how=SCALES),
            partial(draw_log_curves, how=SCALES),
        ),
        *drawing(
            "steps",
            f"Steps to a training accuracy of {TARGET:g}, of the runs that reach it within "
            f"{last_step(best)}, {CHOSEN}. {theory}",
            steps.merge(beside, on="activation"),
            partial(alt_log_curves, how=TO_TARGET),
            partial(draw_log_curves, how=TO_TARGET),
            mean="Geometric mean",
        ),
    ]


def laws(best: pd.DataFrame, records: pd.DataFrame, score: "pd.Series[float]") -> list[Drawing]:
    """Returns the test accuracy of the named laws, beside that of the deviation chosen by hand."""
    return drawing(
        "laws",
        "Test accuracy at the end: the named laws, and the standard deviation that validation "
        f"chooses, {CHOSEN}.",
        final_values(laws_beside(best, score, "chosen"), records, statistics=("test_accuracy",)),
        alt_accuracy_by_depth,
        draw_accuracy_by_depth,
    )


def rates(runs: pd.DataFrame, is_stable: "pd.Series[bool]") -> list[Drawing]:
    """Returns the largest stable learning rates."""
    return drawing(
        "rates",
        "Largest learning rate at which, as at all smaller ones, the training loss ends at most a "
        "tenth above its start.",
        rate_table(largest_stable_rates(runs, is_stable)),
        alt_rate_map,
        draw_rate_map,
        ended="no rate was stable in some seed",
        mean="Geometric mean",
        interval=False,
    )


def small_trial_drawing(trials: pd.DataFrame, steps: int) -> list[Drawing]:
    """Returns what small trials say beside what full runs come to."""
    if trials.empty:
        return []
    table = over_seeds(trials)
    caption = (
        f"Validation accuracy of the full run against that of a small trial, left after {steps} "
        "steps of the same run, right of the shallowest network; each with the learning rate that "
        "is best there. A mark an initializer, optimizer and depth of the full run: mean over n = "
        f"{trials['seed'].nunique()} seeds, no interval."
    )
    return [Drawing("small-trials", caption, alt_small_trials(table), table, draw_small_trials)]


def laws_of(matched: pd.DataFrame) -> str:
    """Returns which law each activation has."""
    pairs = matched[["activation", "initializer"]].drop_duplicates().itertuples(index=False)
    return ", ".join(f"{activation}: {label}" for activation, label in pairs)
