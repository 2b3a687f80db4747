"""The sets of 70,000 grey images in IDX form: MNIST and Fashion-MNIST, wherever they are kept."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from initlab.data.digest import check_content
from initlab.data.fashion import CLASS_NAMES
from initlab.data.found import Layout, Wanted
from initlab.data.image_set import Splits
from initlab.data.readers.class_folders import PARTS, read_class_folders
from initlab.data.readers.idx import FILES, as_idx, read_idx_folder
from initlab.data.readers.npz import read_npz
from initlab.spec.datasets import LICENCES

# SHA-256 of the decompressed files: compressed ones differ by the time in their headers.
FASHION_SHA256 = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
MNIST_SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
DIGITS = tuple(str(digit) for digit in range(10))
SIGNS = tuple(f"{file}{ending}" for file in FILES.values() for ending in ("", ".gz"))


def read_official_npz(path: Path, sha256: Mapping[str, str]) -> Splits:
    """Returns the set in an npz whose arrays are those of the official IDX files.

    Args:
        path: of the npz.
        sha256: digest of each decompressed IDX file, which the arrays would make again.

    Raises:
        DataError: if it cannot be read or holds something else.
    """
    splits = read_npz(path)
    for name, file in FILES.items():
        array = getattr(splits, name)
        bare = array[..., 0] if array.ndim == 4 else array.astype("u1")
        check_content(f"{path}, {name} as {file},", as_idx(bare), sha256[file])
    return splits


def _layouts(
    name: str, folders: tuple[str, ...], sha256: Mapping[str, str], class_names: tuple[str, ...]
) -> tuple[Layout, ...]:
    """Returns the forms of a set: IDX files, an npz, and folders of PNG files."""
    read_idx = partial(read_idx_folder, sha256=sha256)
    read_arrays = partial(read_official_npz, sha256=sha256)
    return (
        *(Layout(folder, SIGNS, read_idx) for folder in folders),
        *(Layout(path, (), read_arrays) for path in (f"{name}.npz", f"{name}/{name}.npz")),
        Layout(name, PARTS, partial(read_class_folders, class_names=class_names)),
    )


MNIST = Wanted(
    name="mnist",
    class_names=DIGITS,
    train_counts=(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949),
    test_counts=(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009),
    licence=LICENCES["mnist"],
    source="MNIST (LeCun, Bottou, Bengio and Haffner, 1998), the official 60,000 + 10,000 images",
    fix="Fetch it with torchvision or Keras (`mnist5k` needs no network).",
    layouts=_layouts("mnist", ("MNIST/raw", "mnist"), MNIST_SHA256, DIGITS),
)
FASHION_FULL = Wanted(
    name="fashion_full",
    class_names=CLASS_NAMES,
    train_counts=(6_000,) * 10,
    test_counts=(1_000,) * 10,
    licence=LICENCES["fashion_full"],
    source="Fashion-MNIST (arXiv:1708.07747), the official 60,000 + 10,000 images",
    fix="Install it (Debian, Ubuntu: apt install dataset-fashion-mnist).",
    layouts=_layouts(
        "fashion_full",
        ("fashion-mnist", "FashionMNIST/raw", "fashion_full"),
        FASHION_SHA256,
        # A folder cannot be called by a name with a slash; numbers are accepted too.
        tuple(name.replace("/", "-") for name in CLASS_NAMES),
    ),
)
