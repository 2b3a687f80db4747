"""Random filters: edge detectors or not, what training makes of them, what they are worth."""

import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.claims.filter_tuning import claims_on_first_filters, claims_on_selectivity
from initlab.analysis.claims.first_entropy import claims_on_entropy
from initlab.analysis.claims.first_loss import first_loss_claims
from initlab.analysis.claims.hand_made import by_hand, claims_on_hand_made
from initlab.analysis.claims.learned_layers import claims_on_layers
from initlab.analysis.claims.random_edges import claims_on_edges, claims_on_gradient
from initlab.analysis.claims.random_features import claims_on_random_features
from initlab.analysis.claims.shape_detectors import claims_on_answers, claims_on_learned_shapes
from initlab.analysis.claims.sources import EQUAL_CLASSES
from initlab.analysis.claims.telling import no_findings, told_findings
from initlab.analysis.filter_arms import TRAINED, filter_numbers
from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.analysis.first_entropy import first_entropies
from initlab.analysis.frozen_arms import ARM, FREE, chosen_arms, with_arms
from initlab.analysis.layers_of_nets import layer_numbers, nets_to_compare
from initlab.analysis.planted_shapes import greatest_matches
from initlab.analysis.selection import select
from initlab.analysis.training import final_accuracy
from initlab.figures.drawings.first_filters import (
    frequencies,
    grid,
    layer_rows,
    one_net,
    rows_of_banks,
)
from initlab.figures.drawings.shape_filters import (
    detectors,
    features,
    first_outputs,
    hand_made,
    matches,
)
from initlab.store.query import Results

type Part = tuple[list[Claim], list[Drawing]]

VALIDATION = "validation_accuracy"
PHOTOGRAPHS, SHAPES = "photo_patches", "shapes"
SMALL = 16  # side of the images of nets that are drawn alone
ARMS_READ = (
    "Each arm: model, data set, filters of the first convolution and their law, whether they are "
    "fixed or trained, its learning rate, and test accuracy at the end, mean over seeds (a "
    "diverged run: a guess)."
)
FILTERS_READ = "Each window and bank of first-layer filters, mean over filters and seeds."
ANSWER = (
    (
        "Does a randomly initialized filter act very much like an edge detector? {judged[acts-]}; "
        "share of Sobel's distance from chance: {each[acts-]}. Does one less its mean? "
        "{judged[zero-mean-]}; {each[zero-mean-]}.",
        "Do random filters know nothing of edges? {judged[blind-]}; chance that an edge has the "
        "greater answer: {each[blind-]}.",
    ),
    (
        "Do the answers of random filters follow Sobel's gradient? {judged[gradient-acts-]}; share "
        "of the correlation of Sobel's own: {each[gradient-acts-]}. Without their mean? "
        "{judged[gradient-zero-mean-]}; {each[gradient-zero-mean-]}.",
        "Do random filters select one orientation, half as much as Sobel's? "
        "{judged[selects-orientation-]}; {each[selects-orientation-]}. One frequency? "
        "{judged[selects-frequency-]}; {each[selects-frequency-]}.",
    ),
    (
        "Does training make filters look for edges, more than random ones? "
        "{judged[edges-learned-]}. More than filters of their moments? {judged[edges-moments-]}. "
        "Than with their pixels shuffled? {judged[edges-places-]}. Do trained ones follow the "
        "gradient more than random ones? {judged[gradient-learned-]}. More than filters of their "
        "moments? {judged[gradient-moments-]}. Than with their pixels shuffled? "
        "{judged[gradient-places-]}.",
    ),
    (
        "Do first layers learn to select orientations? {judged[oriented-random-]}. More than "
        "filters of their moments? {judged[oriented-moments-]}. Than with their pixels shuffled? "
        "{judged[oriented-places-]}.",
        "Do they learn to select frequencies? {judged[banded-random-]}. More than filters of their "
        "moments? {judged[banded-moments-]}. Than with their pixels shuffled? "
        "{judged[banded-places-]}.",
        "Are filters smoother after training than before? {judged[smooth-random-]}; mean frequency "
        "lower by {spread[smooth-random-]} cycles a pixel. Smoother than filters of their moments? "
        "{judged[smooth-moments-]}. Than with their pixels shuffled? {judged[smooth-places-]}.",
        "Are filters nearer to Gabor filters than before? {judged[waves-random-]}.",
        "Do filters part into those that see colour and those that do not? "
        "{judged[blobs-random-]}.",
    ),
    (
        "Are units tuned to oriented bars more than before? {judged[bars-]}.",
        "Do deeper layers tell more? {judged[deeper-]}; percentage points: {percent[deeper-]}. "
        "More than those of a random net? {judged[training-deepens]}.",
    ),
    (
        "Does a filter of a shape answer most where the shape is? {judged[where-]}; "
        "{each[where-]}. With next to nothing elsewhere? {judged[silent-]}; {each[silent-]}.",
        "If there is an X to detect, does a filter learn it? {judged[learned-x-]}; greatest "
        "correlation: {spread[learned-x-]}; share of runs: {spread[often-x]}.",
    ),
    (
        "Do filters made by hand help as a start? {judged[helps-]}; percentage points more: "
        "{percent[helps-]}.",
        "Do they serve better than random ones where they are fixed? {judged[fixed-]}; "
        "{percent[fixed-]}.",
        "Do filters of shapes serve better with their mean removed? {judged[centred-shape-]}.",
    ),
    (
        "Are random filters of one convolution with a linear classifier a strong baseline? "
        "{judged[strong-convnet]}; share of the trained accuracy: {spread[strong-convnet]}. Those "
        "of three with pooling? {judged[strong-textbook]}; {spread[strong-textbook]}.",
        "Do more random filters come nearer to trained ones? {judged[more-]}.",
    ),
    (
        "Do networks start undecided? {judged[entropy-]}; entropy: {each[entropy-]}.",
        "Do they start with a loss of ln 10? {judged[no-preference-]}.",
    ),
)


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever arms the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    runs, records = results.runs, results.steps
    trained, drawn = runs[runs["steps"] > 0], runs[runs["steps"] == 0]
    score = final_accuracy(trained, records, statistic=VALIDATION)
    test = final_accuracy(trained, records)
    photographs = photograph_nets(trained, score)
    numbers = filter_numbers(photographs, results.arrays)
    own = chosen_arms(with_arms(trained), score)
    parts: list[Part] = [
        of_filters(photographs, numbers, results),
        of_layers(photographs, drawn, results),
        of_shapes(own, test, results),
        of_features(own[own["law"] == own["initializer"]], test),
        of_first_outputs(drawn, results),
    ]
    claims = [claim for found, _ in parts for claim in found]
    if not claims:
        return no_findings()
    return told_findings(
        claims,
        [shown for _, found in parts for shown in found],
        ANSWER,
        Listing("filters", FILTERS_READ, filters_to_read(numbers)),
        Listing("arms", ARMS_READ, arms_to_read(own, test)),
    )


