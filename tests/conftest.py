"""Two host devices for every test process, and programs that compile quickly.

Most of the time of the tests is compiling tiny programs. They do without the compiler's costly
passes, in the processes that tests start too, and what one test process compiled is there for the
next one, beside what pytest keeps (`make clean` removes it). Where bits are compared, programs are
compiled as users have them (`optimized`), and `JAX_DISABLE_MOST_OPTIMIZATIONS=0`, which `make
test-all` sets, compiles all of them so.
"""

import os

import jax
import pytest

QUICK = os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1") not in ("0", "false")

jax.config.update("jax_num_cpu_devices", 2)
jax.config.update("jax_disable_most_optimizations", QUICK)


def pytest_configure(config):
    jax.config.update("jax_compilation_cache_dir", str(config.cache.mkdir("compiled")))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


@pytest.fixture(scope="module")
def optimized():
    """Programs that are compiled meanwhile are compiled as users have them."""
    jax.config.update("jax_disable_most_optimizations", False)
    yield
    jax.config.update("jax_disable_most_optimizations", QUICK)
