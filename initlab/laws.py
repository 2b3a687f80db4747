"""The functions behind the names of a specification; an author's own are executed here, and tried.

An author's mistake is told by file and line, before anything is written.
"""

import hashlib
import math
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from initlab.activations import ACTIVATIONS
from initlab.errors import SpecError
from initlab.initializers import INITIALIZERS, Initializer
from initlab.spec.law import Law, PartsLaw
from initlab.spec.layer_laws import layer_laws
from initlab.spec.parts import Parts
from initlab.spec.schema import RunSpec
from initlab.spec.source import read_source
from initlab.spec.sweep import Sweep
from initlab.store.pretrained import Pretraining
from initlab.train.group import Laws

MOST_DRAWN = 1_000_000  # entries of the largest kernel that is drawn to look at its values
type Trial = Callable[[Laws], str | None]


def make_laws(parts: Parts | None, beside: Path = Path("results", "none")) -> Laws:
    """Returns the look-up of names; an author's `parts.py`, if there is one, is executed here.

    Args:
        parts: the author's own laws.
        beside: the results folder beside which checkpoints are looked for.
    """
    own = _execute(parts) if parts else ModuleType("parts")

    def activation(name: str) -> Callable[[Array], Array]:
        if parts and name in parts.activations:
            function: Callable[[Array], Array] = own.ACTIVATIONS[name]
            return function
        return ACTIVATIONS[name].function

    def initializer(law: Law) -> Initializer:
        table = own.INITIALIZERS if isinstance(law, PartsLaw) else INITIALIZERS
        built: Initializer = table[law.name](**law.arguments())
        return built

    return Laws(activation, initializer, Pretraining(beside).arrays)


def used_parts(sweep: Sweep) -> Parts | None:
    """Returns the author's `parts.py`, if there is one and some run names a law of it."""
    return sweep.parts if any(_own_laws(run) for run in sweep.runs) else None


def try_parts(sweep: Sweep) -> None:
    """Executes the author's `parts.py` and tries each of its laws as the sweep's runs use it.

    Raises:
        SpecError: with every fault, if the file or a law raises, or a law returns something else
            than an array of the right shape and type, or numbers that are not finite.
    """
    parts = used_parts(sweep)
    if parts is None:
        return
    laws = make_laws(parts)
    trials = {key: trial for run in sweep.runs for key, trial in _trials(run)}
    faults: dict[str, None] = {}
    for (name, *_), trial in trials.items():
        try:
            fault = trial(laws)
        except (Exception, SystemExit) as error:
            faults[_told(error, parts, name)] = None
        else:
            if fault:
                faults[f"{parts.path}, line {parts.lines[name]}: {fault}"] = None
    if faults:
        raise SpecError(tuple(faults))


def _own_laws(run: RunSpec) -> list[str]:
    """Returns the names of the author's own laws that a run uses."""
    laws = (
        run.initializer,
        run.first_law,
        run.readout_law,
        run.bias_initializer,
        run.head_initializer,
    )
    names = [law.name for law in laws if isinstance(law, PartsLaw)]
    return names + [run.activation.name] * bool(run.activation.parts_sha256)


def _trials(run: RunSpec) -> Iterator[tuple[tuple[Any, ...], Trial]]:
    """Yields what to try for a run, each with a key that begins with the law's name."""
    if not _own_laws(run):
        return
    for layer in layer_laws(run):
        for law in (layer.kernel, layer.bias):
            if isinstance(law, PartsLaw):
                trial = _initializer_trial(law, layer.drawn_shape, run.dtype)
                yield (law.name, law.label, layer.drawn_shape, run.dtype), trial
    if run.activation.parts_sha256:
        key = (run.activation.name, run.batch_size, run.width, run.dtype)
        yield key, _activation_trial(*key)


def _initializer_trial(law: PartsLaw, shape: tuple[int, ...], dtype: str) -> Trial:
    """Returns the trial of an initializer at one shape."""

    def trial(laws: Laws) -> str | None:
        init = laws.initializer(law)
        key = jax.random.key(0)
        asked = jax.ShapeDtypeStruct(shape, dtype)
        given = jax.eval_shape(lambda key: init(key, shape, jnp.dtype(dtype)), key)
        if fault := _differs(given, asked):
            return f"`{law.label}` {fault}, for a kernel of shape {shape}."
        if math.prod(shape) <= MOST_DRAWN and not _finite(init(key, shape, jnp.dtype(dtype))):
            return f"`{law.label}` returned numbers that are not finite, for shape {shape}."
        return None

    return trial


def _activation_trial(name: str, batch: int, width: int, dtype: str) -> Trial:
    """Returns the trial of a nonlinearity, and of its derivative, at one batch."""

    def trial(laws: Laws) -> str | None:
        function = laws.activation(name)
        asked = jax.ShapeDtypeStruct((batch, width), dtype)
        if fault := _differs(jax.eval_shape(function, asked), asked):
            return f"`{name}` {fault}, for preactivations of shape {asked.shape}."
        jax.eval_shape(jax.vmap(jax.grad(function)), jax.ShapeDtypeStruct((batch,), "float32"))
        if not _finite(function(jnp.linspace(-1.0, 1.0, 64).reshape(8, 8))):
            return f"`{name}` returned numbers that are not finite, between -1 and 1."
        return None

    return trial


def _differs(given: Any, asked: jax.ShapeDtypeStruct) -> str:
    """Returns what is wrong with what a law returned, or nothing."""
    wanted = f"must return an array of shape {asked.shape} and type {asked.dtype}"
    if not isinstance(given, jax.ShapeDtypeStruct):
        return f"{wanted}, got {type(given).__name__}"
    if (given.shape, given.dtype) != (asked.shape, asked.dtype):
        return f"{wanted}, got shape {given.shape} and type {given.dtype}"
    return ""


def _finite(values: Array) -> bool:
    """Tells whether every entry is a number."""
    return bool(np.isfinite(np.asarray(values, np.float32)).all())


def _execute(parts: Parts) -> ModuleType:
    """Runs the author's own `parts.py`, if it is still the file that the sweep was read with.

    What runs is what was hashed: no bytecode that lies about is taken, and none is left.
    """
    source = read_source(parts.path)
    if hashlib.sha256(source).hexdigest() != parts.sha256:
        raise SpecError(f"{parts.path}: was changed since the sweep was read; run it again.")
    module = ModuleType("parts")
    module.__file__ = str(parts.path)
    sys.modules["parts"] = module
    try:
        exec(compile(source, str(parts.path), "exec"), module.__dict__)  # noqa: S102
    except (Exception, SystemExit) as error:
        raise SpecError(_told(error, parts)) from error
    return module


def _told(error: BaseException, parts: Parts, name: str = "") -> str:
    """Returns what an author's file, or the law `name` of it, raised, and where."""
    path = parts.path.resolve()
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == path]
    line = lines[-1] if lines else parts.lines.get(name)
    first = str(error).partition("\n")[0]
    if isinstance(error, SyntaxError) and not lines:
        line, first = error.lineno, error.msg
    where = f"{parts.path}, line {line}" if line else str(parts.path)
    what = f"`{name}` raised" if name else "raised"
    return f"{where}: {what} {type(error).__name__}{first and f': {first}'}"
