"""A run of another type than float32 trains and is measured, as its specification allows."""

import numpy as np
import pytest

from tests.train.conftest import of_run, variant


def test_bfloat16_follows_float32_to_its_own_rounding(train):
    wide, narrow = (variant(dtype=dtype) for dtype in ("float32", "bfloat16"))
    result = train(narrow)
    assert [outcome.status for outcome in result.outcomes] == ["completed"]
    mine, other = of_run(result.layers, narrow), of_run(train(wide).layers, wide)
    first = mine["step"] == 0
    # Both draw the same numbers. Entries are rounded by 2^-9 of themselves at most, and so is the
    # deviation, in five operations; its square is off by twice the sum.
    assert mine["kernel_variance"][first] == pytest.approx(
        other["kernel_variance"][first], rel=2 * 6 * 2**-9
    )
    assert np.isfinite(mine["preactivation_second_moment"]).all()
    assert np.isfinite(of_run(result.steps, narrow)["train_loss"]).all()


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_every_optimizer_trains_in_bfloat16(train, optimizer):
    run = variant(
        dtype="bfloat16",
        optimizer=optimizer,
        learning_rate=0.01,
        measure={"steps": "every", "statistics": "moments", "spectral_steps": 0},
    )
    losses = of_run(train(run).steps, run)["train_loss"]
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]
