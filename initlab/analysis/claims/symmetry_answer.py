"""The answer on units that start out alike: who stays copies, who parts, and what it costs."""

from collections.abc import Sequence

import pandas as pd

from initlab.analysis.claims.words import answer
from initlab.analysis.filters import of_filters, unit_word
from initlab.analysis.findings import Claim

ANSWER = (
    (
        "Does a network of zeros keep its weights, where the activation is 0 at 0? "
        "{judged[zeros-stand-still]}.",
        "With sigmoid, which is 1/2 there, does its gradient go down one layer a step? "
        "{judged[zeros-learn-downwards]}. Do its units stay copies? {judged[copies-zeros]}.",
        "Zeros end at a test accuracy of {percent[zeros-guess]} percent.",
    ),
    (
        "One constant everywhere: do all units stay copies throughout training? "
        "{judged[copies-constant]}.",
        "Do the hidden layers get no gradient at step 0? {judged[no-gradient-at-first]}.",
        "Is it of one direction only afterwards<readout-too>? {judged[one-direction-constant]}.",
        "Test accuracy ends {percent[cost-constant-constant]} percentage points below that of a "
        "random network.",
    ),
    (
        "One constant with a random readout: do the units of the last hidden layer stay copies? "
        "{judged[copies-last-constant]}. Do those below it? {judged[copies-below-constant]}.",
        "Has the gradient of the last hidden layer several directions, at most one a tap? "
        "{judged[directions-of-taps]}. Has that of each layer below it one only? "
        "{judged[one-direction-below]}.",
        "Test accuracy ends {percent[cost-constant-readout]} percentage points below.",
    ),
    (
        "Do filters that stay copies stay even over their taps? One constant: do the taps of the "
        "last hidden layer part? {judged[taps-part]}.",
        "Does zero padding alone set them apart, a corner at ((H - 1) / H)² of the centre, where "
        "every activation is the same? {judged[taps-of-padding]}: {spread[taps-of-padding]}.",
    ),
    (
        "Two identical halves with outgoing weights alike: do they stay identical? "
        "{judged[copies-tied]}.",
        "Do they learn less than a random network? {judged[cost-halves-tied]}: by "
        "{percent[cost-halves-tied]} percentage points.",
    ),
    (
        "Two identical halves with a random readout: do pairs of the last hidden layer stay "
        "copies? {judged[copies-last-tied]}. Do those below it? "
        "{judged[copies-below-tied]}.",
        "Do they learn less? {judged[cost-halves-readout]}: by {percent[cost-halves-readout]} "
        "percentage points.",
    ),
    (
        "Random weights: are all units unlike from the start? {judged[unlike]}.",
        "How small a difference is enough? With which noise upon one constant does test accuracy "
        "(of 1) end above the middle between the constant and a random network? {judged[enough]}. "
        "Above it by: {in_favour[enough]}. Below it by: {against[enough]}.",
        "Does ten times less noise take more steps until the units of a hidden layer go two ways? "
        "{judged[parts-later]}; it takes {spread[parts-later]} more.",
    ),
    (
        "Which start without preference between the classes, to a hundredth and with every "
        "activation? With the first loss of equal probabilities: {always[no-preference]}.",
        "With half their squared error: {always[first-error]}.",
    ),
)
READOUT_TOO = ", and with a random readout from the start"


def symmetry_answer(claims: Sequence[Claim], runs: pd.DataFrame) -> tuple[str, ...]:
    """Returns a paragraph an arm, of units or of filters; what no claim is about is left out."""
    too = "" if of_filters(runs) else READOUT_TOO
    told = [
        [
            text.replace("<readout-too>", too).replace("units", f"{unit_word(runs)}s")
            for text in part
        ]
        for part in ANSWER
    ]
    return answer(claims, told)
