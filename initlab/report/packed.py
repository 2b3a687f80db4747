"""Numbers as short text: two letters each, which a page's script reads back."""

import string

import numpy as np
import numpy.typing as npt

LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
PRECISION = 100  # parts of one: of a power of ten less than a line is wide
ZERO = 2048  # the code of 0; that of no number is 0
_LEAST, _GREATEST = 1, 4095

_PAIRS = [first + second for first in LETTERS for second in LETTERS]


def pack(values: npt.NDArray[np.float64]) -> str:
    """Returns numbers to a hundredth, what is beyond 20.47 either way as that, NaN as `AA`.

    >>> pack(np.array([0.0, 0.01, -1.5, np.nan, -60.0]))
    'gAgBdqAAAB'
    """
    codes = np.round(PRECISION * values) + ZERO
    whole = np.where(np.isnan(values), 0, np.clip(codes, _LEAST, _GREATEST)).astype(int)
    return "".join(_PAIRS[code] for code in whole.tolist())
