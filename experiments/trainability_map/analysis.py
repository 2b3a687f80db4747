"""How deep networks train, by weight variance, beside the depth scale of theory."""

import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.captions import drawing
from initlab.analysis.claims.making import drawn_claims
from initlab.analysis.claims.telling import NOTHING
from initlab.analysis.claims.trainability import MAP, claims_on_trainability
from initlab.analysis.claims.trials import trial_listing
from initlab.analysis.claims.words import answer
from initlab.analysis.depth_scales import depth_scales
from initlab.analysis.findings import Findings, Listing
from initlab.analysis.over_seeds import means
from initlab.analysis.trainability import (
    CELL,
    LEVEL,
    late_accuracy,
    trainability,
)
from initlab.figures.trainability_map import alt_trainability_map, draw_trainability_map
from initlab.store.query import Results

CAPTION = (
    "Training accuracy (mean of the steps measured in the last quarter) over weight variance and "
    "depth. Black, from theory: dotted the critical weight variance, dashed one depth scale xi, "
    "solid 6 xi; for relu xi is the gradient's. Vermillion: depth at which accuracy falls below "
    f"{LEVEL:g}, geometric mean over all seeds with its 95 % t interval; at a column's end it may "
    "lie beyond."
)
COLUMNS = (
    "Each column of the map: weight variance times fan-in, the gradient's factor a layer and the "
    "depth scale in layers as theory has them, six scales, and the depth up to which networks "
    "train, geometric mean over seeds with the ends of its 95 % interval."
)
ANSWER = (
    (
        "Do networks train as deep as six depth scales of theory, within a factor of 1.5? "
        "{judged[reach-]}; in depth scales: {each[reach-]}.",
    ),
    (
        "Do networks deeper than six depth scales fail to train? {judged[beyond-]}; mean training "
        "accuracies are {each[beyond-]}.",
        "Do shallower ones train within these steps? {judged[inside-]}; they are {each[inside-]}.",
    ),
    (
        "Do the deepest networks train within these steps at the critical point, where theory sets "
        "no depth? {judged[any-depth-]}; training accuracies are {each[any-depth-]}.",
    ),
    (
        "Do networks train deepest beside the critical weight variance? {judged[deepest-]}; the "
        "weight variance of the deepest is {each[deepest-]}.",
        "Do they train the deeper, the longer the depth scale? {judged[order-]}, with rank "
        "correlations of {spread[order-]}.",
    ),
)


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever cells of the map the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    accuracy = late_accuracy(results.runs, results.steps)
    runs = best_trials(results.runs, accuracy, CELL)
    scales = depth_scales(runs, results.predictions)
    table = trainability(runs, accuracy, scales)
    shown = drawing(
        MAP, CAPTION, table, alt_trainability_map, draw_trainability_map, interval=False
    )
    claims = drawn_claims(claims_on_trainability(runs, accuracy, scales), shown)
    return Findings(
        answer=answer(claims, ANSWER) or NOTHING,
        claims=claims,
        drawings=tuple(shown),
        listings=(
            Listing("columns", COLUMNS, columns_to_read(table)),
            trial_listing(claims),
        ),
    )


def columns_to_read(table: pd.DataFrame) -> pd.DataFrame:
    """Returns one row a column of the map, rounded for reading."""
    columns = means(table).drop_duplicates(["activation", "weight_variance"])
    rows = columns.assign(six=6 * columns["xi"])
    names = {
        "activation": "activation",
        "weight_variance": "weight variance",
        "gradient_factor": "factor",
        "xi": "scale",
        "six": "six scales",
        "frontier": "trains to",
        "frontier_low": "low",
        "frontier_high": "high",
    }
    written = rows[list(names)].rename(columns=names)
    numbers = written.columns[1:]
    return written.assign(
        **{name: [float(f"{value:.4g}") for value in written[name]] for name in numbers}
    ).reset_index(drop=True)
