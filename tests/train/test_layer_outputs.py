"""What is computed again from a checkpoint is what the compiled network measured."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import log_softmax

from initlab.analysis.first_entropy import first_entropies, prediction_entropy
from initlab.analysis.layer_outputs import can_be_passed, layer_outputs, logits_of
from initlab.analysis.seen_images import seen_images
from tests.train.conftest import of_run, variant

KEEP = {"steps": "every", "keep": ["checkpoint"]}
NET = {"model": "convnet", "activation": "relu", "measure": KEEP, "validation_fraction": 0.25}


@pytest.mark.parametrize("first_window", ["own", 5])
@pytest.mark.parametrize("kernel_size", [2, 3])
def test_logits_are_those_that_the_test_part_was_judged_by(train, first_window, kernel_size):
    run = variant(**NET, first_window=first_window, kernel_size=kernel_size)
    result = train(run)
    seen = seen_images(pd.Series(run.row()))
    for part, images in (("test", seen.test), ("validation", seen.validation)):
        logits = logits_of(result.checkpoints[run.run_id], images.images)
        right = log_softmax(logits, axis=1)[np.arange(len(logits)), images.labels]
        # The recorded loss is of the last step, whose weights are those that were kept.
        last = of_run(result.steps, run)[f"{part}_loss"][-1]
        assert -right.mean() == pytest.approx(last, rel=1e-4)


def test_layers_come_in_turn_and_are_rectified(train):
    run = variant(**NET)
    inputs = seen_images(pd.Series(run.row()), every=50).test.images
    names, outputs = zip(*layer_outputs(train(run).checkpoints[run.run_id], inputs), strict=True)
    assert names == ("conv_1", "conv_2", "conv_3", "readout")
    assert [part.shape for part in outputs] == [(8, 8, 8, 8)] * 3 + [(8, 10)]
    assert all((part >= 0).all() for part in outputs[:3])
    assert (outputs[-1] < 0).any()


def test_of_images_one_in_so_many_is_taken_from_each_part():
    whole, some = (seen_images(pd.Series(variant(**NET).row()), every=n) for n in (1, 7))
    assert len(whole.validation.labels) == round(0.25 * 1437)
    assert len(whole.train.labels) == 1437 - round(0.25 * 1437)
    for all_, few in zip(whole, some, strict=True):
        np.testing.assert_array_equal(all_.images[::7], few.images)
        np.testing.assert_array_equal(all_.labels[::7], few.labels)


def test_a_drawn_network_has_the_entropy_of_its_logits(train):
    run = variant(**NET, steps=0)
    trained = variant(**NET)
    result = train(run)
    table = pd.DataFrame([{"run_id": one.run_id} | one.row() for one in (run, trained)])
    found = first_entropies(table, result.checkpoints.get)
    logits = logits_of(
        result.checkpoints[run.run_id], seen_images(table.iloc[0], every=4).test.images
    )
    assert found.to_dict() == {run.run_id: prediction_entropy(logits)}


def test_entropy_ends_at_the_logarithm_of_the_classes_and_at_zero():
    assert prediction_entropy(np.full((3, 10), 7.0)) == pytest.approx(np.log(10))
    assert prediction_entropy(np.eye(4) * 500) == pytest.approx(0.0, abs=1e-9)
    two = np.array([[50.0, 50.0, 0.0, 0.0]])
    assert prediction_entropy(two) == pytest.approx(np.log(2))


@pytest.mark.parametrize(
    "fields", [{"model": "textbook"}, {"activation": "tanh"}, {"padding": "valid"}]
)
def test_networks_of_other_layers_are_left_out(fields):
    runs = pd.DataFrame([variant(**NET | {"depth": 4} | fields).row()])
    assert can_be_passed(runs).empty
    assert len(can_be_passed(pd.DataFrame([variant(**NET).row()]))) == 1
