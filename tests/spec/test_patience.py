"""How long work may take: by the sizes of the network, and never too short."""

import pytest

from initlab.spec.patience import LEAST_LIMIT_SECONDS, limit_seconds
from initlab.spec.schema import RunSpec


def limit(**fields):
    return limit_seconds(RunSpec.model_validate(fields))


def test_a_small_network_has_the_least_limit_nearly():
    assert limit() == pytest.approx(LEAST_LIMIT_SECONDS, rel=0.05)


def test_a_chunk_has_the_same_limit_in_a_run_of_ten_times_its_steps():
    # Evaluations at a few steps weigh ever less.
    fields = {"width": 2048, "depth": 20}
    short, long = (limit(**fields, steps=steps) - LEAST_LIMIT_SECONDS for steps in (1000, 10_000))
    assert long == pytest.approx(short, rel=0.2)


def test_twice_the_width_takes_eight_times_as_long_to_factor():
    wide, wider = (limit(width=width, steps=0) - LEAST_LIMIT_SECONDS for width in (4096, 8192))
    assert wider == pytest.approx(8 * wide, rel=0.1)
