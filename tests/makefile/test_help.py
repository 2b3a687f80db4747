"""What `make` alone and `make -n` print."""

import re
import shlex
import shutil

from .recorder import calls, make

DEFAULTS = {
    "EXPERIMENT": "signal_propagation",
    "SEEDS": "as the sweep declares",
    "SET": "no field",
    "RESULTS": "results",
    "REPORTS": "reports; with SEEDS or SET reports/overridden",
    "PYTHON": "the newest here, from 3.12 on",
}


def test_help_is_the_default_and_lists_every_target_and_variable(copy):
    shown = make(copy).stdout
    text = (copy / "Makefile").read_text().replace("\\\n", " ")
    phony = re.search(r"^\.PHONY:(.*)$", text, re.MULTILINE)
    assert phony is not None
    assert set(re.findall(r"^  ([a-z-]+) {2,}\S", shown, re.MULTILINE)) == set(phony[1].split())
    assert set(re.findall(r"^([A-Z_]+) \?=", text, re.MULTILINE)) == set(DEFAULTS)
    shown_defaults = re.findall(r"^  ([A-Z]+) +.*\(default: (.*)\)$", shown, re.MULTILINE)
    assert dict(shown_defaults) == DEFAULTS


def test_help_shows_the_default_and_not_the_value_given(copy):
    assert make(copy, "help", "EXPERIMENT=depth").stdout == make(copy).stdout


def test_dry_run_prints_the_commands_and_runs_nothing(copy):
    done = make(copy, "-n", "sweep", "EXPERIMENT=depth", "SEEDS=3", "SET=steps=5 width=8")
    printed = " ".join(shlex.split(done.stdout))
    run = ".venv/bin/initlab run depth --results results/depth --seeds 3"
    assert f"{run} --set steps=5 width=8 ||" in printed
    report = ".venv/bin/initlab report depth --results results/depth"
    assert f"{report} --out reports/overridden/depth --seeds 3 --set steps=5 width=8" in printed
    assert calls(copy) == []


def test_every_target_can_be_dry_run_at_once(copy):
    shutil.rmtree(copy / ".venv")
    text = make(copy).stdout.partition("Variables")[0]
    targets = re.findall(r"^  ([a-z-]+) {2,}", text, re.MULTILINE)
    done = make(copy, "-n", "-j", "4", *targets)
    assert done.returncode == 0, done.stderr
    assert not (copy / ".venv").exists()
