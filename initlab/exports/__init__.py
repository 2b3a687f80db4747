"""Results in the formats of other tools: a folder each, which appears whole."""

from collections.abc import Mapping

from initlab.exports.base import Format
from initlab.exports.csv_tables import write_csv
from initlab.exports.labelled_arrays import write_xarray
from initlab.exports.tensorboard_runs import write_tensorboard
from initlab.exports.wandb_runs import write_wandb

# What a dashboard draws a chart each of: the signal forward and backward.
_SIGNALS = ("preactivation_second_moment", "preactivation_gradient_second_moment")

FORMATS: Mapping[str, Format] = {
    "csv": Format(write_csv, modules=(), extra="", statistics=None),
    "tensorboard": Format(
        write_tensorboard, modules=("tensorboardX",), extra="tensorboard", statistics=_SIGNALS
    ),
    "wandb-offline": Format(write_wandb, modules=("wandb",), extra="wandb", statistics=_SIGNALS),
    "xarray": Format(write_xarray, modules=("xarray", "zarr"), extra="xarray", statistics=None),
}
