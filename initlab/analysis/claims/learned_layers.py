"""Claims on what layers learn: what they tell of the classes, and what their units prefer."""

import operator
from itertools import pairwise

import pandas as pd

from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.sources import DEEPER, EDGES_AND_BLOBS
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.filter_arms import RANDOM, TRAINED
from initlab.analysis.findings import Claim
from initlab.analysis.layers_of_nets import PROBE, TUNING, of_layer

MODELS = "the kept models before and after training"


def claims_on_layers(layers: pd.DataFrame) -> list[Claim]:
    """Returns the claims on what layers tell of the classes, and on what units prefer.

    Args:
        layers: of `layers_of_nets.layer_numbers`.
    """
    names = list(dict.fromkeys(layers.loc[layers["statistic"] == TUNING, "layer_name"]))
    if not names:
        return []
    deeper: list[Claim] = []
    for below, above in pairwise(names):
        deeper += positive_claim(
            ("deeper", above),
            f"Of a trained net {above} tells a linear probe more of the classes than {below}.",
            of_layer(layers, TRAINED, above, PROBE) - of_layer(layers, TRAINED, below, PROBE),
            source=DEEPER,
            unit="test accuracy of the probe, more",
            figure="probes",
            query=f"{MODELS}: layer_probes, {above} less {below}, seed by seed",
            subject=(above,),
        )
    first, last = names[0], names[-1]
    trained, drawn = (
        of_layer(layers, net, last, PROBE) - of_layer(layers, net, first, PROBE)
        for net in (TRAINED, RANDOM)
    )
    tuned: list[Claim] = []
    for name in names:
        tuned += positive_claim(
            ("bars", name),
            f"Units of {name} are tuned to oriented bars more after training than before.",
            of_layer(layers, TRAINED, name, TUNING) - of_layer(layers, RANDOM, name, TUNING),
            source=EDGES_AND_BLOBS,
            unit="tuning to oriented bars, more",
            figure="layers",
            query=f"{MODELS}: tuning_by_layer, mean over units, trained less random, seed by seed",
            subject=(name,),
        )
    return [
        *over_trials(("deeper",), "Deeper layers of a trained net tell more of the classes",
            deeper, worst=operator.neg),
        *positive_claim(
            ("training-deepens",),
            f"From {first} to {last} a linear probe gains more in a trained net than in a random "
            "one.",
            trained - drawn,
            source=DEEPER,
            unit="test accuracy of the probe, more",
            figure="probes",
            query=f"{MODELS}: layer_probes, {last} less {first}, trained less random, seed by seed",
        ),
        *over_trials(("bars",), "Units are tuned to oriented bars more after training than before",
            tuned, worst=operator.neg),
    ]  # fmt: skip
