import hashlib

from initlab.store import machine
from initlab.store.machine import describe_machine


def test_processor_flags_and_lock_are_told(tmp_path, monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=false")
    monkeypatch.setenv("JAX_COMPILATION_CACHE_DIR", "/home/somebody")
    (tmp_path / "run.txt").write_text("jax==1\n")
    (tmp_path / "cpuinfo").write_text("processor : 0\nmodel name\t: A quick one\nflags : sse\n")
    monkeypatch.setattr(machine, "_LOCK", tmp_path / "run.txt")
    monkeypatch.setattr(machine, "_PROCESSORS", tmp_path / "cpuinfo")
    found = describe_machine()
    assert found["cpu"] == "A quick one"
    assert "XLA_FLAGS=--xla_cpu_enable_fast_math=false" in found["flags"].split(" ")
    assert "somebody" not in found["flags"]
    assert found["lock"] == hashlib.sha256(b"jax==1\n").hexdigest()


def test_what_is_not_known_is_empty(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "_LOCK", tmp_path / "absent")
    monkeypatch.setattr(machine, "_PROCESSORS", tmp_path / "absent")
    monkeypatch.setattr(machine.platform, "processor", lambda: "")
    found = describe_machine()
    assert (found["cpu"], found["lock"]) == ("", "")
