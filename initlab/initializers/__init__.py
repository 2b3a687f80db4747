"""The laws that weights are drawn from, in `INITIALIZERS`, and whole-model `SCHEMES`, by name."""

from collections.abc import Callable

from initlab.initializers.base import Initializer
from initlab.initializers.caffe import caffe_msra, caffe_xavier
from initlab.initializers.constant import constant, ones, zeros
from initlab.initializers.fans import Fan, KernelShape, Layout, fans
from initlab.initializers.fixed_scales import (
    alexnet_normal,
    caffenet_dense_normal,
    nin_normal,
    vgg_normal,
    vgg_port_normal,
    zfnet_constant,
    zfnet_normal,
)
from initlab.initializers.frameworks import (
    flax_default,
    haiku_default,
    keras_default,
    pytorch_default,
)
from initlab.initializers.gaussian import fan_in_normal, normal, truncated_normal
from initlab.initializers.hand_made import (
    curve_detector,
    gabor,
    laplacian,
    prewitt,
    sobel,
    x_detector,
)
from initlab.initializers.identity import dirac, identity
from initlab.initializers.layouts import laid_out
from initlab.initializers.lenet import (
    lenet_class_uniform,
    lenet_demo_uniform,
    lenet_paper_uniform,
    lenet_sigmoid_uniform,
    lenet_uniform,
)
from initlab.initializers.mup import MupScaling, mup
from initlab.initializers.named_scaling import (
    glorot_normal,
    glorot_uniform,
    he_leaky_normal,
    he_leaky_uniform,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
)
from initlab.initializers.orthogonal import delta_orthogonal, orthogonal
from initlab.initializers.random_walk import random_walk
from initlab.initializers.schemes import SCHEMES, Batch, Initialized, Scheme
from initlab.initializers.siren import siren_first, siren_hidden
from initlab.initializers.sparse import sparse, sparse_incoming
from initlab.initializers.tied import tied_halves
from initlab.initializers.uniform import uniform
from initlab.initializers.variance_scaling import variance_scaling
from initlab.initializers.zero_hadamard import zero_hadamard

INITIALIZERS: dict[str, Callable[..., Initializer]] = {
    "zeros": zeros,
    "ones": ones,
    "constant": constant,
    "normal": normal,
    "uniform": uniform,
    "truncated_normal": truncated_normal,
    "fan_in_normal": fan_in_normal,
    "lecun_normal": lecun_normal,
    "lecun_uniform": lecun_uniform,
    "glorot_normal": glorot_normal,
    "glorot_uniform": glorot_uniform,
    "he_normal": he_normal,
    "he_uniform": he_uniform,
    "orthogonal": orthogonal,
    "identity": identity,
    "lenet_uniform": lenet_uniform,
    "pytorch_default": pytorch_default,
    "keras_default": keras_default,
    "flax_default": flax_default,
    "haiku_default": haiku_default,
    "tied_halves": tied_halves,
    "variance_scaling": variance_scaling,
    "he_leaky_normal": he_leaky_normal,
    "he_leaky_uniform": he_leaky_uniform,
    "lenet_demo_uniform": lenet_demo_uniform,
    "lenet_class_uniform": lenet_class_uniform,
    "lenet_sigmoid_uniform": lenet_sigmoid_uniform,
    "lenet_paper_uniform": lenet_paper_uniform,
    "alexnet_normal": alexnet_normal,
    "caffenet_dense_normal": caffenet_dense_normal,
    "vgg_normal": vgg_normal,
    "vgg_port_normal": vgg_port_normal,
    "zfnet_normal": zfnet_normal,
    "zfnet_constant": zfnet_constant,
    "nin_normal": nin_normal,
    "caffe_xavier": caffe_xavier,
    "caffe_msra": caffe_msra,
    "siren_first": siren_first,
    "siren_hidden": siren_hidden,
    "random_walk": random_walk,
    "sparse": sparse,
    "sparse_incoming": sparse_incoming,
    "delta_orthogonal": delta_orthogonal,
    "dirac": dirac,
    "zero_hadamard": zero_hadamard,
    "sobel": sobel,
    "prewitt": prewitt,
    "laplacian": laplacian,
    "gabor": gabor,
    "curve_detector": curve_detector,
    "x_detector": x_detector,
}

__all__ = [
    "INITIALIZERS",
    "SCHEMES",
    "Batch",
    "Fan",
    "Initialized",
    "Initializer",
    "KernelShape",
    "Layout",
    "MupScaling",
    "Scheme",
    "alexnet_normal",
    "caffe_msra",
    "caffe_xavier",
    "caffenet_dense_normal",
    "constant",
    "curve_detector",
    "delta_orthogonal",
    "dirac",
    "fan_in_normal",
    "fans",
    "flax_default",
    "gabor",
    "glorot_normal",
    "glorot_uniform",
    "haiku_default",
    "he_leaky_normal",
    "he_leaky_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "keras_default",
    "laid_out",
    "laplacian",
    "lecun_normal",
    "lecun_uniform",
    "lenet_class_uniform",
    "lenet_demo_uniform",
    "lenet_paper_uniform",
    "lenet_sigmoid_uniform",
    "lenet_uniform",
    "mup",
    "nin_normal",
    "normal",
    "ones",
    "orthogonal",
    "prewitt",
    "pytorch_default",
    "random_walk",
    "siren_first",
    "siren_hidden",
    "sobel",
    "sparse",
    "sparse_incoming",
    "tied_halves",
    "truncated_normal",
    "uniform",
    "variance_scaling",
    "vgg_normal",
    "vgg_port_normal",
    "x_detector",
    "zero_hadamard",
    "zeros",
    "zfnet_constant",
    "zfnet_normal",
]
