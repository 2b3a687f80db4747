"""How long does a number of theory take, of a function that is known and of a new one?"""

from collections.abc import Callable
from functools import partial
from itertools import count

import jax.numpy as jnp

from benchmarks.answer import Answer
from benchmarks.effort import Effort
from benchmarks.timing import Timing, by_turns
from initlab import theory
from initlab.theory import Activation, Convolution, Dense, Pool

AFTER_THE_FIRST, NEW = 0.05, 1.0
POINT = (2.0, 0.05)  # weight variance and bias variance of tanh, in the chaotic phase
MANY = 1_000_003  # calls differ, so that none is answered from a cache of results

type Call = Callable[[float], object]


def measure(effort: Effort) -> list[Answer]:
    """Returns the seconds of one call of each kind, warm, and of a function's first."""
    numbers = count(1)
    known: dict[str, Call] = {
        "second_moment": lambda x: theory.second_moment("tanh", x),
        "q_star": lambda x: theory.q_star("tanh", POINT[0] * x, POINT[1]),
        "c_map": lambda x: theory.c_map("tanh", 0.5, x, *POINT),
        "c_star": lambda x: theory.c_star("tanh", POINT[0] * x, POINT[1]),
        "xi_c": lambda x: theory.xi_c("tanh", POINT[0] * x, POINT[1]),
        "c_star next to the critical point": lambda x: theory.c_star("tanh", 1.761 * x, POINT[1]),
        "critical_weight_variance": lambda x: theory.critical_weight_variance("tanh", 0.05 * x),
        "predict_dense, depth 50": lambda x: _dense("tanh", x),
        "predict_network, 3 convolutions on 8 x 8": lambda x: _convolutional(x),
    }
    kinked: dict[str, Call] = {
        "c_map": lambda x: theory.c_map("selu", 0.5, x, *POINT),
        "c_star": lambda x: theory.c_star("selu", x, POINT[1]),
        "predict_dense, depth 50": lambda x: _dense("selu", x),
    }
    every = {f"{name}, tanh": call for name, call in known.items()}
    every |= {f"{name}, selu, which has a kink": call for name, call in kinked.items()}
    arms = {name: partial(_at, call, numbers) for name, call in every.items()}
    timings = by_turns(arms, effort.size(max(5, effort.rounds), 1))
    answers = [_answer(name, timings[name], AFTER_THE_FIRST) for name in every]
    fresh = {
        "second_moment": lambda phi: theory.second_moment(phi, 1.0),
        "critical_weight_variance": lambda phi: theory.critical_weight_variance(phi, 0.05),
        "c_star": lambda phi: theory.c_star(phi, *POINT),
        "half_stable_points": theory.half_stable_points,
    }
    arms = {name: partial(_of_new, call, numbers) for name, call in fresh.items()}
    timings = by_turns(arms, effort.size(max(3, effort.rounds), 1))
    return answers + [_answer(f"{name}, a new function", timings[name], NEW) for name in fresh]


def _at(call: Call, numbers: count) -> object:
    """Calls with a number near 1 that was not used before."""
    return call(1 + next(numbers) / MANY)


def _of_new(call: Callable[[theory.Phi], object], numbers: count) -> object:
    """Calls with a function that was not seen before."""
    scale = 1 + next(numbers) / MANY
    return call(lambda x: jnp.tanh(scale * x))


def _dense(phi: str, scale: float) -> object:
    """Predicts a profile of fifty layers, forward and backward, and the scatter of both."""
    return theory.predict_dense(
        phi, depth=50, weight_variance=scale, bias_variance=POINT[1], width=128
    )


def _convolutional(scale: float) -> object:
    """Predicts a small convolutional network."""
    layer = Convolution(64, POINT[0] * scale, POINT[1])
    layers = [*[layer, Activation("tanh")] * 3, Pool("global"), Dense(10, 1.0)]
    return theory.predict_network(layers, theory.white_inputs(3, (8, 8), correlation=0.2))


def _answer(question: str, timing: Timing, target: float) -> Answer:
    """Returns the least seconds of a call."""
    return Answer(
        f"theory: {question}",
        timing.minimum,
        target,
        unit="s",
        median=timing.median,
        low=min(timing.seconds),
        high=max(timing.seconds),
    )
