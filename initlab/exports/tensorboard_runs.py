"""Event files for TensorBoard: a folder a run, its scalars and its hyperparameters."""

import math
from collections.abc import Sequence
from pathlib import Path

from initlab.exports.each_run import Run, Scalars, each_run
from initlab.store.query import Results
from initlab.store.schema import LAYERS

_ENDS = ("train_loss", "train_accuracy", "test_loss", "test_accuracy")


def write_tensorboard(results: Results, folder: Path, statistics: Sequence[str]) -> None:
    """Writes `runs/<run_id>/` for each run, to be shown with `tensorboard --logdir`.

    TensorBoard's scalars are float32. What the store keeps in double precision because it leaves
    that range, the variances and second moments of layers, is written as its logarithm to base 10,
    under a name that says so; a signal of exactly zero has no point.
    """
    for run in each_run(results, statistics):
        _write_run(run, folder / "runs" / run.run_id)


def _write_run(run: Run, folder: Path) -> None:
    from tensorboardX import SummaryWriter
    from tensorboardX.proto.summary_pb2 import Summary
    from tensorboardX.summary import hparams

    ends: Scalars = {}
    with SummaryWriter(str(folder), max_queue=1000) as writer:
        for step, scalars in sorted(run.scalars.items()):
            written = in_single_precision(scalars)
            values = [Summary.Value(tag=tag, simple_value=value) for tag, value in written.items()]
            writer.file_writer.add_summary(Summary(value=values), step)
            ends.update(written)
        metrics = {f"end/{name}": ends[name] for name in _ENDS if name in ends}
        fields = {"status": run.status, "trial_id": run.trial_id, **run.fields}
        # `add_hparams` would open a second file, which has the same name within a second.
        for summary in hparams(fields, metrics):
            writer.file_writer.add_summary(summary)
        for name, value in metrics.items():
            writer.add_scalar(name, value)


def in_single_precision(scalars: Scalars) -> Scalars:
    """Returns scalars as float32 can hold them: by logarithm what leaves its range.

    >>> in_single_precision({"activation_variance/001 dense_2": 1e-60, "train_loss": 0.5})
    {'log10 activation_variance/001 dense_2': -60.0, 'train_loss': 0.5}
    """
    return {
        f"log10 {name}" if _is_wide(name) else name: math.log10(value) if _is_wide(name) else value
        for name, value in scalars.items()
        if not _is_wide(name) or value > 0
    }


def _is_wide(name: str) -> bool:
    """Tells whether the store keeps a layer's statistic in double precision."""
    statistic, _, place = name.partition("/")
    return bool(place) and str(LAYERS.field(statistic).type) == "double"
