"""`environment.txt`: the versions behind a report, as far as they are recorded, for pip."""

import re
from collections.abc import Iterator

from initlab.report.deposit.report import Report
from initlab.report.inputs import WRITERS, writer_versions

# What pip installs: initlab is on no index, and a name that only the results know is not trusted.
_PACKAGES = ("flax", "jax", "jaxlib", "optax", *WRITERS)
_MACHINE = {
    "cpu": "processor",
    "flags": "variables that were set",
    "lock": "SHA-256 of requirements/run.txt, the lock",
}
_VERSION = re.compile(r"[0-9][A-Za-z0-9.!+_-]*")


def encode_environment(report: Report) -> str:
    """Returns `environment.txt`, a requirements file with what pip cannot install as comments."""
    devices = ", ".join(report.source.devices) or "not recorded"
    lines = [f"# {report.source.experiment}: what the runs were made with", f"# device: {devices}"]
    lines += [f"# {what}: {_machine(report, name)}" for name, what in _MACHINE.items()]
    for name, versions in report.source.versions.items():
        lines += _pinned(name, versions)
    lines += ["", "# what the report was written with"]
    for name, version in writer_versions().items():
        if name not in report.source.versions:
            lines += _pinned(name, (version,))
        elif report.source.versions[name] != (version,):
            lines.append(f"# {name} {version}")
    return "".join(f"{line}\n" for line in lines)


def _machine(report: Report, name: str) -> str:
    known = report.source.machines.get(name)
    return "; ".join(known) if known else "not recorded"


def _pinned(name: str, versions: tuple[str, ...]) -> Iterator[str]:
    """Yields the line that installs a version; of several, each is a comment."""
    if len(versions) == 1 and name in _PACKAGES and _VERSION.fullmatch(versions[0]):
        yield f"{name}=={versions[0]}"
    else:
        yield from (f"# {name} {version}" for version in versions)
