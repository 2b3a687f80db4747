"""First-layer filters: what they look like, what they measure, and what layers make of images."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from initlab.analysis.arrays import Arrays
from initlab.analysis.captions import drawing
from initlab.analysis.claims.random_edges import CHANCE
from initlab.analysis.exciting_patches import exciting_patches
from initlab.analysis.filter_arms import BANKS, GABOR, RANDOM, SOBEL, TRAINED, banks_of
from initlab.analysis.filter_images import activation_maps, filter_images
from initlab.analysis.filter_measures import frequency_response
from initlab.analysis.findings import Drawing
from initlab.analysis.layer_outputs import READOUT, layer_outputs
from initlab.analysis.layers_of_nets import PROBE, TUNING
from initlab.analysis.measure_table import measure_table
from initlab.analysis.receptive_fields import receptive_fields
from initlab.analysis.seen_images import pixels_seen, seen_images
from initlab.figures.activation_maps import alt_activation_maps, draw_activation_maps
from initlab.figures.exciting_patches import alt_exciting_patches, draw_exciting_patches
from initlab.figures.filter_grid import alt_filter_grid, draw_filter_grid
from initlab.figures.measure_rows import alt_measure_rows, draw_measure_rows
from initlab.figures.receptive_fields import alt_receptive_fields, draw_receptive_fields
from initlab.figures.words import span

type Kept = Mapping[str, np.ndarray[Any, np.dtype[Any]]]

EDGES = ("edge_detection", "edge_correlation")
SHAPES = (
    "orientation_selectivity",
    "frequency_selectivity",
    "gabor_similarity",
    "mean_frequency",
    "colour_selectivity",
    "colour_spread",
)
MOVED = ("relative_movement", "cosine_to_start")
EVERY = 4
UNITS = 8
GRATINGS = (RANDOM, TRAINED, SOBEL, GABOR)


def rows_of_banks(numbers: pd.DataFrame) -> list[Drawing]:
    """Returns what each bank of each window comes to: edges, shapes, movement."""
    windows = [f"{window} by {window}" for window in sorted(numbers["window"].unique())]
    long = numbers.assign(
        label=numbers["window"].map(lambda window: f"{window} by {window}"),
        kind=numbers["bank"],
        reference=np.where(numbers["statistic"] == EDGES[0], CHANCE, np.nan),
    )
    ordered = pd.concat(
        [
            long[(long["label"] == label) & (long["kind"] == kind)]
            for label in windows
            for kind in BANKS
        ]
    )
    captions = {
        "edges": (
            EDGES,
            "Edges: the chance that a place with an edge of Canny's has the greater answer (a bar "
            "stands at 1/2, which knows nothing), and the correlation of the answers' magnitude "
            "with that of Sobel's gradient, mean over filters, on photographs. Sobel and Gabor are "
            "the same in every seed.",
        ),
        "measures": (
            SHAPES,
            "First-layer filters by window: what banks are like, mean over filters; the spread of "
            "colour selectivity is the deviation over filters.",
        ),
        "moved": (
            MOVED,
            "How far training moved first-layer filters, over their own length, and their cosine "
            "with what they began as, mean over filters.",
        ),
    }
    found: list[Drawing] = []
    for name, (statistics, caption) in captions.items():
        rows = pd.concat([ordered[ordered["statistic"] == one] for one in statistics])
        if len(rows):
            table = measure_table(rows)
            found += drawing(name, caption, table, alt_measure_rows, draw_measure_rows)
    return found


def grid(run: "pd.Series[Any]", arrays: Arrays) -> list[Drawing]:
    """Returns the filters of one run as images, beside their controls."""
    banks = _of_norm_one(run, arrays)
    table = filter_images(banks)
    size = len(banks[TRAINED])
    return [
        Drawing(
            f"filters-{size}",
            f"First-layer filters of {size} by {size}, each over its own norm, before and after "
            f"training (seed {run['seed']}), with the controls of the trained ones, random ones "
            "less their mean, and filters made by hand; one scale for all, written below.",
            alt_filter_grid(table),
            table,
            draw_filter_grid,
        )
    ]


def frequencies(run: "pd.Series[Any]", arrays: Arrays) -> list[Drawing]:
    """Returns what gratings the filters of one run answer to, beside those made by hand."""
    banks = _of_norm_one(run, arrays)
    some = {name: frequency_response(banks[name][..., :UNITS]).power for name in GRATINGS}
    # What rounding leaves of a zero is none: amplitudes are of the order of one.
    amplitudes = {name: np.sqrt(power[::2, ::2]).round(9) for name, power in some.items()}
    maps = filter_images({name: part[:, :, None] for name, part in amplitudes.items()}, most=UNITS)
    table = maps.rename(columns={"bank": "layer_name", "filter": "map", "weight": "activation"})
    size = len(banks[TRAINED])
    return [
        Drawing(
            f"frequencies-{size}",
            f"Amplitude of the answers of filters of {size} by {size}, each over its own norm, to "
            f"gratings (seed {run['seed']}): frequency 0 in the middle, half a cycle a pixel at "
            "the borders, a scale for each bank, written on its right.",
            f"Maps of frequency responses, of {', '.join(GRATINGS)}: {UNITS} filters each at most, "
            f"amplitudes {span(table['activation'])}.",
            table,
            draw_activation_maps,
        )
    ]


def _of_norm_one(run: "pd.Series[Any]", arrays: Arrays) -> Kept:
    """Returns the banks of a run, each filter over its own norm."""
    kept = arrays(str(run["run_id"]))
    before, after = kept["first_kernel_initial"], kept["first_kernel_final"]
    banks = banks_of(before, after, int(run["seed"]))
    return {name: bank / np.sqrt((bank**2).sum(axis=(0, 1, 2))) for name, bank in banks.items()}


def layer_rows(layers: pd.DataFrame, *, of: str) -> list[Drawing]:
    """Returns the probes and the tuning of each layer, before and after training.

    Args:
        layers: of `layers_of_nets.layer_numbers`.
        of: whose layers they are, as a caption ends.
    """
    found: list[Drawing] = []
    captions = {
        "probes": (
            PROBE,
            "Test accuracy of a linear probe at the image and at each layer, after training and "
            f"before it, {of}.",
        ),
        "layers": (
            TUNING,
            "Tuning of units to oriented bars (0: none, 1: a single orientation), mean over the "
            f"units of a layer that answer, before and after training, {of}.",
        ),
    }
    for name, (statistic, caption) in captions.items():
        of_it = layers[layers["statistic"] == statistic]
        rows = pd.concat([of_it[of_it["net"] == net] for net in (RANDOM, TRAINED)])
        if len(rows):
            table = measure_table(rows.assign(label=rows["layer_name"], kind=rows["net"]))
            found += drawing(name, caption, table, alt_measure_rows, draw_measure_rows)
    return found


def one_net(run: "pd.Series[Any]", kept: Kept) -> list[Drawing]:
    """Returns what one trained net sees: maps of an image, receptive fields, exciting patches."""
    test = seen_images(run, every=EVERY).test.images
    pixels = pixels_seen(run, every=EVERY)
    outputs = [(name, maps) for name, maps in layer_outputs(kept, test) if name != READOUT]
    chosen = int(pixels.std(axis=(1, 2, 3)).argmax())  # the image of the strongest contrast
    image = pixels[chosen]
    maps = activation_maps(
        [(name, part[chosen].astype(np.float64)) for name, part in outputs],
        image=image.astype(np.float64) / 255,
    )
    fields = receptive_fields(pd.DataFrame([run]))
    sides = dict(zip(fields["layer_name"], fields["rows"].astype(int), strict=True))
    patches = pd.concat(
        [
            exciting_patches(part, pixels, field=sides[name], units=UNITS).assign(layer_name=name)
            for name, part in outputs
        ],
        ignore_index=True,
    )
    which = f"of one trained net (seed {run['seed']})"
    return [
        Drawing(
            "maps",
            f"A test image, and the activations of each layer {which}, a scale for each, written "
            "on its right.",
            alt_activation_maps(maps),
            maps,
            draw_activation_maps,
        ),
        Drawing(
            "fields",
            "What one unit of each convolution sees of an image. No seeds: it is exact.",
            alt_receptive_fields(fields, image=image),
            fields,
            partial(draw_receptive_fields, image=image),
        ),
        Drawing(
            "patches",
            f"The nine patches of test images, one an image, that excite units most, {which}: two "
            "units a line, the greatest answer first, each as large as the unit's receptive field.",
            alt_exciting_patches(patches),
            patches,
            draw_exciting_patches,
        ),
    ]
