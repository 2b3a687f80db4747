"""What the layers of a stored network make of images, computed again from its weights."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float32

from initlab.architectures.windows import fit

type Arrays = Mapping[str, np.ndarray[Any, np.dtype[Any]]]
type Maps = Float32[np.ndarray, "image *places unit"]

CHUNK = 64  # images whose windows are in memory at once
READOUT = "readout"


def can_be_passed(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs whose layers `layer_outputs` computes: padded convnets of rectifiers."""
    fits = (runs["model"] == "convnet") & (runs["activation"] == "relu")
    for name, usual in (("padding", "same"), ("norm", "none")):
        fits &= runs[name] == usual
    return runs[fits].reset_index(drop=True)


def layer_outputs(
    checkpoint: Arrays, inputs: Float32[np.ndarray, "image height width channel"]
) -> Iterator[tuple[str, Maps]]:
    """Yields each layer's name and output in turn: `conv_1` and so on, then `readout`.

    The outputs of convolutions are activations, those of the readout logits.

    Args:
        checkpoint: `Results.checkpoint` of a run of `can_be_passed`.
        inputs: of `analysis.seen_images`.
    """
    kernels = [array for name, array in checkpoint.items() if name.endswith("/kernel")]
    biases = [array for name, array in checkpoint.items() if name.endswith("/bias")]
    outputs: Maps = inputs
    for number, (kernel, bias) in enumerate(zip(kernels, biases, strict=True), start=1):
        if number == len(kernels):
            yield READOUT, outputs.reshape(len(outputs), -1) @ kernel + bias
            return
        parts = [
            np.maximum(_convolved(outputs[start : start + CHUNK], kernel) + bias, 0)
            for start in range(0, len(outputs), CHUNK)
        ]
        outputs = np.concatenate(parts)
        yield f"conv_{number}", outputs


def logits_of(
    checkpoint: Arrays, inputs: Float32[np.ndarray, "image height width channel"]
) -> Float32[np.ndarray, "image output"]:
    """Returns what the readout of a network answers to images."""
    *_, (_, logits) = layer_outputs(checkpoint, inputs)
    return logits


def _convolved(
    images: Float32[np.ndarray, "image height width channel"],
    kernel: Float32[np.ndarray, "rows columns channel unit"],
) -> Float32[np.ndarray, "image height width unit"]:
    """Returns the convolution whose zeros keep the size."""
    (_, height, width, _), (rows, columns, _, _) = images.shape, kernel.shape
    padded = ((0, 0), _zeros(height, rows), _zeros(width, columns), (0, 0))
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(images, padded), kernel.shape[:2], axis=(1, 2)
    )
    found: np.ndarray = np.tensordot(windows, kernel, axes=((4, 5, 3), (0, 1, 2)))
    return found


def _zeros(size: int, taps: int) -> tuple[int, int]:
    """Returns how many zeros stand before and after an axis."""
    window = fit(size, taps, padding="SAME")
    return window.before, window.after
