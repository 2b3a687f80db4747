"""What the machine can do at best: the rate of large float32 matrix products."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from benchmarks.arms import devices
from benchmarks.timing import Timing
from initlab.train.devices import by_run


def product_flops(size: int) -> int:
    """Returns the floating-point operations of a square product."""
    return 2 * size**3


def one_product(size: int) -> Callable[[], jax.Array]:
    """Returns a function that makes one product, which XLA spreads over the cores itself."""
    matrix = jnp.ones((size, size), jnp.float32)
    program = jax.jit(jnp.matmul)
    return lambda: program(matrix, matrix).block_until_ready()


def product_a_device(size: int) -> Callable[[], jax.Array]:
    """Returns a function that makes one product on each device, at the same time."""
    mesh = devices()
    runs = by_run(mesh)
    stacked = jax.device_put(jnp.ones((mesh.size, size, size), jnp.float32), runs)
    program = jax.jit(jax.shard_map(jnp.matmul, mesh=mesh, in_specs=runs.spec, out_specs=runs.spec))
    return lambda: program(stacked, stacked).block_until_ready()


def products(size: int) -> dict[str, Callable[[], jax.Array]]:
    """Returns the two ways, by name."""
    return {"one product": one_product(size), "a product a device": product_a_device(size)}


def best_product(timings: dict[str, Timing], size: int) -> tuple[str, Timing, int]:
    """Returns the faster way of the two: its name, its timing and its operations."""
    operations = {
        "one product": product_flops(size),
        "a product a device": devices().size * product_flops(size),
    }
    name = min(operations, key=lambda way: timings[way].minimum / operations[way])
    return name, timings[name], operations[name]
