"""Crops ten photographs of scikit-image and scikit-learn into the file that the lab ships.

Needs scikit-image's files, which its wheel holds; scikit-learn is there anyway:

    pip install --group photographs
    python -m scripts.make_photo_patches
"""

import argparse
import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from initlab.data.digest import check_content
from initlab.data.photo_patches import SHIPPED
from initlab.errors import DataError
from scripts.make_fashion_cut import write_npz

SIDE = 256

type Pixels = np.ndarray[Any, np.dtype[np.uint8]]


class Photograph(NamedTuple):
    """Where a photograph comes from, and by how much its sides are divided before the crop."""

    name: str
    package: str
    file: str
    sha256: str
    shrink: int


PHOTOGRAPHS = (
    Photograph(
        name="astronaut",
        package="skimage",
        file="data/astronaut.png",
        sha256="88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
        shrink=2,
    ),
    Photograph(
        name="brick",
        package="skimage",
        file="data/brick.png",
        sha256="7966caf324f6ba843118d98f7a07746d22f6a343430add0233eca5f6eaaa8fcf",
        shrink=2,
    ),
    Photograph(
        name="chelsea",
        package="skimage",
        file="data/chelsea.png",
        sha256="596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
        shrink=1,
    ),
    Photograph(
        name="china",
        package="sklearn",
        file="datasets/images/china.jpg",
        sha256="8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29",
        shrink=1,
    ),
    Photograph(
        name="coffee",
        package="skimage",
        file="data/coffee.png",
        sha256="cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
        shrink=1,
    ),
    Photograph(
        name="flower",
        package="sklearn",
        file="datasets/images/flower.jpg",
        sha256="a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638",
        shrink=1,
    ),
    Photograph(
        name="grass",
        package="skimage",
        file="data/grass.png",
        sha256="b6b6022426b38936c43a4ac09635cd78af074e90f42ffa8227ac8b7452d39f89",
        shrink=2,
    ),
    Photograph(
        name="hubble_deep_field",
        package="skimage",
        file="data/hubble_deep_field.jpg",
        sha256="3a19c5dd8a927a9334bb1229a6d63711b1c0c767fb27e2286e7c84a3e2c2f5f4",
        shrink=3,
    ),
    Photograph(
        name="retina",
        package="skimage",
        file="data/retina.jpg",
        sha256="38a07f36f27f095e818aea7b96d34202c05176d30253c66733f2e00379e9e0e6",
        shrink=3,
    ),
    Photograph(
        name="rocket",
        package="skimage",
        file="data/rocket.jpg",
        sha256="c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
        shrink=1,
    ),
)


def package_folder(package: str) -> Path:
    """Returns the folder of an installed package, which is not imported.

    Raises:
        DataError: if it is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise DataError(f"{package} is not installed: pip install --group photographs.")
    return Path(spec.origin).parent


def read_photograph(photograph: Photograph, folder: Path) -> Pixels:
    """Returns a photograph `(256, 256, 3)`: blocks of pixels averaged, and the middle cut out.

    Raises:
        DataError: if the file is missing or another one.
    """
    path = folder / photograph.file
    if not path.is_file():
        raise DataError(f"{path} is missing: pip install --group photographs.")
    check_content(path, path.read_bytes(), photograph.sha256)
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    factor = photograph.shrink
    height, width = pixels.shape[0] // factor, pixels.shape[1] // factor
    blocks = pixels[: height * factor, : width * factor].reshape(height, factor, width, factor, 3)
    # Whole numbers before the division: the same everywhere. A half goes up.
    area = factor * factor
    means = (2 * blocks.sum(axis=(1, 3), dtype=np.int64) + area) // (2 * area)
    top, left = (height - SIDE) // 2, (width - SIDE) // 2
    return means[top : top + SIDE, left : left + SIDE].astype(np.uint8)


def make_photographs(out: Path, folders: dict[str, Path]) -> str:
    """Writes the ten photographs to `out` and returns the file's SHA-256.

    Args:
        out: the npz to write.
        folders: of the packages `skimage` and `sklearn`.
    """
    stack = np.stack([read_photograph(one, folders[one.package]) for one in PHOTOGRAPHS])
    write_npz(
        out,
        {
            "photographs": stack,
            "names": np.array([one.name for one in PHOTOGRAPHS], "<U20"),
            "source_files": np.array([f"{one.package}/{one.file}" for one in PHOTOGRAPHS], "<U40"),
            "source_sha256": np.array([one.sha256 for one in PHOTOGRAPHS], "<U64"),
        },
    )
    return hashlib.sha256(out.read_bytes()).hexdigest()


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the command line, makes the file and prints its digest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--skimage", type=Path, help="folder of the package skimage")
    parser.add_argument("--sklearn", type=Path, help="folder of the package sklearn")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parsed = parser.parse_args(arguments)
    try:
        folders = {
            "skimage": parsed.skimage or package_folder("skimage"),
            "sklearn": parsed.sklearn or package_folder("sklearn"),
        }
        digest = make_photographs(parsed.out, folders)
    except DataError as error:
        parser.exit(1, f"{error}\n")
    print(f"{digest}  {parsed.out}")


if __name__ == "__main__":
    main()
