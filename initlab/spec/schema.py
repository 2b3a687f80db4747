"""One run, whole: every field that changes its numbers, with its default and its bounds."""

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from initlab.architectures.families import CHOICES, FAMILIES, family_fields
from initlab.spec.augmentation import AugmentationLaws
from initlab.spec.content import content_id
from initlab.spec.datasets import DATASETS, DatasetName, DatasetSize, image_shape
from initlab.spec.first_window import FirstWindow
from initlab.spec.images import (
    ClassesField,
    ImageSizeField,
    class_faults,
    has_classes,
    image_faults,
)
from initlab.spec.law import ONE_ZERO
from initlab.spec.law_or_same import LawOrSame
from initlab.spec.laws import InitializerLaw, PlainLaw, RecipeLaw, TiedHalves
from initlab.spec.measure import MAX_STEPS, Measure, Ordered, Probe, kind_of
from initlab.spec.misfits import misfit
from initlab.spec.nonlinearities import ActivationField, ActivationLaw
from initlab.spec.pretrained import Pretrained
from initlab.spec.problems import branch, either
from initlab.spec.schedule import make_schedule
from initlab.spec.schemes import NoScheme, SchemeLaw
from initlab.spec.training_part import training_faults
from initlab.spec.transfer import transfer_faults

MAX_DEPTH = 10_000
MAX_WIDTH = 65_536
MAX_KERNEL_SIZE = 1_024

UNSAID = ("scale", "residual", *CHOICES)  # fields that are none where they have their default

OPTIMIZER_FIELDS: dict[str, tuple[str, ...]] = {
    "sgd": (),
    "momentum": ("momentum",),
    "adam": ("adam_beta1", "adam_beta2", "adam_epsilon"),
}

ModelName = Literal[
    "mlp",
    "convnet",
    "local",
    "textbook",
    "lenet",
    "alexnet",
    "zfnet",
    "nin",
    "vgg11",
    "vgg13",
    "vgg16",
    "vgg19",
    "googlenet",
    "squeezenet",
    "resnet18",
    "resnet34",
    "resnet50",
    "plain18",
    "plain34",
    "plain50",
    "resnet20",
    "resnet32",
    "resnet44",
    "resnet56",
    "resnet110",
    "plain20",
    "plain32",
    "plain44",
    "plain56",
    "plain110",
]
Fraction = Annotated[float, Field(ge=0.0, lt=1.0), ONE_ZERO]
Rate = Annotated[float, Field(ge=0.0, le=1e6), ONE_ZERO]


