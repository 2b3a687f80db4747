"""Filters and activation maps as tidy tables of pixels, for figures."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

type Images = npt.NDArray[np.floating]


def filter_images(kernels: Mapping[str, Images], *, most: int = 16) -> pd.DataFrame:
    """Returns the weights of filters as images: one row a weight.

    Args:
        kernels: name to kernel `(height, width, in, out)`, for example before and after training,
            or `initlab.filters.sobel` with its axes moved; all of as many input channels.
        most: how many filters of each, from the first on.

    Returns:
        `bank` (its name), `filter`, `row`, `column`, `channel`, `weight`.

    Raises:
        ValueError: if there is no kernel, or they differ in their channels.
    """
    channels = {kernel.shape[2] for kernel in kernels.values()}
    if len(channels) != 1:
        raise ValueError(
            f"`kernels` must hold kernels of one number of channels, got {sorted(channels)}."
        )
    return pd.concat(
        [
            _table(np.moveaxis(kernel[..., :most], -1, 0), ("filter", "weight")).assign(bank=name)
            for name, kernel in kernels.items()
        ],
        ignore_index=True,
    )[["bank", "filter", "row", "column", "channel", "weight"]]


def activation_maps(
    layers: Iterable[tuple[str, Images]], *, image: Images, most: int = 8
) -> pd.DataFrame:
    """Returns an image and what layers make of it: one row a pixel.

    Args:
        layers: name and activations `(height, width, map)` of each layer, for that image.
        image: `(height, width, channel)`, of one channel or three.
        most: how many maps of a layer, from the first on.

    Returns:
        `layer_name` (`image` for the image itself, first), `map`, `row`, `column`, `channel`
        (0 of a map) and `activation`.
    """
    parts = [_table(image[None], ("map", "activation")).assign(layer_name="image")]
    for name, maps in layers:
        shown = np.moveaxis(maps[..., :most], -1, 0)[..., None]
        parts.append(_table(shown, ("map", "activation")).assign(layer_name=name))
    columns = ["layer_name", "map", "row", "column", "channel", "activation"]
    return pd.concat(parts, ignore_index=True)[columns]


def _table(images: Images, names: tuple[str, str]) -> pd.DataFrame:
    """Returns images `(image, row, column, channel)` as rows of a table."""
    number, value = names
    index = np.indices(images.shape).reshape(4, -1)
    table = pd.DataFrame(dict(zip((number, "row", "column", "channel"), index, strict=True)))
    return table.assign(**{value: images.reshape(-1).astype(np.float64)})
