"""Windows on images, against the convolutions and the pooling of JAX."""

import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from initlab.theory.places import gathered, scattered, taps


@pytest.mark.parametrize("padding", ["SAME", "VALID", "CIRCULAR"])
@pytest.mark.parametrize(
    ("size", "window", "strides"),
    [
        ((6, 5), (3, 3), (1, 1)),
        ((6, 5), (4, 2), (2, 1)),
        ((7, 8), (3, 1), (2, 3)),
        ((9,), (4,), (2,)),
    ],
)
def test_taps_meet_what_a_convolution_of_jax_does(size, window, strides, padding):
    rng = np.random.default_rng(0)
    image, kernel = rng.normal(size=size), rng.normal(size=window)
    met, out = taps(size, window, strides, padding)
    mine = np.tensordot(kernel.ravel(), gathered(image.ravel(), met), 1).reshape(out)
    whole, mode = image, padding
    if padding == "CIRCULAR":  # as Flax pads
        whole, mode = np.pad(image, [((k - 1) // 2, k // 2) for k in window], "wrap"), "VALID"
    theirs = lax.conv_general_dilated(
        jnp.asarray(whole, jnp.float32)[None, None],
        jnp.asarray(kernel, jnp.float32)[None, None],
        strides,
        mode,
    )
    assert theirs.shape[2:] == out
    assert mine == pytest.approx(np.asarray(theirs)[0, 0], abs=1e-5)


def test_scattering_is_the_transpose_of_gathering():
    met, out = taps((5, 4), (3, 2), (2, 1), "SAME")
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=20), rng.normal(size=int(np.prod(out)))
    assert scattered(y, met, 20) @ x == pytest.approx(y @ gathered(x, met).sum(axis=0))


@pytest.mark.parametrize(
    ("window", "message"),
    [
        ((3,), r"`window` must have an axis for each of the image's \(4, 4\), got \(3,\)."),
        ((5, 5), "`window` must fit into the image: 5 entries of the window do not go into 4"),
    ],
)
def test_a_window_that_does_not_fit_is_refused(window, message):
    with pytest.raises(ValueError, match=message):
        taps((4, 4), window)
