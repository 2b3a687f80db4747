"""How much is compiled, and does it grow with the sweep or with the depth?"""

import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from typing import Literal

import jax

from benchmarks.answer import Answer, from_ratio
from benchmarks.arms import compile_program, laws, run_of
from benchmarks.effort import Effort
from benchmarks.timing import Timing, ratio
from benchmarks.tracing import COMPILE, recorded
from initlab.spec.measure import Measure
from initlab.spec.plan import make_plan
from initlab.spec.sweep import Sweep, parse_sweep
from initlab.train.group import GroupTrainer

LOOP = "jit(on_device)"
RESIDUAL_TARGET = 20.0
CACHED_TARGET = 3.0
PROGRAM = """
from benchmarks.arms import compile_program, run_of
from initlab.train.devices import configure
configure()
run = run_of(model="{model}", dataset="fashion", batch_size=64, depth={depth})
print(compile_program(run).compile_seconds)
"""
DEPTHS = (10, 1000)
TARGET = 1.5
MANY = {
    "question": "Does a law, a scale, a rate or a seed compile a program?",
    "seeds": 3,
    "base": {"width": 16, "steps": 4},
    "axes": {
        "depth": [2, 3],
        "learning_rate": [0.01, 0.1],
        "initializer": [
            "he_normal",
            "he_uniform",
            "glorot_normal",
            "lecun_normal",
            "orthogonal",
            "zeros",
            *({"name": "normal", "stddev": stddev} for stddev in (0.01, 0.1, 1.0)),
        ],
    },
    "measure": {"statistics": "moments"},
}


def measure(effort: Effort) -> list[Answer]:
    """Returns programs a signature, and the time to compile by depth."""
    return [_programs(), *_by_depth(effort), *_residual(effort)]


def many_laws() -> Sweep:
    """Returns a small sweep of many initializers, scales, rates and seeds, of two signatures."""
    return parse_sweep(MANY, name="many_laws", source="benchmarks/compilation.py")


def _programs() -> Answer:
    """Returns how many training programs XLA compiled for each signature of a small sweep."""
    plan = make_plan(many_laws().runs)
    trainer = GroupTrainer(laws())
    started = time.perf_counter()
    with recorded(COMPILE) as names:
        for group in plan.groups:
            trainer(group, lambda steps: None)
    loops = names.count(LOOP)
    if loops < trainer.programs:
        raise RuntimeError(
            f"{trainer.programs} training programs were made, but {loops} compilations of {LOOP!r} "
            "were seen: is the loop renamed, or the compile cache on? Compiled were: "
            f"{', '.join(sorted(set(names)))}."
        )
    return Answer(
        "training programs compiled over signatures, 9 laws x 2 rates x 3 seeds",
        loops / plan.programs,
        1.0,
        note=f"{loops} programs, {plan.runs} runs, {len(names) - loops} small programs (draws), "
        f"{time.perf_counter() - started:.0f} s in all",
    )


def _by_depth(effort: Effort) -> list[Answer]:
    """Returns the time to compile at depth 1000 over that at depth 10, and the latter."""
    statistics: Literal["moments", "all"] = "moments" if effort.quick else "all"
    arms = {
        depth: partial(
            compile_program,
            run_of(depth=depth, width=32, measure=Measure(statistics=statistics)),
        )
        for depth in DEPTHS
    }
    seconds: dict[int, list[float]] = {depth: [] for depth in DEPTHS}
    for turn in range(max(1, effort.rounds - 3)):
        for depth in DEPTHS if turn % 2 == 0 else reversed(DEPTHS):
            jax.clear_caches()
            seconds[depth].append(arms[depth]().compile_seconds)
    shallow, deep = (Timing(tuple(seconds[depth])) for depth in DEPTHS)
    return [
        from_ratio(
            "compile time at depth 1000 over depth 10, width 32", ratio(deep, shallow), TARGET
        ),
        Answer(
            f"compile time of a signature, {statistics} statistics, width 32 x depth 10",
            shallow.minimum,
            3.0,
            unit="s",
            median=shallow.median,
            low=min(shallow.seconds),
            high=max(shallow.seconds),
        ),
    ]


def _residual(effort: Effort) -> list[Answer]:
    """Returns the time to compile a residual net, from nothing and out of the cache on disk."""
    model, depth = ("lenet", 5) if effort.quick else ("resnet20", 20)
    program = PROGRAM.format(model=model, depth=depth)
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"XDG_CACHE_HOME": cache}
        seconds = [
            float(
                subprocess.run(  # noqa: S603
                    [sys.executable, "-c", program],
                    check=True,
                    capture_output=True,
                    text=True,
                    env=environment,
                ).stdout
            )
            for _ in range(2)
        ]
    question = f"compile time of {model}, small, 28x28, batch 64, all statistics"
    return [
        Answer(question, seconds[0], RESIDUAL_TARGET, unit="s"),
        Answer(f"{question}, cached", seconds[1], CACHED_TARGET, unit="s", note="tracing is left"),
    ]
