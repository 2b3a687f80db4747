"""The arms of symmetry, told from an initializer's label."""

import pandas as pd

from initlab.analysis.names import READOUT
from initlab.analysis.selection import select

RANDOM = ("lecun_normal", "lecun_uniform", "glorot_normal", "glorot_uniform", "he_normal")

TIED = ("tied_halves", "tied_filters")  # the second of experiments/conv_symmetry

ARMS = {
    "zeros": "All zeros",
    "constant": "One constant everywhere",
    "constant-readout": "One constant with a readout that is not alike",
    "halves": "Two identical halves with outgoing weights alike",
    "halves-readout": "Two identical halves with a readout that is not alike",
    "noise": "One constant and noise",
    "random": "Random weights",
}


def kind(label: str) -> str:
    """Returns which of `ARMS` an initializer is; empty for any other."""
    kernels, _, readout = label.partition(READOUT)
    law = kernels.partition("(")[0]
    if law == "zeros" and not readout:
        return "zeros"
    if law in ("constant", "ones"):
        if not readout:
            return "constant"
        return "" if readout.startswith(("constant", "ones", "zeros")) else "constant-readout"
    if law in TIED and "tie=" not in kernels:
        alike = not readout or (readout.startswith(TIED) and "tie=units" not in readout)
        return "halves" if alike else "halves-readout"
    if law == "normal" and "mean=" in kernels and not readout:
        return "noise"
    return "random" if law in RANDOM and not readout else ""


def random_arm(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs that others are compared with: those of the first random law there is."""
    for label in RANDOM:
        if (runs["initializer"] == label).any():
            return select(runs, initializer=label)
    return runs.iloc[:0]
