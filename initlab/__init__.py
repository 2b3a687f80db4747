"""A laboratory for the initialization of neural networks."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from initlab.store.query import load_results

__version__ = "0.1.0"
__all__ = ["__version__", "load_results"]


def __getattr__(name: str) -> Any:
    """Imports pandas and pyarrow when results are asked for, so that commands start at once."""
    if name == "load_results":
        from initlab.store.query import load_results

        return load_results
    raise AttributeError(f"module 'initlab' has no attribute {name!r}")
