"""What choices of layers do: pooling, kernel size, padding, augmentation, dropout."""

from typing import NamedTuple

import pandas as pd

from initlab.analysis.choice_factors import noisy_factors, padded_factors, pooled_factors
from initlab.analysis.choice_labels import LABELS, labelled
from initlab.analysis.claims.augmentations import claims_on_augmentation, claims_on_more_images
from initlab.analysis.claims.choice_signals import (
    claims_on_noisy_signals,
    claims_on_padded_windows,
    claims_on_pooled_squares,
)
from initlab.analysis.claims.dropped_values import claims_on_dropped_values
from initlab.analysis.claims.idle_layers import claims_on_idle_layers
from initlab.analysis.claims.layer_choices import (
    claims_on_kernels,
    claims_on_padding_by_depth,
    claims_on_pooling,
)
from initlab.analysis.claims.probing import claims_on_dropout, claims_on_moved_images
from initlab.analysis.claims.telling import no_findings, told_findings
from initlab.analysis.contrasts import chosen, contrast, rates_of_choices
from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.analysis.probes import DROPPED, REMOVED, SHIFTED, answer_at, probe_answers
from initlab.analysis.profiles import FORWARD
from initlab.analysis.selection import select
from initlab.analysis.trainability import late_accuracy
from initlab.analysis.training import final_accuracy
from initlab.figures.drawings.choices import accuracies, factors, probed, twins
from initlab.store.query import Results

type Part = tuple[list[Claim], list[Drawing]]

VALIDATION = "validation_accuracy"
CHOSEN = (
    "The learning rate of each choice, that of its highest mean validation accuracy, and its "
    "accuracies at the end, means over seeds (a diverged run: a guess)."
)
ANSWER = (
    (
        "Does max pooling end higher than average and L2-norm pooling? {judged[max-]}; percentage "
        "points of test accuracy more: {percent[max-]}.",
        "Does it drop 75 % of the activations? {judged[drops-]}; {each[drops-]}.",
        "Does a net with it depend less on where things are than one without pooling? "
        "{judged[moved-]}; it loses {percent[moved-]} percentage points less.",
        "Does a rectifier after max pooling change nothing? {judged[idle-relu]}.",
    ),
    (
        "Do odd kernels serve better than even ones? {judged[odd-]}; percentage points more: "
        "{percent[odd-]}. Does 3 by 3 serve better than smaller ones? {judged[least-]}; "
        "{each[least-]}.",
        "Do nets without padding end lower? {judged[unpadded-]}; percentage points lost: "
        "{percent[unpadded-]}. The more so the deeper? {judged[shrinking]}.",
    ),
    (
        "Does augmentation narrow the gap between training and test? {judged[gap-]}. Does it raise "
        "test accuracy? {judged[gain-]}; percentage points more: {percent[gain-]}.",
        "More images instead? {each[images-]}.",
        "Does dropout make a net redundant? {judged[redundant-]}. Does it cost accuracy where it "
        "acts in testing? {judged[training-only-]}.",
    ),
    (
        "Before training: does zero padding leave its share of the mean square a layer? "
        "{judged[zeros-]}; {each[zeros-]}.",
        "Does dropout divide the mean square by the share kept? {judged[noise-grows]}; is the "
        "critical weight variance 2 times that share? {judged[noise-critical]}.",
        "Does pooling change the mean square by what theory expects? {judged[square-]}; "
        "{each[square-]}.",
    ),
)


class Scores(NamedTuple):
    """What runs come to, by run id; a diverged run is a guess."""

    train: "pd.Series[float]"
    validation: "pd.Series[float]"
    test: "pd.Series[float]"


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever choices the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    runs, records = results.runs, results.steps
    trained, drawn = runs[runs["steps"] > 0], runs[runs["steps"] == 0]
    scores = Scores(
        late_accuracy(trained, records),
        final_accuracy(trained, records, statistic=VALIDATION),
        final_accuracy(trained, records),
    )
    start = results.read_layers(
        ["run_id", "step", "layer", "site", "layer_name", FORWARD], filters=[("step", "==", 0)]
    )
    own = {
        field: labelled(chosen(contrast(trained, field), scores.validation), label)
        for field, label in LABELS.items()
    }
    parts: list[Part] = [
        of_pooling(own["pooling"], results, scores),
        of_idle_layers(contrast(trained, "after_pooling"), records),
        of_kernels(own["kernel_size"], scores),
        of_padding(own["padding"], scores),
        of_augmentation(own["augmentation"], own["validation_fraction"], scores),
        of_dropout(own["dropout"], results, scores),
        of_signals(drawn, start, results.predictions),
    ]
    claims = [claim for found, _ in parts for claim in found]
    if not claims:
        return no_findings()
    return told_findings(
        claims,
        [shown for _, found in parts for shown in found],
        ANSWER,
        Listing("rates", CHOSEN, rates_of_choices(own, scores._asdict())),
    )


