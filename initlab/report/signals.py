"""What a report says of signals through depth, on any grid: claims, figures, tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from initlab.analysis.claims.before_training import claims_before_training
from initlab.analysis.claims.first_loss import first_loss_claims
from initlab.analysis.claims.lower_layers import claims_on_lower_layers, compared_runs
from initlab.analysis.claims.making import drawn_claims
from initlab.analysis.claims.signal_answer import signal_answer
from initlab.analysis.claims.sources import EQUAL_CLASSES
from initlab.analysis.claims.telling import NOTHING
from initlab.analysis.claims.theory import claims_on_theory, left_unjudged
from initlab.analysis.claims.trained import trained as trained_best
from initlab.analysis.claims.training import claims_on_training
from initlab.analysis.claims.trials import trial_listing
from initlab.analysis.claims.words import answer
from initlab.analysis.claims.zeros import claims_on_zeros
from initlab.analysis.expected_factors import expected_factors, run_expectations
from initlab.analysis.factors import layer_factors
from initlab.analysis.fates import trial_listings, with_expectations
from initlab.analysis.filters import of_filters
from initlab.analysis.findings import Claim, Drawing, Findings
from initlab.analysis.profiles import VARIANCES
from initlab.analysis.selection import grid_runs, middle_depth, one_setting, select
from initlab.analysis.training import final_accuracy
from initlab.analysis.units import arm_runs
from initlab.analysis.updates import RATIO, relative_updates
from initlab.analysis.weights import shallow_listing
from initlab.figures.drawings import before_training, training
from initlab.store.query import Results

PLACE = ["run_id", "step", "layer", "site"]


@dataclass(frozen=True)
class Signals:
    """What claims and figures are made of.

    Attributes:
        results: the store.
        grid: the runs of the product of initializers, activations and depths.
        beside: what of them was held, in words for captions; empty where nothing else varies.
        arms: the runs beside the grid, of `arm_runs`.
        start: the `layers` table of step 0.
        expectations: of `run_expectations`.
        factors: of `with_expectations`.
        accuracy: of `final_accuracy`.
        best: of `compared_runs`.
        updates: of `relative_updates`, for these.
    """

    results: Results
    grid: pd.DataFrame
    beside: str
    arms: pd.DataFrame
    start: pd.DataFrame
    expectations: pd.DataFrame
    factors: pd.DataFrame
    accuracy: "pd.Series[float]"
    best: pd.DataFrame
    updates: pd.DataFrame


def read_signals(results: Results, runs: pd.DataFrame) -> Signals:
    """Returns what is measured and expected of these runs."""
    (grid, held), arms = one_setting(grid_runs(runs)), arm_runs(runs)
    start = results.read_layers(filters=[("step", "==", 0)])
    expectations = run_expectations(grid, start, results.predictions)
    expected = expected_factors(grid, expectations)
    best = compared_runs(grid, results.steps)
    return Signals(
        results=results,
        grid=grid,
        beside=f" Of the trials, those with {held}." if held else "",
        arms=arms,
        start=start,
        expectations=expectations,
        factors=with_expectations(layer_factors(grid, start), grid, expected),
        accuracy=final_accuracy(grid, results.steps),
        best=best,
        updates=relative_updates(best, results.read_layers([*PLACE, RATIO])),
    )


def signal_claims(signals: Signals) -> list[Claim]:
    """Returns the claims that these runs can be held to."""
    grid, start, factors = signals.grid, signals.start, signals.factors
    records = signals.results.steps
    return [
        *claims_before_training(grid, signals.arms, factors, start),
        *claims_on_theory(grid, factors, signals.expectations),
        *claims_on_zeros(grid, records, start, depth=middle_depth(grid)),
        *claims_on_lower_layers(signals.best, signals.updates, signals.accuracy),
        *claims_on_training(grid, records, factors, signals.accuracy),
        *first_loss_claims(
            select(grid, depth=middle_depth(grid)), records, source=EQUAL_CLASSES, figure="training"
        ),
    ]


def signal_drawings(signals: Signals) -> list[Drawing]:
    """Returns the figures that these runs can fill."""
    return [
        *_grid_drawings(signals),
        *before_training.units(signals.arms, signals.start),
        *training.trained(signals.grid, signals.results.steps, signals.beside),
        *training.layer_updates(signals.best, signals.updates),
    ]


def _grid_drawings(signals: Signals) -> list[Drawing]:
    """Returns the figures of the grid before training, and of its middle depth over time."""
    results, grid, beside = signals.results, signals.grid, signals.beside
    start, factors = signals.start, signals.factors
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


def signal_findings(
    signals: Signals,
    claims: Sequence[Claim],
    drawings: Sequence[Drawing],
    *,
    paragraphs: Sequence[Sequence[str]] = (),
) -> Findings:
    """Returns the findings: the claims that a figure shows, the answer to them, the tables.

    Args:
        signals: what the runs hold.
        claims: of `signal_claims`, and others.
        drawings: of `signal_drawings`, and others.
        paragraphs: what else the answer says, as `claims.words.answer` takes it.
    """
    kept = drawn_claims(claims, drawings)
    best = trained_best(signals.grid, signals.factors, signals.accuracy)
    said = (
        *signal_answer(
            kept,
            best,
            unjudged=left_unjudged(signals.factors),
            of_filters=of_filters(signals.grid),
        ),
        *answer(kept, paragraphs),
    )
    return Findings(
        answer=said or NOTHING,
        claims=kept,
        drawings=tuple(drawings),
        listings=(
            *trial_listings(signals.grid, signals.factors, signals.accuracy),
            *shallow_listing(signals.results, signals.grid),
            trial_listing(kept),
        ),
    )
