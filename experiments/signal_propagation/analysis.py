"""How far the signal travels, forward and backward: claims, figures and tables."""

import pandas as pd

from initlab.analysis.claims.before_training import claims_before_training
from initlab.analysis.claims.first_loss import first_loss_claims
from initlab.analysis.claims.lower_layers import claims_on_lower_layers, compared_runs
from initlab.analysis.claims.making import drawn_claims
from initlab.analysis.claims.signal_answer import signal_answer
from initlab.analysis.claims.sources import LN_10
from initlab.analysis.claims.theory import claims_on_theory
from initlab.analysis.claims.trained import trained as trained_best
from initlab.analysis.claims.training import claims_on_training
from initlab.analysis.claims.trials import TRIALS, trial_rows
from initlab.analysis.claims.zeros import claims_on_zeros
from initlab.analysis.expected_factors import expected_factors, run_expectations
from initlab.analysis.factors import layer_factors
from initlab.analysis.fates import trial_listings, with_expectations
from initlab.analysis.findings import Drawing, Findings, Listing
from initlab.analysis.profiles import VARIANCES
from initlab.analysis.selection import grid_runs, middle_depth, one_setting, select
from initlab.analysis.training import CLASSES, final_accuracy
from initlab.analysis.units import arm_runs
from initlab.analysis.updates import RATIO, relative_updates
from initlab.analysis.weights import shallow_listing
from initlab.figures.drawings import before_training, training
from initlab.store.query import Results

PLACE = ["run_id", "step", "layer", "site"]


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever runs the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    (grid, held), arms = one_setting(grid_runs(results.runs)), arm_runs(results.runs)
    records, start = results.steps, results.read_layers(filters=[("step", "==", 0)])
    expectations = run_expectations(grid, start, results.predictions)
    factors = with_expectations(
        layer_factors(grid, start), grid, expected_factors(grid, expectations)
    )
    accuracy = final_accuracy(grid, records, classes=CLASSES)
    best = compared_runs(grid, records)
    updates = relative_updates(best, results.read_layers([*PLACE, RATIO]))
    claims = [
        *claims_before_training(grid, arms, factors, start),
        *claims_on_theory(grid, factors, expectations),
        *claims_on_zeros(grid, records, start, depth=middle_depth(grid)),
        *claims_on_lower_layers(best, updates),
        *claims_on_training(grid, records, factors, accuracy),
        *first_loss_claims(
            select(grid, depth=middle_depth(grid)), records, source=LN_10, figure="training"
        ),
    ]
    beside = f" Of the trials, those with {held}." if held else ""
    shown = [
        *drawings(results, grid, start, factors, beside),
        *before_training.units(arms, start),
        *training.trained(grid, records, beside),
        *training.layer_updates(best, updates),
    ]
    kept = drawn_claims(claims, shown)
    return Findings(
        answer=signal_answer(kept, trained_best(grid, factors, accuracy))
        or ("The runs hold nothing that a claim is about.",),
        claims=kept,
        drawings=tuple(shown),
        listings=(
            *trial_listings(grid, factors, accuracy),
            *shallow_listing(results, grid),
            Listing("trials", TRIALS, trial_rows(kept)),
        ),
    )


def drawings(
    results: Results, grid: pd.DataFrame, start: pd.DataFrame, factors: pd.DataFrame, beside: str
) -> list[Drawing]:
    """Returns the figures of the grid that these runs can fill; `beside` says what was held."""
    if grid.empty:
        return []
    middle = select(grid, depth=middle_depth(grid))
    columns = [*PLACE, *VARIANCES.values()]
    return [
        *before_training.variances(grid, start, results.predictions, beside),
        *before_training.factor_map(factors, beside),
        *before_training.as_theory(factors, beside),
        *before_training.profiles(grid, start, results.predictions, beside),
        *training.over_time(middle, results.read_layers(columns, run_ids=list(middle["run_id"]))),
        *before_training.distributions(grid, start, results.arrays),
        *before_training.neurons(grid, start, beside),
    ]
