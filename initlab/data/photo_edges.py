"""Where the photographs have edges: a gradient by Sobel, and the edges of Canny."""

import io
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, UInt8
from scipy.ndimage import correlate

from initlab.data.digest import read_shipped
from initlab.data.photo_patches import read_photographs
from initlab.filters import sobel

SHIPPED = Path(__file__).parent / "files" / "photograph_edges.npz"
FILE_SHA256 = "0ef491ce0a83144bd043466d27ec131208cdf64450c3a0cb579646171536aaea"
"""SHA-256 of the shipped file, which `scripts/make_photo_edges.py` makes."""

LUMA = (0.2125, 0.7154, 0.0721)  # of the sRGB primaries, as scikit-image's rgb2gray has them


class PhotoEdges(NamedTuple):
    """The ten photographs of `photo_patches` with the truth about their edges.

    Attributes:
        photographs: in colour, 0 to 255.
        magnitude: of the gradient of their grey, 0 to 1.
        edges: whether a pixel is on an edge.
    """

    photographs: UInt8[np.ndarray, "image row column 3"]
    magnitude: Float[np.ndarray, "image row column"]
    edges: Bool[np.ndarray, "image row column"]

    def at_centres(self, size: int) -> "PhotoEdges":
        """Returns the truth at the centres of all windows of an odd size; photographs stay whole.

        So the truth of a place stands where a filter's answer does.
        """
        inner = slice(size // 2, -(size // 2) or None)
        cut = (slice(None), inner, inner)
        return self._replace(magnitude=self.magnitude[cut], edges=self.edges[cut])


@cache
def load_photo_edges() -> PhotoEdges:
    r"""Returns the photographs, their gradient's magnitude and their edges, read once.

    The magnitude is :math:`\sqrt{(G_x^2 + G_y^2) / 2} / 4` of Sobel's 3 by 3 filters on grey from 0
    to 1, mirrored beyond the border; the edges are those of Canny with a Gaussian of deviation 1,
    both as scikit-image's `sobel` and `canny` have them.

    Raises:
        DataError: if a shipped file is missing or damaged.

    References:
        Canny, A computational approach to edge detection, 1986.
    """
    photographs, _ = read_photographs()
    content = read_shipped(SHIPPED, sha256=FILE_SHA256)
    with np.load(io.BytesIO(content), allow_pickle=False) as shipped:
        bits = shipped["edges"]
    edges = np.unpackbits(bits, axis=-1).astype(bool)
    return PhotoEdges(photographs, gradient_magnitude(grey(photographs)), edges)


def grey(photographs: UInt8[np.ndarray, "*images 3"]) -> Float[np.ndarray, "*images"]:
    """Returns the luma of images in colour, 0 to 1."""
    found: np.ndarray = photographs @ np.array(LUMA) / 255
    return found


def gradient_magnitude(
    images: Float[np.ndarray, "image row column"],
) -> Float[np.ndarray, "image row column"]:
    """Returns the magnitude of Sobel's gradient of grey images."""
    right, up = sobel(3)[[0, 2]] / 4
    squares = [correlate(images, one[None], mode="reflect") ** 2 for one in (right, up)]
    found: np.ndarray = np.sqrt(sum(squares) / 2)
    return found
