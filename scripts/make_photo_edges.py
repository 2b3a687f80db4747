"""Finds Canny's edges in the photographs, for the file that the lab ships beside them.

Needs scikit-image:

    pip install --group photographs
    python -m scripts.make_photo_edges
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from initlab.data.photo_edges import SHIPPED, grey
from initlab.data.photo_patches import read_photographs
from scripts.make_fashion_cut import write_npz

SIGMA = 1.0


def make_edges(out: Path) -> str:
    """Writes the edges, a bit a pixel, to `out` and returns the file's SHA-256."""
    from skimage.feature import canny

    photographs, names = read_photographs()
    edges = np.stack([canny(one, sigma=SIGMA) for one in grey(photographs)])
    write_npz(out, {"edges": np.packbits(edges, axis=-1), "names": np.array(names, "<U20")})
    return hashlib.sha256(out.read_bytes()).hexdigest()


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the command line, makes the file and prints its digest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parsed = parser.parse_args(arguments)
    print(f"{make_edges(parsed.out)}  {parsed.out}")


if __name__ == "__main__":
    main()
