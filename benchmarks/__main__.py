"""`python -m benchmarks [NAME ...]`: measures, prints the table, keeps what was measured."""

import argparse
import importlib
import platform
import time

import jax

from benchmarks import results, table
from benchmarks.answer import Answer
from benchmarks.effort import Effort
from initlab import __version__
from initlab.train.devices import configure

NAMES = (
    "throughput",
    "overhead",
    "sampling",
    "schemes",
    "cost",
    "theory",
    "convolutions",
    "convolution_forms",
    "nonlinearities",
    "filter_counts",
    "against_peers",
    "compilation",
    "sweep",
)


def main() -> None:
    """Runs the benchmarks that are named, or all."""
    arguments = parser().parse_args()
    effort = Effort(1 if arguments.quick else arguments.rounds, arguments.quick)
    configure(cache=False)
    versions = {"initlab": __version__, "jax": jax.__version__, "Python": platform.python_version()}
    started = time.perf_counter()
    for name in arguments.names or NAMES:
        begun = time.perf_counter()
        answers: list[Answer] = importlib.import_module(f"benchmarks.{name}").measure(effort)
        seconds = time.perf_counter() - begun
        print(f"\n{name} ({seconds:.0f} s)\n{table.text(answers)}", flush=True)
        if not arguments.quick:
            results.save({name: results.entry(answers, seconds, versions)})
    if not arguments.quick:
        table.README.write_text(table.rendered(table.README.read_text(), results.load()))
    print(f"\n{time.perf_counter() - started:.0f} s in all")


def parser() -> argparse.ArgumentParser:
    """Returns the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the laboratory's speed; keep it in benchmarks/results/latest.json.",
    )
    made.add_argument("names", nargs="*", choices=NAMES, metavar="NAME", help=" ".join(NAMES))
    made.add_argument("--rounds", type=int, default=5, help="timings of each arm (default: 5)")
    made.add_argument(
        "--quick", action="store_true", help="tiny sizes, to see that it runs; keeps nothing"
    )
    return made


if __name__ == "__main__":
    main()
