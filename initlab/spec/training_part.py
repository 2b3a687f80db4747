"""Which images train and which validate: how many of each class, and that no class is missing."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from initlab.spec.misfits import Misfit
    from initlab.spec.schema import RunSpec

FINE = 10_000  # parts of one that a message gives a fraction in


def quotas(counts: Sequence[int], num_chosen: int) -> tuple[int, ...]:
    """Returns how many images each class gives: its share, rounded by largest remainder.

    >>> quotas((4, 2), 3)
    (2, 1)

    Args:
        counts: images of each class.
        num_chosen: how many are to be taken of all, 0 to the sum of `counts`.
    """
    total = sum(counts)
    if not total:
        return tuple(0 for _ in counts)
    given = [divmod(count * num_chosen, total) for count in counts]
    spare = num_chosen - sum(quota for quota, _ in given)
    first = set(sorted(range(len(counts)), key=lambda label: -given[label][1])[:spare])
    return tuple(quota + (label in first) for label, (quota, _) in enumerate(given))


def lacking(counts: Sequence[int], fraction: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Returns which classes have no image that trains, and which none that validates.

    Where nothing is held out no class has to validate.

    Args:
        counts: training images of each class.
        fraction: of them that validates.
    """
    number = round(fraction * sum(counts))
    given = quotas(counts, number)
    training = tuple(label for label, one in enumerate(counts) if given[label] == one)
    return training, tuple(label for label, one in enumerate(given) if number and not one)


def training_faults(run: "RunSpec") -> Iterator["Misfit"]:
    """Yields batches of more images than train, and classes that a part of the images lacks."""
    counts = run.data_size.train_counts
    training = sum(counts) - round(run.validation_fraction * sum(counts))
    fields = frozenset({"dataset", "classes", "validation_fraction"})
    if run.batch_size > training:
        yield (
            fields | {"batch_size"},
            f"`batch_size` = {run.batch_size} is more than the {training} training images of "
            f"{run.dataset!r}",
        )
    names = range(len(counts)) if run.classes == "all" else run.classes
    parts = zip(("training", "validation"), lacking(counts, run.validation_fraction), strict=True)
    for part, without in parts:
        if not without:
            continue
        least, greatest = _ends(counts)
        yield (
            fields,
            f"`validation_fraction` = {run.validation_fraction} leaves no {part} image of "
            f"{run.dataset!r} in class {', '.join(str(names[label]) for label in without)}: give "
            f"0, or {least / FINE:g} to {greatest / FINE:g}",
        )


def _ends(counts: Sequence[int]) -> tuple[int, int]:
    """Returns the least and the greatest fraction, above 0, with all classes in both parts."""

    def whole(k: int) -> bool:
        return round(k / FINE * sum(counts)) > 0 and not any(lacking(counts, k / FINE))

    return next(filter(whole, range(1, FINE))), next(filter(whole, range(FINE - 1, 0, -1)))
