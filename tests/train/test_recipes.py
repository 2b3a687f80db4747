"""A recipe's laws reach the layers that they are of, repeated ones too."""

import jax
import numpy as np

from initlab.data import load
from initlab.laws import make_laws
from initlab.models import at
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
