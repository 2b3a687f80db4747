"""The laws that a specification can name, one typed model a law, without importing JAX."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from initlab.spec.filter_banks import DerivativeBank, GaborBank, PatternBank
from initlab.spec.law import ONE_ZERO, Law, NotNegative, Number, PartsLaw, Positive, plain_argument
from initlab.spec.parts import parts_of
from initlab.spec.pretrained import Pretrained
from initlab.spec.problems import branch, must_be, unknown


class PlainLaw(Law):
    """A law without numbers of its own."""

    name: Literal[
        "zeros",
        "ones",
        "lecun_normal",
        "lecun_uniform",
        "glorot_normal",
        "glorot_uniform",
        "he_normal",
        "he_uniform",
        "lenet_uniform",
        "pytorch_default",
        "keras_default",
        "flax_default",
        "haiku_default",
        "lenet_demo_uniform",
        "lenet_sigmoid_uniform",
        "lenet_paper_uniform",
        "alexnet_normal",
        "caffenet_dense_normal",
        "vgg_normal",
        "vgg_port_normal",
        "zfnet_normal",
        "zfnet_constant",
        "nin_normal",
        "dirac",
        "zero_hadamard",
    ]


class Constant(Law):
    """Every weight is `value`."""

    name: Literal["constant"]
    value: Number


class Normal(Law):
    """Gaussian of standard deviation `stddev` about `mean`, whatever the fans."""

    name: Literal["normal"]
    stddev: NotNegative
    mean: Number = 0.0


class TruncatedNormal(Law):
    """Gaussian cut at two standard deviations, not corrected for the cut."""

    name: Literal["truncated_normal"]
    stddev: NotNegative
    mean: Number = 0.0


class Uniform(Law):
    """Uniform between `low` and `high`."""

    name: Literal["uniform"]
    low: Number
    high: Number

    @model_validator(mode="after")
    def _ordered(self) -> "Uniform":
        if not self.low < self.high:
            raise ValueError(f"`low` must be below `high`, got {self.low} and {self.high}")
        return self


class FanInNormal(Law):
    """Gaussian of variance `weight_variance` divided by the fan-in."""

    name: Literal["fan_in_normal"]
    weight_variance: Positive


class TiedHalves(Law):
    """Gaussian whose second half of units, of inputs or of both repeats the first."""

    name: Literal["tied_halves"]
    weight_variance: Positive
    tie: Literal["inputs", "units", "both"] = "both"


class Gained(Law):
    """An orthogonal or identity matrix times `gain`."""

    name: Literal["orthogonal", "identity", "delta_orthogonal"]
    gain: Positive = 1.0


class VarianceScaling(Law):
    """Of variance `scale` over a fan, or over a mean of both."""

    name: Literal["variance_scaling"]
    scale: Positive
    mode: Literal["fan_in", "fan_out", "fan_avg", "fan_geo_avg"] = "fan_in"
    distribution: Literal["truncated_normal", "normal", "uniform"] = "truncated_normal"


class HeLeaky(Law):
    """He's law for a ReLU of slope `negative_slope` below zero."""

    name: Literal["he_leaky_normal", "he_leaky_uniform"]
    negative_slope: Number


class CaffeFiller(Law):
    """A filler of Caffe, of variance 1 or 2 over a fan, or over the mean of both."""

    name: Literal["caffe_xavier", "caffe_msra"]
    mode: Literal["fan_in", "fan_out", "fan_avg"] = "fan_in"


class LenetClass(Law):
    """Glorot's uniform law, its fan-out divided by the positions that are pooled."""

    name: Literal["lenet_class_uniform"]
    pool_area: Annotated[int, Field(ge=1)] = 4


class SirenFirst(Law):
    """The first layer of a network of sines, times a frequency that they lack."""

    name: Literal["siren_first"]
    folded_omega: Positive = 1.0


class SirenHidden(Law):
    """The other layers of a network of sines of frequency `omega`."""

    name: Literal["siren_hidden"]
    omega: Positive = 30.0


class RandomWalk(Law):
    """Gaussian that keeps the mean logarithm of a length."""

    name: Literal["random_walk"]
    activation: Literal["linear", "relu"] = "relu"


class Sparse(Law):
    """Gaussian of which a share of what leaves each input is zero."""

    name: Literal["sparse"]
    sparsity: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False), ONE_ZERO]
    stddev: NotNegative = 0.01


class SparseIncoming(Law):
    """Gaussian of which each unit reads `connections` inputs."""

    name: Literal["sparse_incoming"]
    connections: Annotated[int, Field(ge=1)] = 15
    stddev: NotNegative = 1.0


