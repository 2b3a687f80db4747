"""Claims on networks before training: factors, what is left of the signal, ELU, neurons."""

import pandas as pd

from initlab.analysis.claims.factors import claims_on_elu, claims_on_factors
from initlab.analysis.claims.fate import claims_on_fixed_gaussians
from initlab.analysis.claims.holding import claims_on_holding
from initlab.analysis.claims.neurons import claims_on_arms, claims_on_neurons
from initlab.analysis.factors import run_factors
from initlab.analysis.findings import Claim


def claims_before_training(
    grid: pd.DataFrame, arms: pd.DataFrame, factors: pd.DataFrame, start: pd.DataFrame
) -> list[Claim]:
    """Returns what is claimed of step 0: of mean squares layer by layer and over all, of neurons.

    Args:
        grid: the runs that count.
        arms: of `arm_runs`, for the same results.
        factors: of `layer_factors`, for these runs.
        start: the `layers` table of step 0.
    """
    return [
        *claims_on_factors(grid, factors),
        *claims_on_holding(factors),
        *claims_on_fixed_gaussians(grid, factors, start),
        *claims_on_elu(grid, run_factors(grid, start)),
        *claims_on_arms(arms, start),
        *claims_on_neurons(grid, start),
    ]
