import numpy as np
import pytest

from initlab.analysis.findings import Findings, Listing
from initlab.analysis.intervals import wilson_interval
from initlab.report.diverged import with_diverged
from initlab.report.recompute import recompute
from initlab.report.write import write_report

from .sample import SPEC, load_sample, make_results, publish


@pytest.fixture
def diverging(tmp_path):
    """One trial of six seeds, two of which diverged, and one of two that did not."""
    path = make_results(tmp_path / "diverging", depths=(4,))
    publish(
        path, depth=3, seeds=6,
        diverged_at_step=lambda seed: 1 if seed < 2 else None,
        status=lambda seed: "diverged" if seed < 2 else "completed",
    )  # fmt: skip
    return load_sample(path)


def test_a_trial_s_divergence_is_told_as_a_rate_with_wilson_s_interval(diverging, findings):
    (*kept, found) = with_diverged(findings, diverging.runs).listings
    assert kept == list(findings.listings)
    assert found.name == "diverged"
    assert "2 runs of 8, in 1 trial of 2." in found.caption
    (row,) = found.table.to_dict("records")
    rate, low, high, *_ = wilson_interval(2, 6)
    assert (row["initializer"], row["depth"]) == ("He normal", 3)
    assert (row["diverged"], row["runs"], row["first step"]) == (2, 6, 1)
    assert (row["rate"], row["low"], row["high"]) == pytest.approx(
        tuple(np.round([rate, low, high], 3))
    )


def test_where_nothing_diverged_or_the_analysis_has_the_table_nothing_is_added(
    results, diverging, findings, listing
):
    assert with_diverged(findings, results.runs) is findings
    own = Findings((), (), (), (Listing("diverged", "Ours.", listing.table),))
    assert with_diverged(own, diverging.runs) is own


def test_the_table_is_computed_again(diverging, tmp_path):
    folder = tmp_path / "experiment"
    folder.mkdir()
    (folder / "analysis.py").write_text(
        "from initlab.analysis.findings import Findings\n\n\n"
        'def analyse(results):\n    return Findings(("It holds.",), (), ())\n'
    )
    found = Findings(("It holds.",), (), ())
    bundle = write_report(
        "demo", "Does it?", diverging, found, tmp_path / "bundle",
        spec_text=SPEC, command="initlab run demo", experiment=folder,
    )  # fmt: skip
    again = recompute(bundle, diverging)
    assert (again.what, again.faults) == ("0 claims, 0 figures, 1 table", ())
    path = bundle / "tables" / "diverged.csv"
    path.write_text(path.read_text().replace("0.333", "0.111"))
    assert [fault.partition(":")[0] for fault in recompute(bundle, diverging).faults] == [
        "tables/diverged.csv"
    ]