class RecipeLaw(Law):
    """A paper's laws for kernels and biases, layer by layer: see `initlab.spec.recipes`."""

    name: Literal[
        "alexnet_recipe",
        "bvlc_alexnet_recipe",
        "caffenet_recipe",
        "googlenet_recipe",
        "lenet_tutorial_recipe",
    ]


LAW_MODELS: tuple[type[Law], ...] = (
    PlainLaw,
    Constant,
    Normal,
    TruncatedNormal,
    Uniform,
    FanInNormal,
    TiedHalves,
    Gained,
    VarianceScaling,
    HeLeaky,
    CaffeFiller,
    LenetClass,
    SirenFirst,
    SirenHidden,
    RandomWalk,
    Sparse,
    SparseIncoming,
    DerivativeBank,
    GaborBank,
    PatternBank,
)


def _names(model: type[Law]) -> tuple[str, ...]:
    """Returns the names that a model of laws goes by."""
    return get_args(model.model_fields["name"].annotation)


LAW_NAMES: tuple[str, ...] = tuple(name for model in LAW_MODELS for name in _names(model))
RECIPE_NAMES: tuple[str, ...] = _names(RecipeLaw)
PRETRAINED = "pretrained"
NAMED: tuple[type[Law], ...] = (*LAW_MODELS, RecipeLaw, Pretrained)
_TAGS = {name: branch(model.__name__) for model in NAMED for name in _names(model)}


OR_SAME = ("first_initializer", "readout_initializer", "head_initializer")


def _as_law(value: Any, info: Any) -> Any:
    """Reads a bare name as a law without numbers, and finds the names of `parts.py`."""
    if isinstance(value, Law):
        return value
    table = {"name": value} if isinstance(value, str) else value
    parts = parts_of(info)
    own = parts.initializers if parts else ()
    name = table.get("name") if isinstance(table, dict) else None
    if not isinstance(name, str):
        raise must_be("a law's name, or a table with a `name`")
    if name in own and parts is not None:
        given = {key: number for key, number in table.items() if key != "name"}
        arguments = tuple(
            sorted((key, plain_argument(key, number)) for key, number in given.items())
        )
        return PartsLaw(name=name, parts_sha256=parts.sha256, factory_arguments=arguments)
    whole = (PRETRAINED,) if info.field_name == "initializer" else ()
    if name not in (*LAW_NAMES, *RECIPE_NAMES, *whole):
        if name == PRETRAINED:
            raise must_be("a law that draws; `pretrained` is one of `initializer` alone")
        same = ("same",) if info.field_name in OR_SAME else ()
        raise unknown(name, (*same, *LAW_NAMES, *RECIPE_NAMES, *whole, *own))
    return table


def _tag(value: Any) -> str:
    """Returns which model of the union reads this value."""
    own = branch("PartsLaw")
    if isinstance(value, PartsLaw):
        return own
    return _TAGS.get(value["name"] if isinstance(value, dict) else value.name, own)


InitializerLaw = Annotated[
    Annotated[PlainLaw, Tag(branch("PlainLaw"))]
    | Annotated[Constant, Tag(branch("Constant"))]
    | Annotated[Normal, Tag(branch("Normal"))]
    | Annotated[TruncatedNormal, Tag(branch("TruncatedNormal"))]
    | Annotated[Uniform, Tag(branch("Uniform"))]
    | Annotated[FanInNormal, Tag(branch("FanInNormal"))]
    | Annotated[TiedHalves, Tag(branch("TiedHalves"))]
    | Annotated[Gained, Tag(branch("Gained"))]
    | Annotated[VarianceScaling, Tag(branch("VarianceScaling"))]
    | Annotated[HeLeaky, Tag(branch("HeLeaky"))]
    | Annotated[CaffeFiller, Tag(branch("CaffeFiller"))]
    | Annotated[LenetClass, Tag(branch("LenetClass"))]
    | Annotated[SirenFirst, Tag(branch("SirenFirst"))]
    | Annotated[SirenHidden, Tag(branch("SirenHidden"))]
    | Annotated[RandomWalk, Tag(branch("RandomWalk"))]
    | Annotated[Sparse, Tag(branch("Sparse"))]
    | Annotated[SparseIncoming, Tag(branch("SparseIncoming"))]
    | Annotated[DerivativeBank, Tag(branch("DerivativeBank"))]
    | Annotated[GaborBank, Tag(branch("GaborBank"))]
    | Annotated[PatternBank, Tag(branch("PatternBank"))]
    | Annotated[RecipeLaw, Tag(branch("RecipeLaw"))]
    | Annotated[Pretrained, Tag(branch("Pretrained"))]
    | Annotated[PartsLaw, Tag(branch("PartsLaw"))],
    Discriminator(_tag),
    BeforeValidator(_as_law),
]
