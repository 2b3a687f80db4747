"""At which steps a run is measured."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from initlab.spec import schedule as schedules
from initlab.spec.measure import Every, Measure
from initlab.spec.schedule import make_schedule
from initlab.spec.schema import RunSpec

declared = st.one_of(
    st.sampled_from(["log", "every"]),
    st.integers(1, 300).map(lambda every: Every(every=every)),
    st.lists(st.integers(0, 50), max_size=9).map(tuple),
)


@settings(deadline=None)
@given(steps=st.integers(50, 2_000), declared=declared, number=st.integers(0, 40))
def test_schedules_ascend_from_zero_to_the_last_step(steps, declared, number):
    schedule = make_schedule(Measure(steps=declared, spectral_steps=number), steps)
    measured = schedule.measured
    assert (measured[0], measured[-1]) == (0, steps)
    assert all(before < after for before, after in itertools.pairwise(measured))
    assert schedule.spectral <= set(measured)
    assert len(schedule.spectral) == min(number, len(measured))
    if number >= 2:
        assert {0, steps} <= schedule.spectral


@pytest.mark.parametrize(
    ("declared", "steps", "measured"),
    [
        ("log", 0, (0,)),
        ("log", 1, (0, 1)),
        ("log", 20, (0, 1, 2, 3, 4, 6, 8, 11, 16, 20)),
        ("every", 3, (0, 1, 2, 3)),
        (Every(every=16), 40, (0, 16, 32, 40)),
        (Every(every=16), 32, (0, 16, 32)),
        ((), 9, (0, 9)),
        ((5, 3, 5), 9, (0, 3, 5, 9)),
    ],
)
def test_measured_steps_are_those_declared_and_the_ends(declared, steps, measured):
    assert make_schedule(Measure(steps=declared), steps).measured == measured


@pytest.mark.parametrize("steps", [1_000, 100_000, 10_000_000])
def test_a_logarithmic_schedule_has_two_steps_an_octave(steps):
    measured = make_schedule(Measure(), steps).measured
    late = [step for step in measured if 16 <= step < steps // 2]
    ratios = [after / before for before, after in itertools.pairwise(late)]
    assert 2**0.5 - 0.06 < min(ratios)
    assert max(ratios) < 2**0.5 + 0.06


def test_spectral_steps_are_spread_over_the_logarithm():
    spectral = sorted(make_schedule(Measure(spectral_steps=8), 100).spectral)
    assert spectral == [0, 1, 3, 6, 11, 23, 45, 100]
    assert make_schedule(Measure(spectral_steps=1), 100).spectral == {100}


def test_what_log_stands_for_is_part_of_a_runs_identity(monkeypatch):
    now = RunSpec(steps=50).run_id
    make_schedule.cache_clear()
    monkeypatch.setattr(schedules, "PER_OCTAVE", 3)
    then = RunSpec(steps=50).run_id
    make_schedule.cache_clear()
    assert now != then
