"""Two host devices for every test process, and programs that compile quickly.

Most of the time of the tests is compiling tiny programs. They do without the compiler's costly
passes, in the processes that tests start too. Where bits are compared, programs are compiled as
users have them (`optimized`), and `JAX_DISABLE_MOST_OPTIMIZATIONS=0`, which `make test-all` sets,
compiles all of them so.
"""

import os

import jax
import pytest

QUICK = os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1") not in ("0", "false")

jax.config.update("jax_num_cpu_devices", 2)
jax.config.update("jax_disable_most_optimizations", QUICK)


@pytest.fixture(scope="module")
def optimized():
    """Programs that are compiled meanwhile are compiled as users have them."""
    jax.config.update("jax_disable_most_optimizations", False)
    yield
    jax.config.update("jax_disable_most_optimizations", QUICK)
