"""The errors that initlab raises on purpose; each message says what is wrong and how to mend it."""

from collections.abc import Sequence
from typing import ClassVar


class InitlabError(Exception):
    """Base of every error that initlab raises on purpose; a command ends with its `exit_code`."""

    exit_code: ClassVar[int] = 1


class DataError(InitlabError):
    """A data set is missing, damaged or not the one that was asked for."""

    exit_code = 2


class SpecError(InitlabError):
    """A specification was refused; `problems` holds every reason."""

    exit_code = 2
    problems: tuple[str, ...]

    def __init__(self, problems: Sequence[str] | str) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[type["SpecError"], tuple[tuple[str, ...]]]:
        return type(self), (self.problems,)


class StoreError(InitlabError):
    """A results folder or a shard cannot be used."""


class UnwritableError(StoreError):
    """A results folder takes no more groups: its disk is full, over a quota, or fails."""


class CorruptShardError(StoreError):
    """A committed file is missing or is not the file that was committed."""


class ResultsMismatchError(StoreError):
    """A results folder belongs to another sweep."""


class BusyError(InitlabError):
    """Another driver holds the sweep."""

    exit_code = 75


class GroupFailedError(InitlabError):
    """A group of runs failed and was recorded as failed."""
