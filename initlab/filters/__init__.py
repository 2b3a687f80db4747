"""Filters made by hand, as arrays of NumPy: both halves of the lab read them."""

from initlab.filters.gabor import gabor, gabor_bank
from initlab.filters.operators import laplacian, prewitt, sobel
from initlab.filters.patterns import cross, curve

__all__ = ["cross", "curve", "gabor", "gabor_bank", "laplacian", "prewitt", "sobel"]
