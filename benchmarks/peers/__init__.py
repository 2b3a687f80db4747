"""PyTorch at the same tasks: runs in an environment of its own, without initlab and JAX."""
