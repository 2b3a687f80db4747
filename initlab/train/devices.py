"""The devices of this host: one a core, the compile cache, and the mesh that runs are spread on."""

import hashlib
import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

import jax
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec

RUNS = "runs"


def configure(*, cache: bool = True, devices: int | None = None) -> None:
    """Sets JAX up for this process: one host device a core, and the persistent compile cache.

    Has to be called before the first JAX computation.

    Args:
        cache: whether compiled programs are kept from one process to the next.
        devices: number of host devices; the cores that this process may use by default.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    jax.config.update("jax_num_cpu_devices", devices or cores or 1)
    if cache and (folder := cache_folder()) is not None:
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


def cache_folder() -> Path | None:
    """Returns a folder of this user's, this machine's and this jaxlib's own, or None.

    Compiled programs are trusted input: the folder is readable by its owner alone, and never
    lies in a results folder.
    """
    processor = hashlib.sha256(f"{platform.node()} {_processor()}".encode()).hexdigest()[:12]
    for parent in _parents():
        folder = parent / "initlab" / f"xla-{version('jaxlib')}-{processor}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        except OSError:
            continue
        if folder.stat().st_uid == os.getuid() and os.access(folder, os.W_OK):
            return folder
    return None


def _parents() -> list[Path]:
    """Returns the places for caches, best first."""
    places = [Path(place) for place in (os.environ.get("XDG_CACHE_HOME"),) if place]
    home = os.environ.get("HOME")
    if home:
        places.append(Path(home) / ".cache")
    return [*places, Path(tempfile.gettempdir()) / f"cache-{os.getuid()}"]


def _processor() -> str:
    """Returns the processor's model, which decides what machine code is made."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return "".join(line for line in lines if line.startswith(("model name", "flags")))[:4096]


def run_mesh() -> Mesh:
    """Returns the mesh of all devices along the one axis `runs`."""
    return jax.make_mesh((jax.device_count(),), (RUNS,), axis_types=(AxisType.Auto,))


def by_run(mesh: Mesh) -> NamedSharding:
    """Returns the placement of an array whose leading axis is runs."""
    return NamedSharding(mesh, PartitionSpec(RUNS))


def everywhere(mesh: Mesh) -> NamedSharding:
    """Returns the placement of an array that every device holds whole."""
    return NamedSharding(mesh, PartitionSpec())
