"""First values of parameters: one small program a law and a shape, for every layer and seed."""

import math
from collections.abc import Callable, Mapping, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh
from jax.typing import DTypeLike

from initlab.architectures.module_paths import Path
from initlab.initializers import Initializer, Layout, laid_out
from initlab.models import Network, Parameters, Stack, at
from initlab.spec.memory import draws_per_device
from initlab.train.devices import by_run
from initlab.train.keys import BIAS, KERNEL, purpose_key

type Draw = tuple[int, int]
type NamedLaw = tuple[str, Initializer]
type Drawing = tuple[str, tuple[int, ...], int, bool]  # law, shape, groups, if of biases


class Sampler:
    """Draws parameters; compiles once for each law and kernel shape, whatever is drawn with it.

    Args:
        mesh: the devices that share the work.
        dtype: type of the parameters.
    """

    def __init__(self, mesh: Mesh, dtype: DTypeLike = jnp.float32) -> None:
        self._mesh = mesh
        self._dtype = jnp.dtype(dtype)
        self._programs: dict[Drawing, Callable[..., jax.Array]] = {}

    def __call__(
        self,
        network: Network,
        seeds: Sequence[int],
        kernels: Sequence[Sequence[NamedLaw]],
        biases: Sequence[Sequence[NamedLaw]],
    ) -> Parameters:
        """Returns the parameters of several runs, stacked on a leading run axis, on the host.

        Args:
            network: the model taken apart.
            seeds: the seed of each run.
            kernels: of each run the law of each weight layer's kernel, in the order of the forward
                pass, with a label that identifies it.
            biases: the same of biases. A bias is drawn as one more row of its kernel, so that a law
                that depends on the fan has the fan of the layer.

        Each group of a convolution's channels has a kernel of its own, with its own fans.
        """
        filled: dict[Path, np.ndarray] = {}
        for stack in network.stacks:
            filled[*stack.path, "kernel"] = self._stack(stack, seeds, kernels, is_bias=False)
            filled[*stack.path, "bias"] = self._stack(stack, seeds, biases, is_bias=True)
        for path, value in network.constants.items():
            variable = at(network.parameters, path)
            filled[path] = np.full((len(seeds), *variable.shape), value, variable.dtype)
        return fill(network, filled)

    def _stack(
        self,
        stack: Stack,
        seeds: Sequence[int],
        laws: Sequence[Sequence[NamedLaw]],
        *,
        is_bias: bool,
    ) -> np.ndarray:
        """Draws one stack's kernels or biases for all runs."""
        shape = stack.kernel_shape[-1:] if is_bias else stack.kernel_shape
        drawn = np.empty((len(seeds), stack.count, *shape), self._dtype)
        functions: dict[str, Initializer] = {}
        places: dict[str, list[tuple[int, int]]] = {}
        for run, own in enumerate(laws):
            for index, number in enumerate(stack.numbers):
                label, functions[label] = own[number - 1]
                places.setdefault(label, []).append((run, index))
        for label, chosen in places.items():
            wanted = [(seeds[run], stack.numbers[index]) for run, index in chosen]
            program = self._program(label, functions[label], stack, is_bias=is_bias)
            runs, indices = np.array(chosen).T
            drawn[runs, indices] = self._draw(program, wanted, self._draws(stack.kernel_shape))
        if stack.first_scale != 1 and not is_bias:
            drawn *= self._dtype.type(stack.first_scale)
        return drawn if stack.stacked else drawn[:, 0]

    def _draws(self, kernel_shape: tuple[int, ...]) -> int:
        """Returns how many draws one call of a program makes: a rule of the shape alone."""
        return draws_per_device(math.prod(kernel_shape) * self._dtype.itemsize) * self._mesh.size

    def _draw(self, program: Callable[..., jax.Array], wanted: list[Draw], size: int) -> np.ndarray:
        """Calls a program of a fixed number of draws as often as needed."""
        parts = []
        for start in range(0, len(wanted), size):
            part = wanted[start : start + size]
            padded = part + [part[-1]] * (size - len(part))
            seeds, layers = np.array(padded, np.uint32).T
            parts.append((program(seeds, layers), len(part)))
        return np.concatenate([np.asarray(values)[:length] for values, length in parts])

    def _program(
        self, label: str, law: Initializer, stack: Stack, *, is_bias: bool
    ) -> Callable[..., jax.Array]:
        """Returns the compiled program that draws from one law in one shape."""
        shape = stack.kernel_shape
        key = (label, shape, stack.groups, is_bias)
        if key not in self._programs:
            if stack.groups > 1:
                law = laid_out(law, Layout(groups=stack.groups))
            self._programs[key] = _compile(
                law, shape, self._dtype, self._mesh, self._draws(shape), is_bias=is_bias
            )
        return self._programs[key]


def _compile(
    law: Initializer,
    shape: tuple[int, ...],
    dtype: np.dtype,
    mesh: Mesh,
    number: int,
    *,
    is_bias: bool,
) -> Callable[..., jax.Array]:
    """Returns a program from `(draw,)` seeds and layers to `(draw, *shape)` values."""

    def one(seed: jax.Array, layer: jax.Array) -> jax.Array:
        key = jax.random.fold_in(purpose_key(seed, BIAS if is_bias else KERNEL), layer)
        values = law(key, shape, dtype)
        return values.reshape(-1, shape[-1])[0] if is_bias else values

    spec = by_run(mesh).spec
    mapped = jax.shard_map(jax.vmap(one), mesh=mesh, in_specs=spec, out_specs=spec, check_vma=False)
    draws = jax.ShapeDtypeStruct((number,), np.uint32)
    # Level 1 compiles several times faster than the default, and draws as fast.
    compiled: Callable[..., jax.Array] = (
        jax.jit(mapped)
        .lower(draws, draws)
        .compile(compiler_options={"xla_backend_optimization_level": 1})
    )
    return compiled


def fill(network: Network, filled: Mapping[Path, np.ndarray]) -> Parameters:
    """Returns `network`'s parameters with these values, by path, in place of shapes."""
    parameters: Parameters = jax.tree.map(lambda leaf: leaf, network.parameters)
    for path, values in filled.items():
        at(parameters, path).set_value(values)
    return parameters