def photograph_nets(trained: pd.DataFrame, score: "pd.Series[float]") -> pd.DataFrame:
    """Returns the convnets trained on photographs, one learning rate for each first window."""
    nets = select(trained, model="convnet", dataset=PHOTOGRAPHS)
    window = nets["kernel_size"] if "first_window" not in nets else nets["first_window"]
    nets = nets.assign(window=window.fillna(nets["kernel_size"]).astype(int))
    return best_trials(nets, score, ["window"]).sort_values(["window", "seed"], ignore_index=True)


def of_filters(photographs: pd.DataFrame, numbers: pd.DataFrame, results: Results) -> Part:
    """Returns what is said and drawn of first-layer filters on photographs."""
    if numbers.empty:
        return [], []
    claims = [
        *claims_on_edges(numbers),
        *claims_on_gradient(numbers),
        *claims_on_selectivity(numbers),
        *claims_on_first_filters(numbers),
    ]
    first = photographs[photographs["run_id"].isin(numbers["run_id"])].drop_duplicates("window")
    shown = [
        *rows_of_banks(numbers),
        *(one for _, run in first.iterrows() for one in grid(run, results.arrays)),
        *frequencies(first.iloc[-1], results.arrays),
    ]
    return claims, shown


def of_layers(photographs: pd.DataFrame, drawn: pd.DataFrame, results: Results) -> Part:
    """Returns what is said and drawn of layers before and after training."""
    nets = nets_to_compare(photographs, drawn)
    layers = layer_numbers(nets, results.checkpoint)
    measured = nets[(nets["net"] == TRAINED) & nets["run_id"].isin(layers["run_id"])]
    if measured.empty:
        return [], []
    run = measured.iloc[0]
    kept = results.checkpoint(str(run["run_id"]))
    window = int(run["window"])
    of = f"of convnets with first windows of {window} by {window}"
    return claims_on_layers(layers), [*layer_rows(layers, of=of), *one_net(run, kept)]


def of_shapes(own: pd.DataFrame, test: "pd.Series[float]", results: Results) -> Part:
    """Returns what is said and drawn of planted shapes: detectors given, learned, and made."""
    nets = select(own, dataset=SHAPES)
    if nets.empty:
        return [], []
    free = nets[(nets["filters"] == FREE) & (nets["law"] == nets["initializer"])]
    before, after = (
        greatest_matches(free, results.arrays, shape="x", when=when)
        for when in ("initial", "final")
    )
    made = by_hand(nets)
    claims = [
        *claims_on_answers(),
        *claims_on_learned_shapes(before, after),
        *claims_on_hand_made(made, test),
    ]
    return claims, [*detectors(), *matches(before, after), *hand_made(made, test)]


def of_features(own: pd.DataFrame, test: "pd.Series[float]") -> Part:
    """Returns what is said and drawn of random filters under a linear classifier."""
    return claims_on_random_features(own, test), features(own, test)


def of_first_outputs(drawn: pd.DataFrame, results: Results) -> Part:
    """Returns what is said and drawn of predictions before training."""
    some = drawn[drawn["image_size"].eq(SMALL)]
    entropy = first_entropies(some, results.checkpoint)
    known = some[some["run_id"].isin(entropy.index)]
    claims = [
        *claims_on_entropy(known, entropy),
        *first_loss_claims(known, results.steps, source=EQUAL_CLASSES, figure="entropy"),
    ]
    return claims, first_outputs(known, results.steps, entropy)


def filters_to_read(numbers: pd.DataFrame) -> pd.DataFrame:
    """Returns a row for each window and bank, rounded for reading."""
    wide = numbers.pivot_table(
        index=["window", "bank"], columns="statistic", values="value", sort=False
    )
    return wide.round(3).reset_index()


def arms_to_read(own: pd.DataFrame, test: "pd.Series[float]") -> pd.DataFrame:
    """Returns a row for each arm, rounded for reading."""
    rows = own.assign(accuracy=own["run_id"].map(test).astype("float64"))
    means = rows.groupby([*ARM, "learning_rate"], sort=False)["accuracy"].mean().round(3)
    return means.reset_index().rename(columns={"learning_rate": "rate", "accuracy": "test"})
