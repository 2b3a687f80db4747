"""What the theory of wide random networks expects, for any scalar function, in double precision."""

from initlab.architectures.layers import (
    Activation,
    Convolution,
    Dense,
    Dropout,
    Norm,
    Pool,
    Residual,
)
from initlab.theory.critical import (
    CriticalPoint,
    critical_points,
    critical_weight_variance,
    half_stable_points,
)
from initlab.theory.depth_scale import xi_c, xi_gradient, xi_q
from initlab.theory.dynamics import FixedPoint
from initlab.theory.finite_width import he_relu_mean_log_factor, relative_scatter
from initlab.theory.function import Phi
from initlab.theory.gaussian import (
    gain,
    mean,
    mean_growth,
    second_moment,
    second_moment_growth,
    slope_second_moment,
)
from initlab.theory.inputs import inputs_like, white_inputs
from initlab.theory.jacobian import JacobianMoments, jacobian_moments
from initlab.theory.layer_factors import (
    PooledMoments,
    batch_norm_gradient_factor,
    batch_norm_linear_gradient_factor,
    max_pool_moments,
)
from initlab.theory.meanfield import (
    c_map,
    c_star,
    chi_1,
    chi_c,
    chi_q,
    fixed_points,
    q_map,
    q_star,
)
from initlab.theory.perceptron import LayerPrediction, predict_dense
from initlab.theory.predict import Prediction, predict_network
from initlab.theory.unit_weights import unit_weights

__all__ = [
    "Activation",
    "Convolution",
    "CriticalPoint",
    "Dense",
    "Dropout",
    "FixedPoint",
    "JacobianMoments",
    "LayerPrediction",
    "Norm",
    "Phi",
    "Pool",
    "PooledMoments",
    "Prediction",
    "Residual",
    "batch_norm_gradient_factor",
    "batch_norm_linear_gradient_factor",
    "c_map",
    "c_star",
    "chi_1",
    "chi_c",
    "chi_q",
    "critical_points",
    "critical_weight_variance",
    "fixed_points",
    "gain",
    "half_stable_points",
    "he_relu_mean_log_factor",
    "inputs_like",
    "jacobian_moments",
    "max_pool_moments",
    "mean",
    "mean_growth",
    "predict_dense",
    "predict_network",
    "q_map",
    "q_star",
    "relative_scatter",
    "second_moment",
    "second_moment_growth",
    "slope_second_moment",
    "unit_weights",
    "white_inputs",
    "xi_c",
    "xi_gradient",
    "xi_q",
]
