"""Offline runs for Weights & Biases, which `wandb sync` uploads when and where a person says so."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from initlab.exports.each_run import each_run
from initlab.report.text import one_line
from initlab.store.query import Results

_REFUSED = re.compile(r"[/\\#?%:]")
_LONGEST = 128  # characters of a name


def write_wandb(results: Results, folder: Path, statistics: Sequence[str]) -> None:
    """Writes `wandb/offline-run-<time>-<run_id>/` for each run; nothing leaves the machine.

    The experiment is the project, with hyphens for what wandb refuses in a name, a trial the group
    of its seeds, and what was asked of a run its config. wandb starts a program of its own, which
    ends when all are written.
    """
    os.environ["WANDB_ERROR_REPORTING"] = "false"  # it would report its own faults over the network
    import wandb

    settings = wandb.Settings(
        mode="offline",
        console="off",
        disable_git=True,
        save_code=False,
        silent=True,
        x_disable_meta=True,
        x_disable_stats=True,
    )
    try:
        for run in each_run(results, statistics):
            with wandb.init(
                dir=folder,
                project=_REFUSED.sub("-", one_line(results.experiment))[:_LONGEST],
                group=one_line(run.trial_id)[:_LONGEST],
                id=run.run_id,
                name=f"{run.run_id} seed {run.fields['seed']}",
                config=run.fields,
                settings=settings,
            ) as written:
                for step, scalars in sorted(run.scalars.items()):
                    written.log(scalars, step=step)
                written.summary["status"] = run.status
    finally:
        wandb.teardown()
