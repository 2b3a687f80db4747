"""What tells a person the groups of a plan from one another."""

from collections import Counter
from collections.abc import Sequence

from initlab.architectures.families import FAMILIES
from initlab.spec.plan import VALUES, Group
from initlab.spec.schema import RunSpec

# Written first, or no words: the schedule is a digest.
_UNNAMED = VALUES | {"model", "activation", "depth", "measure"}


def name_groups(groups: Sequence[Group]) -> dict[str, str]:
    """Returns a line's beginning by group id, no two alike.

    A name has model, activation and depth, each field of the compiled program in which the groups
    differ, and its number among groups that all this does not tell apart, as where a signature's
    runs are cut in two: `mlp relu depth 10, width 64, part 2`.
    """
    rows = [group.runs[0].row() for group in groups]
    fields = [name for name in RunSpec.model_fields if name not in _UNNAMED]
    varied = [name for name in fields if len({repr(row[name]) for row in rows}) > 1]
    names = []
    for group, row in zip(groups, rows, strict=True):
        told = [f"{name.replace('_', ' ')} {row[name]}" for name in varied if row[name] is not None]
        names.append(", ".join([_usual(group.runs[0]), *told]))
    counts, seen = Counter(names), Counter[str]()
    found = {}
    for group, name in zip(groups, names, strict=True):
        seen[name] += 1
        found[group.group_id] = name if counts[name] == 1 else f"{name}, part {seen[name]}"
    return found


def _usual(run: RunSpec) -> str:
    own = FAMILIES[run.model].depth is not None  # in the model's name
    return f"{run.model} {run.activation.name}" + ("" if own else f" depth {run.depth}")
