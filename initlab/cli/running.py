"""Commands that run a sweep: run, work."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from initlab.analysis.numbers import counted
from initlab.cli import arguments
from initlab.cli.app import app
from initlab.cli.arguments import say
from initlab.errors import DataError

if TYPE_CHECKING:
    from initlab.spec.sweep import Sweep

STOPPED = (129, 130, 143)


@app.command()
def run(
    experiment: arguments.Experiment,
    results: arguments.ResultsOption = None,
    set_: arguments.SetOption = None,
    seeds: arguments.SeedsOption = None,
    exclusive: Annotated[
        bool, typer.Option("--exclusive", help="Refuse to share the sweep with another driver.")
    ] = False,
) -> None:
    """Run a sweep, or go on with it.

    The source.toml beside it, which makes its checkpoints, is run before it.

    Example: initlab run signal_propagation --set depth=[5,10] --seeds 3
    """
    sweep = arguments.read_sweep(experiment, set_, seeds, results)
    target = arguments.results_folder(results, sweep)
    if source := arguments.source_run(sweep, target):
        code = drive(source[0], source[1], [], seeds, exclusive=exclusive)
        if code:
            raise typer.Exit(code)
    raise typer.Exit(drive(experiment, results, set_ or [], seeds, exclusive=exclusive))


def drive(
    experiment: str,
    results: Path | None,
    overrides: list[str],
    seeds: int | None,
    *,
    exclusive: bool,
) -> int:
    """Runs what is left of one sweep, and returns the exit code."""
    from initlab.spec.model_sizes import require_fitting_images
    from initlab.spec.plan import make_plan
    from initlab.store import claims, failures, folder

    sweep = arguments.read_sweep(experiment, overrides, seeds, results)
    require_fitting_images(sweep.runs)
    target, whole = arguments.results_folder(results, sweep), counted(len(sweep), "run")
    require_data(sweep, target)
    arguments.require_checkpoints(sweep, target)
    if sweep.parts and make_plan(sweep.runs, arguments.committed(target, sweep.name)).groups:
        import jax

        # The devices are the worker's: an accelerator that two processes open has no memory left.
        jax.config.update("jax_platforms", "cpu")
        try_parts(sweep)
    opened = arguments.open_folder(target, sweep.name, create=True)
    with arguments.refusing():
        claim = (claims.exclusive if exclusive else claims.shared)(target)
    with claim:
        with arguments.refusing():
            for aside in folder.set_aside_damage(target):
                say(f"a damaged group was set aside as {aside}; its runs are run again")
            inventory = folder.committed_runs(target)
            made = make_plan(sweep.runs, inventory.committed)
        for path in inventory.strays:
            say(arguments.stray(path))
        if not made.groups:
            say(f"{sweep.name}: {len(sweep)} of {whole} done, nothing to do ({target})")
            return 0
        from initlab.engines.local import Supervisor, worker_command
        from initlab.engines.progress import Display

        for line in arguments.exclusions(sweep):
            say(f"{sweep.name}: {line}")
        with arguments.refusing():
            opened.write_spec(sweep.text)
        display = Display(target)
        command = worker_command(experiment, target, overrides, seeds)
        try:
            code = Supervisor(command, target, display).run()
        finally:
            display.close()
        left = make_plan(sweep.runs, folder.committed_runs(target).committed).runs
        say(f"{sweep.name}: {len(sweep) - left} of {whole} done ({target})")
        if code in STOPPED and left:
            say("stopped; the same command goes on from there")
        if code == 1 and failures.read_failures(target):
            status = arguments.command_line("status", experiment, results, overrides, seeds)
            say(f"some groups failed; {status} tells why")
        return code


@app.command()
def work(
    experiment: arguments.Experiment,
    results: arguments.ResultsOption = None,
    set_: arguments.SetOption = None,
    seeds: arguments.SeedsOption = None,
    max_groups: Annotated[
        int | None, typer.Option("--max-groups", min=1, help="Stop after so many groups.")
    ] = None,
    skip: Annotated[list[str] | None, typer.Option("--skip", hidden=True)] = None,
    supervised: Annotated[bool, typer.Option("--supervised", hidden=True)] = False,
    cache: Annotated[bool, typer.Option(help="Keep compiled programs between processes.")] = True,
) -> None:
    """Work on a sweep as one of any number of workers.

    Prints one JSON event a line. Example: initlab work signal_propagation --max-groups 1
    """
    import threading

    from initlab.engines import child
    from initlab.spec.model_sizes import require_fitting_images

    # Before NumPy loads it: each device calls LAPACK for itself, and threads of its own only
    # fight them (64 orthogonal 128x128 kernels: 1.8 s with, 0.03 s without).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sweep = arguments.read_sweep(experiment, set_, seeds, results)
    require_fitting_images(sweep.runs)
    target = arguments.results_folder(results, sweep)
    if not supervised:
        require_data(sweep, target)
        arguments.require_checkpoints(sweep, target)
    emit = child.take_stdout()
    draining, pulse = threading.Event(), child.Pulse()
    came: list[int] = []
    if supervised:
        child.obey_parent(emit, draining, pulse)
    else:
        came = child.drain_on_signals(draining)
    from initlab.train.devices import configure

    configure(cache=cache)
    if sweep.parts and not supervised:
        try_parts(sweep)
    arguments.open_folder(target, sweep.name, create=True)
    from initlab.worker import Orders
    from initlab.worker import work as run_worker

    orders = Orders(
        tuple(skip or ()), max_groups, draining.is_set, checked=supervised, expect=pulse.expect
    )
    failed = run_worker(sweep, target, emit, orders)
    emit({"event": "end", "failed": failed})
    raise typer.Exit(128 + came[0] if came else 1 if failed else 0)


def try_parts(sweep: "Sweep") -> None:
    """Tells the mistakes in the author's own laws before anything is written."""
    from initlab import laws

    laws.try_parts(sweep)


def require_data(sweep: "Sweep", target: Path) -> None:
    """Reads and checks the data sets that are needed and not shipped, and keeps none.

    Nothing was written or compiled before.

    Raises:
        DataError: with every set that is missing or is not what it should be.
    """
    from initlab.spec.datasets import SHIPPED
    from initlab.spec.plan import make_plan

    if {run.dataset for run in sweep.runs} <= {*SHIPPED}:
        return
    groups = make_plan(sweep.runs, arguments.committed(target, sweep.name)).groups
    faults = []
    for name in dict.fromkeys(group.runs[0].dataset for group in groups):
        from initlab.data import DATASETS

        try:
            if name not in SHIPPED:
                DATASETS[name]()
        except DataError as error:
            faults.append(str(error))
    if faults:
        raise DataError("\n".join(faults))
