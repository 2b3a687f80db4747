"""Trained networks outside of training: features at a layer, and images of another size."""

from collections.abc import Callable, Mapping, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from initlab.activations import ACTIVATIONS
from initlab.architectures.cutting import convolutional, up_to
from initlab.architectures.layers import Layer
from initlab.architectures.walk import walk
from initlab.models import Pass, build_network
from initlab.models.passing import Activate
from initlab.spec.architecture import layers_of, recipe_of
from initlab.spec.fit import differences
from initlab.spec.parameters import STATISTICS, layer_parameters, parameters_of
from initlab.spec.schema import RunSpec
from initlab.train.parameters import fill

type Arrays = Mapping[str, np.ndarray]
type Images = Float[np.ndarray, "image height width channel"]
type Apply = Callable[[Images], np.ndarray]

BATCH = 256  # images that pass at a time


def features(
    run: RunSpec,
    arrays: Arrays,
    images: Images,
    *,
    layer: int,
    rectified: bool = True,
    pooled: bool = False,
) -> Float[np.ndarray, "image feature"]:
    """Returns what a trained network makes of images at one of its layers, a row an image.

    Args:
        run: whose network it is.
        arrays: of its checkpoint, by name, as `store.checkpoints.read_checkpoint` returns them.
        images: as the network sees them, scaled; of any size that the layers up to there take.
        layer: number of the weight layer, from 1.
        rectified: whether the nonlinearity is applied.
        pooled: the mean over all places of each channel; else all places, one after another.

    Raises:
        ValueError: if the layer is not there or no nonlinearity follows it, or with all arrays that
            do not fit the network.
    """
    part = up_to(layers_of(run), layer, rectified=rectified)
    found = applied(part, run, arrays, images.shape[1:], _function(run))(images)
    return flat(found, pooled=pooled)


def flat(maps: np.ndarray, *, pooled: bool) -> Float[np.ndarray, "image feature"]:
    """Returns maps `(image, *places, channel)` as rows: every place, or the mean over all."""
    if pooled and maps.ndim > 2:
        maps = maps.mean(axis=tuple(range(1, maps.ndim - 1)))
    return maps.reshape(len(maps), -1)


def logit_maps(
    run: RunSpec, arrays: Arrays, images: Images
) -> Float[np.ndarray, "image row column out"]:
    """Returns the logits of a trained network at every place of larger images.

    Its dense layers are the convolutions that equal them: images of the size that it learned have
    a map of one place, its logits; of a larger one each place is that of a window of that size,
    exactly so where no convolution pads.

    Args:
        run: whose network it is.
        arrays: of its checkpoint, by name.
        images: as the network sees them, scaled, at least of the size that it learned.

    Raises:
        ValueError: if the network has a global pooling, or with all arrays that do not fit it.
    """
    whole = convolutional(layers_of(run), recipe_of(run).image_shape)
    return applied(whole, run, arrays, images.shape[1:], _function(run))(images)


def applied(
    layers: Sequence[Layer],
    run: RunSpec,
    arrays: Arrays,
    image_shape: tuple[int, ...],
    function: Activate,
) -> Apply:
    """Returns the function from images to what layers make of them, with a network's arrays.

    Args:
        layers: a part of the network's, or the same in another form, in the same order.
        run: whose network it is.
        arrays: of its checkpoint, by name, of the shapes that the network has them in; each is
            taken in the one that its layer has here.
        image_shape: of the images.
        function: the nonlinearity that `run.activation` names.

    Raises:
        ValueError: with all arrays that do not fit the network.
    """
    names = _fitting_names(run, arrays)
    rows = walk(layers, image_shape)
    own = [each for one in parameters_of(layers, rows, normalized=run.norm == "batch")
           for each in one]  # fmt: skip
    network = build_network(layers, image_shape=image_shape, activation=function, dtype="float32")
    values = [
        np.asarray(arrays[name]).reshape(each.shape)
        for name, each in zip(names[: len(own)], own, strict=True)
    ]
    pairs = list(zip(own, values, strict=True))
    parameters = fill(network, {each.path: v for each, v in pairs if each.path[-1] != STATISTICS})
    kept = [jnp.asarray(value) for each, value in pairs if each.path[-1] == STATISTICS]
    statistics = jax.tree.unflatten(jax.tree.structure(network.statistics), kept)

    @jax.jit
    def one(images: jax.Array) -> jax.Array:
        return network.passed(parameters, images, Pass(statistics=statistics))

    def every(images: Images) -> np.ndarray:
        parts = [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
        return np.concatenate([np.asarray(one(jnp.asarray(part))) for part in parts])

    return every


def _fitting_names(run: RunSpec, arrays: Arrays) -> list[str]:
    """Returns the names of a network's arrays, in its order, if these are what it needs."""
    known: list[str] = []
    faults: list[str] = []
    for layer in layer_parameters(run):
        names = [each.name for each in layer]
        faults += differences(
            {name: np.shape(arrays[name]) for name in names if name in arrays}, layer
        )
        known += names
    faults += [f"has {name}, which the model lacks" for name in arrays if name not in known]
    if faults:
        raise ValueError(f"`arrays` do not fit the run's network: {'; '.join(faults)}.")
    return known


def _function(run: RunSpec) -> Activate:
    """Returns the nonlinearity of a run, where it is one of the lab's."""
    if run.activation.name not in ACTIVATIONS:
        raise ValueError(f"`activation` must be one of the lab's, got {run.activation.name!r}.")
    found: Activate = ACTIVATIONS[run.activation.name].function
    return found