class RunSpec(BaseModel):
    """The resolved configuration of one run.

    Equal specifications, and only those, share a `run_id`. Fields that the chosen optimizer
    does not read are not part of it.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    model: ModelName = "mlp"
    scale: Literal["small", "paper"] = "small"
    norm: Literal["none", "batch", "layer", "group", "local_response"] = "none"
    residual: Literal["plain", "scaled", "zero_gamma", "skip_init", "rezero", "fixup"] = "plain"
    kernel_size: Annotated[int, Field(ge=1, le=MAX_KERNEL_SIZE)] = 3
    padding: Literal["same", "valid", "circular"] = "same"
    pooling: Literal["max", "average", "norm", "none"] = "max"
    after_pooling: Literal["activation", "nothing"] = "activation"
    dropout: Fraction = 0.0
    readout: Literal["places", "mean"] = "places"
    auxiliary_heads: bool = False
    depth: Annotated[int, Field(ge=1, le=MAX_DEPTH)] = 10
    width: Annotated[int, Field(ge=1, le=MAX_WIDTH)] = 128
    first_window: FirstWindow = "own"
    activation: ActivationField = ActivationLaw(name="relu")
    initializer: InitializerLaw = PlainLaw(name="he_normal")
    first_initializer: LawOrSame = "same"
    readout_initializer: LawOrSame = "same"
    bias_initializer: InitializerLaw = PlainLaw(name="zeros")
    removed_layers: Annotated[int, Field(ge=0, le=MAX_DEPTH)] = 0
    head_initializer: LawOrSame = "same"
    frozen_layers: Annotated[int, Field(ge=0, le=MAX_DEPTH)] = 0
    head_learning_rate_multiplier: Rate = 1.0
    learning_rate_multipliers: Annotated[tuple[Rate, ...], Field(strict=False)] = ()
    scheme: SchemeLaw = NoScheme()
    dataset: DatasetName = "digits"
    classes: ClassesField = "all"
    image_size: ImageSizeField = "own"
    inputs: Literal["standardized", "centred", "unit", "raw"] = "standardized"
    augmentation: AugmentationLaws = ()
    probes: Annotated[tuple[Probe, ...], Field(strict=False), Ordered] = ()
    validation_fraction: Fraction = 0.0
    batch_size: Annotated[int, Field(ge=2, le=65_536)] = 128
    steps: Annotated[int, Field(ge=0, le=MAX_STEPS)] = 100
    loss: Literal["cross_entropy", "mse"] = "cross_entropy"
    target: Literal["classes", "number"] = "classes"
    optimizer: Literal["sgd", "momentum", "adam"] = "momentum"
    learning_rate: Rate = 0.01
    learning_rate_schedule: Literal["constant", "cosine", "linear"] = "constant"
    warmup_steps: Annotated[int, Field(ge=0, le=MAX_STEPS)] = 0
    momentum: Fraction = 0.9
    adam_beta1: Fraction = 0.9
    adam_beta2: Fraction = 0.999
    adam_epsilon: Annotated[float, Field(gt=0.0, le=1.0)] = 1e-8
    gradient_clip: Annotated[
        Annotated[Literal["none"], Tag(branch("Text"))]
        | Annotated[float, Field(gt=0.0), Tag(branch("Number"))],
        Discriminator(kind_of),
        either('"none" or a number above 0', str, int, float),
    ] = "none"
    weight_decay: Rate = 0.0
    dtype: Literal["float32", "bfloat16"] = "float32"
    matmul_precision: Literal["default", "high", "highest"] = "default"
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    measure: Measure = Measure()

    @model_validator(mode="before")
    @classmethod
    def _of_its_family(cls, values: Any) -> Any:
        """Fills in the sizes that a model has of its own, where nothing is said of them."""
        family = FAMILIES.get(values.get("model", "mlp")) if isinstance(values, dict) else None
        return values if family is None else family_fields(family, values) | values

    @model_validator(mode="after")
    def _fields_agree(self) -> "RunSpec":
        if faults := "; ".join(text for _, text in self.disagreements()):
            raise ValueError(faults)
        return self

    def disagreements(self) -> Iterator[tuple[frozenset[str], str]]:
        """Yields what is wrong with fields that are right one by one, and which these are."""
        schedule = self.measure.steps
        if isinstance(schedule, tuple) and schedule and schedule[-1] > self.steps:
            last = schedule[-1]
            yield (
                frozenset({"measure", "steps"}),
                f"`measure.steps` names step {last}, but the run ends at `steps` = {self.steps}",
            )
        yield from class_faults(self.dataset, self.classes)
        if has_classes(self.dataset, self.classes):
            yield from training_faults(self)
        if "linear" in self.probes and not self.validation_fraction:
            yield (
                frozenset({"probes", "validation_fraction"}),
                "the probe `linear` chooses its penalty on a validation part: give "
                "`validation_fraction`",
            )
        if self.target == "number" and self.loss != "mse":
            yield (
                frozenset({"loss", "target"}),
                f'`target` = "number" needs `loss` = "mse", got {self.loss!r}',
            )
        if self.warmup_steps > self.steps:
            yield (
                frozenset({"warmup_steps", "steps"}),
                f"`warmup_steps` = {self.warmup_steps} is more than `steps` = {self.steps}",
            )
        yield from image_faults(self.dataset, self.image_size, self.augmentation)
        if found := misfit(self):
            yield found
        else:
            yield from transfer_faults(self)
        laws = (self.initializer, self.first_law, self.readout_law, self.head_initializer)
        if self.width % 2 and any(isinstance(law, TiedHalves) for law in laws):
            yield (
                frozenset(
                    {
                        "width",
                        "initializer",
                        "first_initializer",
                        "readout_initializer",
                        "head_initializer",
                    }
                ),
                f"`tied_halves` needs an even `width`, got {self.width}",
            )
        zeros = self.bias_initializer == PlainLaw(name="zeros")
        if isinstance(self.initializer, RecipeLaw) and not zeros:
            yield (
                frozenset({"initializer", "bias_initializer"}),
                f"`initializer` = {self.initializer.name!r} has biases of its own, got "
                f"`bias_initializer` = {self.bias_initializer.label!r}: leave it out",
            )

    @cached_property
    def data_size(self) -> DatasetSize:
        """How many images of how many classes there are, those of `classes` alone."""
        return DATASETS[self.dataset].of(self.classes)

    @property
    def outputs(self) -> int:
        """How many numbers the network answers with: one a class, or the class's number itself."""
        return 1 if self.target == "number" else self.data_size.classes

    @property
    def first_law(self) -> InitializerLaw:
        """The law of the first layer's kernel, where that is no readout: its own, or the run's."""
        return self.initializer if self.first_initializer == "same" else self.first_initializer

    @property
    def readout_law(self) -> InitializerLaw:
        """The law of the last layer's kernel: its own, or the run's."""
        if self.readout_initializer == "same":
            return self.initializer
        return self.readout_initializer

    @property
    def has_head_law(self) -> bool:
        """Whether the head's kernels have a law of their own."""
        return self.head_initializer != "same"

    @property
    def multiplied(self) -> bool:
        """Whether the learning rate is multiplied layer by layer, by 0 where one is frozen."""
        factors = (self.head_learning_rate_multiplier, *self.learning_rate_multipliers)
        return self.frozen_layers > 0 or any(factor != 1.0 for factor in factors)

    @cached_property
    def canonical(self) -> dict[str, Any]:
        """Every field that changes the numbers, as plain data; a choice not made is no field."""
        fields = self.model_dump(mode="json")
        fields["readout_initializer"] = self.readout_law.model_dump(mode="json")
        fields["measure"]["schedule"] = make_schedule(self.measure, self.steps).digest
        for optimizer, names in OPTIMIZER_FIELDS.items():
            for name in names if optimizer != self.optimizer else ():
                del fields[name]
        own = image_shape(self.dataset)
        defaults = type(self).model_fields
        for name, nothing in (
            *((name, fields[name] == defaults[name].default) for name in UNSAID),
            ("first_window", self.first_window in ("own", self.kernel_size)),
            ("first_initializer", self.first_law == self.initializer),
            ("scheme", self.scheme.name == "none"),
            ("norm", self.norm == FAMILIES[self.model].norm),
            ("classes", self.data_size.classes == DATASETS[self.dataset].classes),
            ("target", self.target == "classes"),
            ("image_size", image_shape(self.dataset, self.image_size) == own),
            ("augmentation", not self.augmentation),
            ("probes", not self.probes),
            ("removed_layers", self.removed_layers == 0),
            ("head_initializer", not self.has_head_law),
            ("frozen_layers", self.frozen_layers == 0),
            ("head_learning_rate_multiplier", self.head_learning_rate_multiplier == 1.0),
            ("learning_rate_multipliers", set(self.learning_rate_multipliers) <= {1.0}),
        ):
            if nothing:
                fields.pop(name, None)
        return fields

    @cached_property
    def run_id(self) -> str:
        """Content hash of `canonical`, 16 hexadecimal digits."""
        return content_id(self.canonical)

    @cached_property
    def trial_id(self) -> str:
        """Content hash of `canonical` without the seed: runs of a trial differ by seed alone.

        The digest of a checkpoint hangs on the seed too: each run may start from one of its own.
        """
        return content_id(
            {key: _undated(value) for key, value in self.canonical.items() if key != "seed"}
        )

    def row(self) -> dict[str, Any]:
        """Returns the fields as one row of the `runs` table: laws as labels, unused fields null."""
        row: dict[str, Any] = {name: self.canonical.get(name) for name in type(self).model_fields}
        row |= {name: getattr(self, name) for name in UNSAID if name != "first_window"}
        row |= {
            "norm": self.norm,
            "activation": self.activation.name,
            "initializer": self.initializer.label,
            "first_initializer": row["first_initializer"] and self.first_law.label,
            "readout_initializer": self.readout_law.label,
            "bias_initializer": self.bias_initializer.label,
            "classes": None if row["classes"] is None else "+".join(map(str, self.classes)),
            "scheme": None if self.scheme.name == "none" else self.scheme.label,
            "augmentation": ", ".join(law.label for law in self.augmentation) or None,
            "probes": ", ".join(self.probes) or None,
            "head_initializer": getattr(self.head_initializer, "label", None),
            "learning_rate_multipliers": None
            if row["learning_rate_multipliers"] is None
            else ", ".join(f"{factor:g}" for factor in self.learning_rate_multipliers),
            "gradient_clip": None if self.gradient_clip == "none" else self.gradient_clip,
            "measure": json.dumps(self.canonical["measure"], sort_keys=True),
        }
        if isinstance(self.initializer, Pretrained):
            row["checkpoint_sha256"] = self.initializer.sha256
        return row


def _undated(value: Any) -> Any:
    """Returns a field without the digest of a checkpoint, where it is a law that has one."""
    if not isinstance(value, dict):
        return value
    return {key: one for key, one in value.items() if key != "sha256"}
