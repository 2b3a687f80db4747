"""Measures the initializers of Flax, PyTorch and Keras against the laws that they state.

Nothing here imports initlab, so that it runs wherever one of these frameworks is installed.
"""
