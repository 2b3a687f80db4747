"""Draws the picture of README.md, out of runs of a part of `signal_propagation`.

initlab run signal_propagation --results build/picture --set 'activation=["relu"] depth=[50]'
python -m scripts.readme_picture build/picture
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from initlab.analysis.predicted import with_predictions
from initlab.analysis.profiles import BACKWARD, FORWARD, depth_profiles
from initlab.analysis.selection import select
from initlab.figures.depth_profile import draw_depth_profile
from initlab.figures.save import METADATA
from initlab.figures.style import house_style
from initlab.store.query import Results, load_results

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "signal.png"
LAWS = (
    "normal(stddev=0.01)",
    "normal(stddev=1)",
    "pytorch_default",
    "glorot_uniform",
    "he_normal",
)


def profiles(results: Results) -> pd.DataFrame:
    """Returns the mean squares before training, forward and backward, of rectifiers 50 deep."""
    runs = select(results, activation="relu", depth=50, initializer=LAWS)
    layers = results.read_layers(run_ids=list(runs["run_id"]), filters=[("step", "==", 0)])
    parts = [
        with_predictions(
            depth_profiles(runs, layers, statistics=(name,)), runs, results.predictions
        )
        for name in (FORWARD, BACKWARD)
    ]
    return pd.concat(parts, ignore_index=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the command line, and writes the picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=Path)
    parser.add_argument("--out", type=Path, default=PICTURE)
    parsed = parser.parse_args(arguments)
    table = profiles(load_results(parsed.results))
    parsed.out.parent.mkdir(exist_ok=True)
    figure = draw_depth_profile(table)
    with house_style():
        figure.savefig(parsed.out, metadata=METADATA["png"])
    print(parsed.out)


if __name__ == "__main__":
    main()
