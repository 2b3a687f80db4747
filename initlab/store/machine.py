"""What results were made on besides versions and device: the processor, flags, and the lock."""

import hashlib
import os
import platform
from pathlib import Path

import initlab

# The lock lies beside the package in a clone, and nowhere else.
_LOCK = Path(initlab.__file__).parent.parent / "requirements" / "run.txt"
_PROCESSORS = Path("/proc/cpuinfo")
# What alters numbers or time; paths of somebody's machine are no part of a record.
_FLAGS = (
    "JAX_DEFAULT_MATMUL_PRECISION", "JAX_DISABLE_MOST_OPTIMIZATIONS", "JAX_ENABLE_X64",
    "JAX_NUM_CPU_DEVICES", "JAX_PLATFORMS", "OMP_NUM_THREADS", "OPENBLAS_CORETYPE",
    "OPENBLAS_NUM_THREADS", "XLA_FLAGS",
)  # fmt: skip
_LONGEST = 200


def describe_machine() -> dict[str, str]:
    """Returns `cpu`, its model; `flags`, the variables that programs heed; `lock`, its SHA-256.

    Each is empty where it is not known or not set.
    """
    flags = (f"{name}={os.environ[name]}" for name in _FLAGS if os.environ.get(name))
    lock = hashlib.sha256(_LOCK.read_bytes()).hexdigest() if _LOCK.is_file() else ""
    return {"cpu": _cpu_model()[:_LONGEST], "flags": " ".join(flags), "lock": lock}


def _cpu_model() -> str:
    try:
        lines = _PROCESSORS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())
