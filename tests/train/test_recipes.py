"""A recipe's laws reach the layers that they are of, repeated ones too."""

import jax
import numpy as np

from initlab.architectures.layers import Activation, Convolution, Dense
from initlab.data import load
from initlab.laws import make_laws
from initlab.models import at, build_network
from initlab.spec.laws import PlainLaw
from initlab.spec.layer_laws import layer_laws
from initlab.spec.schema import RunSpec
from initlab.train.devices import run_mesh
from initlab.train.parameters import Sampler
from initlab.train.program import network_of


def test_biases_are_drawn_layer_by_layer():
    fields = {"model": "convnet", "depth": 7, "width": 2}
    runs = [
        RunSpec.model_validate(fields | {"initializer": law}) for law in ("alexnet_recipe", "ones")
    ]
    network = network_of(runs[0], jax.nn.relu, load("digits"))
    laws = make_laws(None).initializer

    def named(side):
        return [
            [(getattr(own, side).label, laws(getattr(own, side))) for own in layer_laws(run)]
            for run in runs
        ]

    drawn = Sampler(run_mesh())(network, [0, 1], named("kernel"), named("bias"))
    biases = np.asarray(at(drawn, ("hidden", "bias"))[...])
    # Of convolutions 2 to 6: the second, fourth and fifth.
    assert biases[0].tolist() == [[1, 1], [0, 0], [1, 1], [1, 1], [0, 0]]
    assert not biases[1].any()
    assert not np.asarray(at(drawn, ("readout", "bias"))[...]).any()
    kernels = np.asarray(at(drawn, ("hidden", "kernel"))[...])
    assert (kernels[1] == 1).all()
    assert 0 < np.abs(kernels[0]).max() < 0.05


def test_kernels_are_drawn_times_the_factor_of_their_layer():
    layers = [Convolution(2, first_scale=0.5), Activation(), Dense(2, first_scale=0.0)]
    network = build_network(layers, image_shape=(2, 2, 1), activation=jax.nn.relu, dtype="float32")
    ones = ("ones", make_laws(None).initializer(PlainLaw(name="ones")))
    drawn = Sampler(run_mesh())(network, [0], [[ones] * 2], [[ones] * 2])
    assert (np.asarray(at(drawn, ("first", "kernel"))[...]) == 0.5).all()
    assert (np.asarray(at(drawn, ("readout", "kernel"))[...]) == 0).all()
    assert (np.asarray(at(drawn, ("readout", "bias"))[...]) == 1).all()
