"""How far the signal travels through filters, forward and backward: claims, figures, tables."""

import pandas as pd

from initlab.analysis.claims.fans import claims_on_fans
from initlab.analysis.claims.padding import claims_on_padding
from initlab.analysis.findings import Findings
from initlab.analysis.selection import name_readouts, one_setting, select
from initlab.figures.drawings.before_training import profiles
from initlab.report.signals import read_signals, signal_claims, signal_drawings, signal_findings
from initlab.store.query import Results

LINEAR = "identity"
ANSWER = (
    (
        "Does zero padding take the same share of the mean square of every layer, "
        "((3H - 2) / (3H))², as it does of an even signal? {judged[padding-even]}: "
        "{spread[padding-even]} is left a layer.",
        "Is it the share that a signal keeps which is lower at the border, in the long run? "
        "{judged[padding-lasting]}.",
        "Do delta-orthogonal kernels lose nothing under the same padding? {judged[padding-delta]}.",
    ),
    (
        "A variance that forgets the receptive field, 2 / in in place of 2 / (9 in): does it "
        "multiply each layer's factor by 9, forward and backward? {judged[forgotten-field]}; by "
        "{spread[forgotten-field]}.",
        "Fan-out in place of fan-in: are layers of equal width left as they were? "
        "{judged[fan-out-layers]}.",
        "Is the first layer too small by the number of channels? {judged[fan-out-first]}. Does "
        "the readout become too large by its fan-in over ten? {judged[fan-out-readout]}; by "
        "{spread[fan-out-readout]}.",
    ),
)


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever runs the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    runs = name_readouts(with_their_readouts(results.runs))
    signals = read_signals(results, runs[runs["activation"] != LINEAR])
    linear = linear_runs(runs)
    claims = [
        *signal_claims(signals),
        *claims_on_padding(linear, signals.start),
        *claims_on_fans(signals.grid, signals.start),
    ]
    shown = [
        *signal_drawings(signals),
        *profiles(
            linear,
            signals.start,
            results.predictions,
            " Networks without a nonlinearity, in which padding is all that takes of a signal.",
            name="padding",
        ),
    ]
    return signal_findings(signals, claims, shown, paragraphs=ANSWER)


def with_their_readouts(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs with laws that always come with the same readout told by their own name."""
    known = runs.groupby("initializer")["readout_initializer"].transform("nunique") == 1
    own = runs["readout_initializer"].mask(known, runs["initializer"])
    return runs.assign(readout_initializer=own)


def linear_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs without a nonlinearity, of the greatest depth, that padding is read off."""
    linear, _ = one_setting(select(runs, activation=LINEAR))
    return linear[linear["depth"] == linear["depth"].max()].reset_index(drop=True)
