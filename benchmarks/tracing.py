"""What JAX traces and compiles while something runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import jax.monitoring

TRACE = "/jax/core/compile/jaxpr_trace_duration"
COMPILE = "/jax/core/compile/backend_compile_duration"


@contextmanager
def recorded(wanted: str) -> Iterator[list[str]]:
    """Yields a list of the functions that are traced (`TRACE`) or compiled (`COMPILE`) inside."""
    names: list[str] = []

    def listen(event: str, duration_secs: float, **kwargs: str | int) -> None:
        del duration_secs
        if event == wanted:
            names.append(str(kwargs.get("fun_name", "a function")))

    jax.monitoring.register_event_duration_secs_listener(listen)
    try:
        yield names
    finally:
        jax.monitoring.unregister_event_duration_listener(listen)


@contextmanager
def no_traces() -> Iterator[None]:
    """Fails where anything was traced inside: a timing must not hold the time of compiling.

    Raises:
        RuntimeError: naming what was traced.
    """
    with recorded(TRACE) as names:
        yield
    if names:
        raise RuntimeError(
            f"{', '.join(sorted(set(names)))} was traced again within timed rounds, so the "
            "seconds are not those of running. Call every arm with the same shapes."
        )