def of_pooling(own: pd.DataFrame, results: Results, scores: Scores) -> Part:
    """Returns what is said and drawn of the kinds of pooling."""
    claims = [
        *claims_on_pooling(own, scores.test),
        *claims_on_dropped_values(own),
        *claims_on_moved_images(own, results.arrays),
    ]
    shown = [
        *ends("pooling", "Kinds of pooling", own, scores),
        *probed(
            "moved",
            "Test accuracy where images are moved, mean over four directions, by kind of pooling",
            own,
            results.arrays,
            SHIFTED,
        ),
    ]
    return claims, shown


def of_idle_layers(pairs: pd.DataFrame, records: pd.DataFrame) -> Part:
    """Returns what is said and drawn of a nonlinearity that comes again after pooling."""
    if pairs.empty:
        return [], []
    shared = pairs.groupby("learning_rate")["activation"].nunique()
    one = select(pairs, learning_rate=float(shared.idxmax()))
    what = (
        f"Training loss with a nonlinearity after the first pooling, and with nothing there, at "
        f"the learning rate {one['learning_rate'].iloc[0]:g}."
    )
    return claims_on_idle_layers(pairs, records), twins("idle", what, one, records)


def of_kernels(own: pd.DataFrame, scores: Scores) -> Part:
    """Returns what is said and drawn of kernel sizes."""
    return claims_on_kernels(own, scores.test), ends("kernels", "Kernel sizes", own, scores)


def of_padding(own: pd.DataFrame, scores: Scores) -> Part:
    """Returns what is said and drawn of padding by depth."""
    claims = claims_on_padding_by_depth(own, scores.test)
    return claims, ends("padding", "Convnets with and without padding, by depth", own, scores)


def of_augmentation(own: pd.DataFrame, images: pd.DataFrame, scores: Scores) -> Part:
    """Returns what is said and drawn of augmentation, and of more images instead."""
    claims = [
        *claims_on_augmentation(own, scores.train, scores.test),
        *claims_on_more_images(images, scores.test),
    ]
    more = images[~images["run_id"].isin(own["run_id"])]
    both = pd.concat([own, more], ignore_index=True)
    return claims, ends("augmentation", "Augmentation, and more images", both, scores)


def of_dropout(own: pd.DataFrame, results: Results, scores: Scores) -> Part:
    """Returns what is said and drawn of dropout in training, in testing, and of units removed."""
    acting = answer_at(probe_answers(own, results.arrays, DROPPED), 1.0)
    shown = [
        *accuracies(
            "dropout",
            "Rates of dropout, with and without its acting in testing",
            own,
            train_accuracy=scores.train,
            test_accuracy=scores.test,
            dropped_accuracy=acting,
        ),
        *probed(
            "removed",
            "Test accuracy where a share of the hidden units is removed, mean over four draws of "
            "which, by the dropout of training",
            own,
            results.arrays,
            REMOVED,
        ),
    ]
    return claims_on_dropout(own, results.arrays), shown


def of_signals(drawn: pd.DataFrame, start: pd.DataFrame, predictions: pd.DataFrame) -> Part:
    """Returns what is said and drawn of what padding, dropout and pooling do to a signal."""
    pooled = pooled_factors(contrast(drawn, "pooling"), start, predictions)
    padded = padded_factors(contrast(drawn, "padding"), start)
    noisy_nets = contrast(drawn, "dropout")
    noisy = noisy_factors(noisy_nets, start)
    claims = [
        *claims_on_padded_windows(padded),
        *claims_on_noisy_signals(noisy, noisy_nets),
        *claims_on_pooled_squares(pooled),
    ]
    shown = [
        *factors(
            "padded",
            "Linear convnets before training: what zero padding leaves of the mean square a layer, "
            "by kernel size.",
            padded.values(),
        ),
        *factors(
            "noisy",
            "Rectifier networks before training, as dropout acts in training: factor of the mean "
            "square a layer, by dropout and weight variance.",
            noisy.values(),
        ),
        *factors(
            "pooled",
            "Before training: mean square of preactivations after the first pooling, over that of "
            "the same weights without it.",
            pooled.values(),
        ),
    ]
    return claims, shown


def ends(name: str, what: str, own: pd.DataFrame, scores: Scores) -> list[Drawing]:
    """Returns the figure of training and test accuracy, a row a choice."""
    return accuracies(name, what, own, train_accuracy=scores.train, test_accuracy=scores.test)
