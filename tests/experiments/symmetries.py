"""Networks of copies, or not, for symmetry_breaking."""

from .tables import trial
from .tables import verdicts as verdicts_of

NAME = "symmetry_breaking"
GRADIENT = "preactivation_gradient_second_moment"
CONSTANT, LECUN = "constant(value=0.05)", "lecun_normal"
HALVES = "tied_halves(weight_variance=1)"


def verdicts(path):
    return verdicts_of(NAME, path)


def arm(initializer, *, accuracy=0.1, loss=2.302585, depth=4, **more):
    """A trial of copies with gradients of rank one; `more`: fields, or statistics of layers."""
    statistics = {"duplicate_unit_fraction", "kernel_gradient_rank", "effective_rank"}
    statistics |= {"kernel_min", "kernel_max"}
    given = {name: more.pop(name) for name in list(more) if name in statistics | {GRADIENT}}
    usual = {
        "duplicate_unit_fraction": 1.0,
        "unit_cosine": 1.0,
        "effective_rank": 1.0,
        "kernel_gradient_rank": 1.0,
        GRADIENT: 1e-4,
    }
    records = {"train_loss": loss, "test_accuracy": accuracy, "train_accuracy": accuracy}
    return trial(
        layers=usual | given, records=records, depth=depth, width=32, initializer=initializer,
        **more,
    )  # fmt: skip


def in_one_seed(value, usual):
    """`value` in seed 3, layer 2, from step 1 on; `usual` everywhere else."""
    return lambda seed, step, layer: value if (seed, layer) == (3, 2) and step else usual
