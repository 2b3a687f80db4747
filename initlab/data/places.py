"""Where image sets may lie on a machine: the folders a user names, and those that others use."""

import os
from pathlib import Path

VARIABLE = "INITLAB_DATA"
"""Environment variable: folders that hold image sets, separated as those of PATH are."""

WELL_KNOWN = (
    "/usr/share/datasets",  # Debian's packages
    "$KERAS_HOME/datasets",  # Keras's get_file
    "~/.keras/datasets",  # the same, where nothing is said
    "data",  # torchvision's root in its own examples
    "datasets",
    "~/data",
    "~/datasets",
)


def named_places() -> tuple[Path, ...]:
    """Returns the folders that `INITLAB_DATA` names, in its order."""
    named = os.environ.get(VARIABLE, "").split(os.pathsep)
    return tuple(Path(os.path.expanduser(one)) for one in named if one)


def places() -> tuple[Path, ...]:
    """Returns the folders to look into, in order: those a user names come first.

    A well-known one that begins with an environment variable is there where that is set.
    """
    written = (os.path.expandvars(os.path.expanduser(one)) for one in WELL_KNOWN)
    known = (Path(one) for one in written if not one.startswith("$"))
    return tuple(dict.fromkeys((*named_places(), *known)))
