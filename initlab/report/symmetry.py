"""What a report says of units that start out alike, or of filters: claims, figures, tables."""

import pandas as pd

from initlab.analysis.claims.copies import claims_on_copies
from initlab.analysis.claims.difference import claims_on_accuracy, claims_on_noise
from initlab.analysis.claims.first_loss import first_error_claims, first_loss_claims
from initlab.analysis.claims.making import drawn_claims
from initlab.analysis.claims.sources import EQUAL_CLASSES, FIRST_ERROR
from initlab.analysis.claims.symmetry_answer import symmetry_answer
from initlab.analysis.claims.taps import claims_on_taps
from initlab.analysis.claims.trials import trial_listing
from initlab.analysis.filters import of_filters, unit_word
from initlab.analysis.findings import Claim, Findings, Listing
from initlab.analysis.guessing import chance
from initlab.analysis.noise import noise_rows
from initlab.analysis.profiles import BACKWARD
from initlab.analysis.selection import name_readouts
from initlab.analysis.symmetry import arms_at_the_end
from initlab.analysis.training import final_accuracy
from initlab.figures.drawings.symmetry import symmetry_drawings
from initlab.store.query import Results

COLUMNS = [
    "run_id", "step", "layer", "site", "duplicate_unit_fraction", "unit_cosine", "effective_rank",
    "kernel_gradient_rank", "kernel_min", "kernel_max", BACKWARD,
]  # fmt: skip
ARMS = (
    "Each arm at the end of training: share of duplicate {unit}s, cosine between {unit}s, "
    "effective ranks of activations and of the weights' gradients (means of the hidden layers); "
    "the first measured step at which no hidden layer has duplicates (median; empty: never); and "
    "test accuracy with its 95 % interval: it learns if that lies above {bound:g}, twice a guess, "
    "and guesses if below."
)
NOISE = (
    "One constant and noise: how far test accuracy comes from the copies (0) to the random network "
    "(1), with its 95 % interval; the median of the steps until the activations of a hidden layer "
    "have an effective rank of 1.5; and the geometric mean of the steps until training accuracy is "
    "half way, each over the seeds that get there."
)


def symmetry_findings(results: Results) -> Findings:
    """Returns the findings on whichever arms the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    runs, records = name_readouts(results.runs), results.steps
    layers = results.read_layers(COLUMNS)
    accuracy = final_accuracy(runs, records)
    claims = [
        *claims_on_copies(runs, layers),
        *(claims_on_taps(runs, layers) if of_filters(runs) else ()),
        *claims_on_accuracy(runs, accuracy),
        *claims_on_noise(runs, layers, accuracy),
        *first_loss_claims(runs, records, source=EQUAL_CLASSES, figure="training"),
        *first_error_claims(runs, layers, source=FIRST_ERROR, figure="first-error"),
    ]
    shown = symmetry_drawings(results, runs, layers)
    kept = drawn_claims(claims, shown)
    return Findings(
        answer=symmetry_answer(kept, runs) or ("The runs hold no arm that a claim is about.",),
        claims=kept,
        drawings=tuple(shown),
        listings=tuple(listings(runs, layers, records, accuracy, kept)),
    )


def listings(
    runs: pd.DataFrame,
    layers: pd.DataFrame,
    records: pd.DataFrame,
    accuracy: "pd.Series[float]",
    claims: tuple[Claim, ...],
) -> list[Listing]:
    """Returns what became of each arm, of each size of noise, and each claim trial by trial."""
    noise = noise_rows(runs, layers, records, accuracy)
    said = ARMS.format(unit=unit_word(runs), bound=2 * chance(runs))
    found = [Listing("arms", said, arms_at_the_end(runs, layers, accuracy))]
    found += [] if noise.empty else [Listing("noise", NOISE, noise)]
    return [*found, trial_listing(claims)]
