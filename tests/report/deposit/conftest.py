import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from initlab.report.census import take_census
from initlab.report.check import check_findings
from initlab.report.citing import read_references
from initlab.report.deposit.report import Report
from initlab.report.methods import methods
from initlab.report.provenance import describe_source
from initlab.store.timings import Timings

from ..sample import RECORDED, SPEC, load_sample, make_results

ID = "0123456789abcdef"
TIMINGS = Timings(
    groups=2,
    compile_seconds=30.0,
    run_seconds=90.0,
    peak_memory_bytes=1.5e9,
    started="2026-11-27T23:50:00+00:00",
    ended="2026-11-28T00:10:00+00:00",
    failed_attempts=3,
    failed_seconds=60.0,
    untimed_attempts=1,
)


@pytest.fixture
def results(tmp_path):
    return load_sample(make_results(tmp_path / "results" / "demo", **RECORDED))


@pytest.fixture
def describe(results, findings):
    """Makes the description of a report, of the usual findings if none are given."""

    def describe(findings=findings, *, name="demo", question="Does it hold?", timings=TIMINGS):
        census = take_census(results, [*results.committed, "run-9-0"])
        source = describe_source(
            name, question, results, census, spec_text=SPEC, command=f"initlab run {name}"
        )
        references = tuple(one for one in read_references() if one.key == "he2015delving")
        return Report(
            source=source,
            findings=check_findings(findings),
            identity=ID,
            said=methods(source, results.runs),
            references=references,
            runs=results.runs,
            timings=timings,
        )

    return describe


@pytest.fixture
def validator():
    """Runs a validator of the group `records` of pyproject.toml, or skips where it is absent."""

    def run(program, *words):
        places = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        found = shutil.which(program, path=places)
        if found is None:
            pytest.skip(f"{program} is not installed: uv pip install --group records")
        done = subprocess.run(
            [found, *map(str, words)], capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run
