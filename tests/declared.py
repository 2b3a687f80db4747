"""The sweeps that the experiments here declare, each read and planned once a process."""

import functools
from pathlib import Path

from initlab.spec.load import load_sweep
from initlab.spec.plan import Plan, make_plan
from initlab.spec.sweep import Sweep


@functools.cache
def declared(path: Path) -> Sweep:
    return load_sweep(str(path))


@functools.cache
def planned(path: Path) -> Plan:
    return make_plan(declared(path).runs)
